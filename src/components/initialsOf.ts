const IDEOGRAPH = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u
const WORD_START = /^[\p{L}\p{N}\p{Extended_Pictographic}]/u
/** Names are short; what is longer is not looked at. */
const LOOKED_AT_CHARS = 128

/** One or two letters for a name: "Ada Okafor" → "AO", "陈美玲" → "陈". Empty when the name has no letter. */
export function initialsOf(name: string): string {
  const words = name.slice(0, LOOKED_AT_CHARS).split(/[\s._@-]+/u).filter((word) => WORD_START.test(word))
  const first = firstCharacter(words[0])
  const last = firstCharacter(words.at(-1))
  if (words.length < 2 || IDEOGRAPH.test(first) || /\p{Extended_Pictographic}/u.test(first)) return first.toLocaleUpperCase()
  return (first + last).toLocaleUpperCase()
}

/** A whole character without its piled-up marks. */
function firstCharacter(word: string | undefined): string {
  return word?.codePointAt(0) === undefined ? '' : String.fromCodePoint(word.codePointAt(0) as number)
}

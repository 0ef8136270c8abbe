'use client'
import { useMemo, useState } from 'react'
import { clampText } from '../model/clampText.js'
import { useLocale } from '../react/localeContext.js'
import type { MessageBodyProps } from '../react/parts.js'
import { flag } from './classNames.js'
import type { RowParts } from './rowPartsContext.js'

/** One to three emoji and nothing else are shown large. */
const ONLY_EMOJI = /^(?:\p{RI}\p{RI}|\p{Emoji_Presentation}\p{EMod}?\uFE0F?(?:\u200D\p{Emoji}\uFE0F?\p{EMod}?)*|\p{Extended_Pictographic}\uFE0F(?:\u200D\p{Emoji}\uFE0F?)*){1,3}$/u
const MAX_EMOJI_CHARS = 40
/** What any link, mention, code or mark has in it. Most texts have none of it: nothing looks through them, and nothing is fetched for them. */
export const MARKED = /[`*_~@＠]|:\/\/|www\.|mailto:|tel:/i

interface TextWordsProps extends MessageBodyProps<'text'> {
  /** Draws what is marked; in a window it comes beside the engine. */
  readonly RichText: RowParts['RichText']
}

/** The words of a message and what belongs to them. */
export function TextWords({ body, meta, onLinkClick, RichText }: TextWordsProps) {
  const [whole, setWhole] = useState(false)
  const { messages } = useLocale()
  const beginning = useMemo(() => clampText(body.text), [body.text])
  const shown = whole ? body.text : beginning
  const shortened = beginning !== body.text
  return (
    <>
      <div className="rb-text" dir="auto" data-emoji={flag(body.text.length <= MAX_EMOJI_CHARS && ONLY_EMOJI.test(body.text))}>
        {MARKED.test(shown) ? <RichText text={shown} mentions={body.mentions} onLinkClick={onLinkClick} /> : shown}
        {shortened && !whole && '…'}
        {meta}
      </div>
      {shortened && (
        <button type="button" className="rb-text-button" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? messages.showLess : messages.showMore}
        </button>
      )}
    </>
  )
}

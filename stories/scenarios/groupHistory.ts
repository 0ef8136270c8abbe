/** A long group conversation, the same at every visit: put together from parts by a small generator with a fixed seed. */

const FIRST = ['Ada', 'Bo', 'Mei', 'Layla', 'Tomás', 'Ines', 'Kofi', 'Yuki', 'Priya', 'Lars', 'Noor', 'Sam', 'Olena', 'Hugo', 'Amara', 'Jun', 'Freya', 'Diego', 'Zara', 'Emil']
const LAST = ['Lindqvist', 'Haddad', 'Okafor', 'Sato', 'Moreau', 'Silva', 'Novak', 'Kaur', 'Berg', 'Chen', 'Adeyemi', 'Rossi', 'Kim', 'Petrov', 'Murphy', 'Osei', 'Fischer', 'Costa', 'Ali', 'Holm']
const OPENERS = ['Quick question:', 'For everybody:', 'Update from the pier:', 'Just so you know,', 'Found out that', 'Good news,', 'Careful,', 'Reminder:', 'I can confirm that', 'Does anybody know whether']
const SUBJECTS = ['the second stage', 'the ferry at nine', 'our tent by the lighthouse', 'the sound check', 'the lantern parade', 'the food market', 'the first-aid team', 'the volunteer shift', 'the children’s corner', 'the closing fireworks']
const VERBS = ['is moved to the north side', 'needs two more people', 'starts half an hour later', 'is ready to go', 'is still waiting for power', 'got a new key', 'is on schedule', 'has room for ten more', 'was a great success last night', 'depends on the wind']
const CLOSERS = ['', '', '', ' Thanks!', ' 🙌', ' Who can help?', ' See you there.', ' More soon.', ' 大家辛苦了！', ' شكراً للجميع']
const SHORT = ['On my way', 'Done ✅', 'Same here', 'Noted', 'Ha, lovely', 'Which gate?', '👍', 'Give me five minutes', '收到', 'Can do', 'Not yet, sorry', 'Perfect, thank you']
/** Every so often one of the messages is mine, so that there are badges to watch. */
const MINE_EVERY = 9
/** When the history ends, epoch milliseconds: a fixed evening. */
const END = Date.UTC(2026, 5, 20, 18, 30)
const MEAN_GAP_MS = 40_000

export function memberName(userId: string): string {
  if (userId === 'ada') return 'Ada Okafor'
  const number = Number(userId.slice(1))
  return `${FIRST[number % FIRST.length]} ${LAST[Math.floor(number / FIRST.length) % LAST.length]}`
}

export function groupHistory(members: readonly string[], me: string, count: number): { from: string; body: string; time: number }[] {
  const random = seeded(20_260_620)
  const pick = <T,>(list: readonly T[]) => list[Math.floor(random() * list.length)]!
  let speaker = members[0]!
  return Array.from({ length: count }, (_, i) => {
    // People write in runs.
    if (random() < 0.6) speaker = pick(members)
    const mine = i % MINE_EVERY === MINE_EVERY - 2
    const text = random() < 0.35 ? pick(SHORT) : `${pick(OPENERS)} ${pick(SUBJECTS)} ${pick(VERBS)}.${pick(CLOSERS)}`
    return { from: mine ? me : speaker, body: text, time: END - (count - i) * MEAN_GAP_MS }
  })
}

/** mulberry32: small, and good enough for choosing sentences. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296
  }
}

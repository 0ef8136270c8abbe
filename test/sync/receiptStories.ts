/** Generated stories of receipts, each in a conversation of its own: who wrote its messages, who says what of them, and what has to be known of it in the end, in whatever order it came. */
import fc from 'fast-check'
import type { Point, Progress } from 'readback/core'
import { expect, vi } from 'vitest'
import { dealtWith, stateOf, type Scene } from './badScene.js'
import { at, members, PEOPLE, row, start } from './receiptScene.js'

const KINDS = ['delivered', 'read', 'viewed'] as const
type Kind = (typeof KINDS)[number]

export interface Said {
  readonly by: string
  readonly kind: Kind
  readonly shape: 'upTo' | 'ranges' | 'ids'
  /** Orders; a prefix has its end alone. */
  readonly from: number
  readonly to: number
  readonly visibility: 'published' | 'ownDevices'
}

export interface Story {
  /** Of the messages from 1 on. `this device`: mine, sent here. */
  readonly authors: readonly string[]
  readonly texts: readonly string[]
  readonly said: readonly Said[]
  /** Of all messages and then all receipts: which comes when. */
  readonly order: readonly number[]
  /** Behind which of them what came so far is stored first. */
  readonly rests: readonly boolean[]
}

interface Choice {
  readonly authors?: fc.Arbitrary<string>
  readonly by?: readonly string[]
  readonly kinds?: readonly Kind[]
  readonly visibility?: readonly Said['visibility'][]
}

/** @param choice - what is of interest; all that there is where nothing is said */
export function aStory({ authors = fc.constantFrom('me', 'ada', 'bo'), by = PEOPLE.slice(1), kinds = KINDS, visibility = ['published'] }: Choice = {}): fc.Arbitrary<Story> {
  const aReceipt = (most: number): fc.Arbitrary<Said> => {
    const order = fc.integer({ min: 1, max: most })
    return fc.record({ by: fc.constantFrom(...by), kind: fc.constantFrom(...kinds), shape: fc.constantFrom('upTo', 'ranges', 'ids'), ends: fc.tuple(order, order), visibility: fc.constantFrom(...visibility) })
      .map(({ ends, ...rest }) => ({ ...rest, from: Math.min(...ends), to: Math.max(...ends) }))
  }
  return fc.array(authors, { minLength: 1, maxLength: 5 }).chain((written) => fc.array(aReceipt(written.length), { minLength: 1, maxLength: 8 }).chain((said) => {
    const all = Array.from({ length: written.length + said.length }, (_, i) => i)
    const whole = { minLength: all.length, maxLength: all.length }
    return fc.record({ authors: fc.constant(written), said: fc.constant(said), texts: fc.array(fc.string({ minLength: 1 }), { minLength: written.length, maxLength: written.length }), order: fc.shuffledSubarray(all, whole), rests: fc.array(fc.boolean(), whole) })
  }))
}

/** Plays each of them, and sees that nothing else moved. @param then - what else has to hold of each */
export async function expectStories(stories: readonly Story[], then: (scene: Scene, id: string, story: Story) => Promise<void> | void = () => {}): Promise<void> {
  // With thousands of conversations the list of them would be most of the work.
  for (let first = 0; first < stories.length; first += 50) {
    const scene = await start()
    const before = await stateOf(scene)
    const answers = answering(scene)
    for (const [n, story] of stories.slice(first, first + 50).entries()) {
      const id = `other ${n}`
      await play(scene, id, story, answers)
      await expectHeard(scene, id, story)
      await then(scene, id, story)
    }
    const { conversations: _now, ...after } = await stateOf(scene)
    const { conversations: _then, ...others } = before
    expect(after).toEqual(others)
    expect([scene.dropped, scene.errors]).toEqual([[], []])
    await scene.client.dispose()
  }
}

type Answers = ReadonlyMap<string, (order: number) => void>

/** Answers to what this device sends, given when the story says so; by conversation. */
function answering({ wire }: Scene): Answers {
  const answers = new Map<string, (order: number) => void>()
  wire.answer = ({ localId, conversation }) => new Promise((resolve) => answers.set(conversation.id, (order) => resolve({ localId, id: `m${order}`, at: at(order), time: order })))
  return answers
}

async function play(scene: Scene, id: string, { authors, texts, said, order, rests }: Story, answers: Answers): Promise<void> {
  scene.emit({ type: 'conversation', conversation: { id, kind: 'group', members, rosterComplete: true } })
  scene.client.messages(id).subscribe(() => {})
  const sent = authors.indexOf('this device')
  if (sent >= 0) {
    await dealtWith(scene)
    await scene.client.send(id, { body: { kind: 'text', text: texts[sent]! } })
    await vi.waitFor(() => expect(answers.has(id)).toBe(true), { interval: 1 })
  }
  for (const [nth, what] of order.entries()) {
    const one = said[what - authors.length]
    if (one) scene.emit(receiptOf(one, id))
    else if (what === sent) answers.get(id)!(what + 1)
    else scene.emit(row(what + 1, writerOf(authors[what]!), id, texts[what]))
    // Else what comes next would be stored together with it.
    if (rests[nth]) await new Promise((resolve) => setTimeout(resolve))
  }
  await vi.waitFor(async () => expect((await stateOf(scene, id)).rows.filter(({ at: place }) => place !== null)).toHaveLength(authors.length), { interval: 2 })
  await dealtWith(scene)
}

/** One message is sent here; further ones of mine are of another device. */
const writerOf = (author: string): string => (author === 'this device' ? 'me' : author)

function receiptOf({ by, kind, shape, from, to, visibility }: Said, conversationId: string): object {
  const named = Array.from({ length: to - from + 1 }, (_, n) => `m${from + n}`)
  const what = { upTo: { upTo: at(to) }, ranges: { ranges: [{ from: at(from), to: at(to) }] }, ids: { ids: named } }[shape]
  return { type: 'receipt', conversationId, by, kind, visibility, ...what }
}

/** Whether one of them says so of the message at this place. */
export function isSaid(said: readonly Said[], order: number): boolean {
  return said.some(({ shape, from, to }) => order <= to && (shape === 'upTo' || order >= from))
}

/** Who viewed has read, and who read has it. */
export const atLeast = (kind: Kind): readonly Kind[] => KINDS.slice(KINDS.indexOf(kind))

async function expectHeard(scene: Scene, id: string, { authors, said, ...how }: Story): Promise<void> {
  const story = JSON.stringify({ authors, said, ...how })
  const orders = authors.map((_, i) => i + 1)
  const { states, held, rows } = await stateOf(scene, id)
  expect(held, story).toEqual([])
  expect(rows.map(({ ids }) => ids[0]), story).toEqual(orders.map((order) => `m${order}`))
  const published = PEOPLE.slice(1).flatMap((by) => KINDS.flatMap((kind) => orders.filter((order) => isSaid(said.filter((one) => one.by === by && one.kind === kind), order)).map((order) => `${by} ${kind} ${order}`)))
  expect(states.flatMap((state) => KINDS.flatMap((kind) => orders.filter((order) => covers(state[kind], order)).map((order) => `${state.memberId} ${kind} ${order}`))).toSorted(), story).toEqual(published.toSorted())
  await expectCounted(scene, id, authors, said, story)
}

/** The author counts for nothing of their own; a number stands at what is mine. */
async function expectCounted(scene: Scene, id: string, authors: readonly string[], said: readonly Said[], story: string): Promise<void> {
  const readStates = scene.client.readStates(id)
  const stop = readStates.subscribe(() => {})
  await vi.waitFor(() => {
    const { messages } = scene.client.messages(id).getSnapshot()
    expect(messages).toHaveLength(authors.length)
    for (const [i, author] of authors.entries()) {
      const isMine = writerOf(author) === 'me'
      const count = (kind: Kind) => PEOPLE.filter((by) => by !== writerOf(author) && by !== 'me' && isSaid(said.filter((one) => one.by === by && atLeast(kind).includes(one.kind)), i + 1)).length
      const [delivered, read, viewed] = KINDS.map(count)
      const tally = readStates.getTally(messages[i]!)
      expect(tally.tracked, story).toBe(isMine)
      if (isMine) expect(tally, story).toMatchObject({ delivered, read, viewed, of: PEOPLE.length - 1 })
      expect(readStates.getStatus(messages[i]!), story).toBe(isMine ? (read === 3 ? 'read' : delivered === 3 ? 'delivered' : 'sent') : null)
    }
  }, { interval: 2 })
  stop()
}

/** Without the product's own way to tell. */
function covers({ upTo, ranges }: Progress, order: number): boolean {
  const isWithin = (from: Point | null, to: Point) => (from === null || from.order <= order) && order <= to.order
  return (upTo !== null && isWithin(null, upTo)) || ranges.some(({ from, to }) => isWithin(from, to))
}

/** Numbers that are missing, on a wire that counts without a break: what came is shown in order, what did not is never claimed, and whatever comes later is taken. */
import fc from 'fast-check'
import type { Point } from 'readback/core'
import { describe, expect, it, vi } from 'vitest'
import { at, dealtWith, members, some, start, stateOf, text, type Scene } from './badScene.js'

/** Fewer than of others where not asked for: each is a conversation that is looked at. */
const CASES = Number(process.env['READBACK_CASES'] ?? 50)
const MOST = 12
/** Conversations of one client: in each a number of its own is missing. */
const AT_ONCE = 50

/** What comes at first, what comes later, and what never does; some are told twice. */
const aStory = fc.record({
  fates: fc.array(fc.constantFrom('early', 'late', 'never'), { minLength: 2, maxLength: MOST }),
  senders: fc.array(fc.constantFrom('me', 'ada', 'bo'), { minLength: MOST, maxLength: MOST }),
  order: fc.shuffledSubarray(Array.from({ length: MOST }, (_, i) => i + 1), { minLength: MOST, maxLength: MOST }),
  twice: fc.array(fc.integer({ min: 1, max: MOST }), { maxLength: 3 }),
})
type Story = typeof aStory extends fc.Arbitrary<infer T> ? T : never
type Fate = Story['fates'][number]

const ordersOf = ({ fates }: Story, ...wanted: readonly Fate[]): readonly number[] => fates.flatMap((fate, i) => (wanted.includes(fate) ? [i + 1] : []))

function tell(scene: Scene, id: string, story: Story, fate: Fate): void {
  const now = ordersOf(story, fate)
  for (const order of [...story.order, ...story.twice]) if (now.includes(order)) scene.emit({ type: 'message', message: text(order, story.senders[order - 1], id) })
}

async function expectShown({ client, storage }: Scene, id: string, story: Story, here: readonly number[]): Promise<void> {
  const names = here.map((order) => `m${order}`)
  const isShown = () => expect(client.messages(id).getSnapshot().messages.map(({ ids }) => ids[0]), JSON.stringify(story)).toEqual(names)
  expect((await stateOf({ storage }, id)).rows.map(({ ids }) => ids[0]), JSON.stringify(story)).toEqual(names)
  await vi.waitFor(isShown, { interval: 5 })
  expect(client.getState().conversations.find((one) => one.id === id)?.unread?.count ?? 0, JSON.stringify(story)).toBe(here.filter((order) => story.senders[order - 1] !== 'me').length)
}

/** All of what others wrote and is here is told to be read; of what is missing nobody is told anything. */
function expectTold({ wire }: Scene, id: string, story: Story, here: readonly number[]): void {
  const reports = wire.reports.filter(({ visibility, conversation }) => visibility === 'published' && conversation.id === id)
  const isTold = (place: Point, kinds: readonly string[]) => reports.some(({ kind, upTo, ranges }) => kinds.includes(kind) && ((upTo !== null && isUpTo(place, upTo)) || ranges.some(({ from, to }) => isUpTo(from, place) && isUpTo(place, to))))
  const unsaid = here.filter((order) => story.senders[order - 1] !== 'me' && !isTold(at(order), ['read']))
  const claimed = story.fates.map((_, i) => i + 1).filter((order) => !here.includes(order) && isTold(at(order), ['delivered', 'read']))
  expect({ unsaid, claimed }, JSON.stringify(story)).toEqual({ unsaid: [], claimed: [] })
}

const isUpTo = (a: Point, b: Point): boolean => (a.order === b.order ? a.id <= b.id : a.order < b.order)

/** Reads all that is shown, and waits until it is told. */
async function read(scene: Scene, ids: readonly string[]): Promise<void> {
  for (const id of ids) await scene.client.markRead(scene.client.messages(id).getSnapshot().messages)
  await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.outbox.count('receipt'))).toBe(0), { interval: 20 })
}

async function play(stories: readonly Story[]): Promise<void> {
  const scene = await start()
  const before = await stateOf(scene)
  const ids = stories.map((_, n) => `other ${n}`)
  for (const id of ids) {
    scene.emit({ type: 'conversation', conversation: { id, kind: 'group', members, rosterComplete: true } })
    scene.client.messages(id).subscribe(() => {})
  }
  for (const [nth, fate] of (['early', 'late'] as const).entries()) {
    for (const [n, story] of stories.entries()) tell(scene, ids[n]!, story, fate)
    await dealtWith(scene)
    const heard = (story: Story) => ordersOf(story, ...(['early', 'late'] as const).slice(0, nth + 1))
    // What was read of the first is not unread with the second.
    if (nth === 0) for (const [n, story] of stories.entries()) await expectShown(scene, ids[n]!, story, heard(story))
    await read(scene, ids)
    for (const [n, story] of stories.entries()) expectTold(scene, ids[n]!, story, heard(story))
  }
  for (const [n, story] of stories.entries()) expect((await stateOf(scene, ids[n]!)).rows.map(({ ids: [name] }) => name)).toEqual(ordersOf(story, 'early', 'late').map((order) => `m${order}`))
  const { conversations: _now, ...after } = await stateOf(scene)
  const { conversations: _then, ...others } = before
  expect(after).toEqual(others)
  expect([scene.dropped, scene.errors]).toEqual([[], []])
  await scene.client.dispose()
}

describe('39: numbers that are missing', () => {
  it('[A17] [RS18] what came is there and is told, each in its place, and what is missing is told of by nobody', async () => {
    const stories = some(aStory, CASES)
    for (let first = 0; first < stories.length; first += AT_ONCE) await play(stories.slice(first, first + AT_ONCE))
  }, 900_000)
})

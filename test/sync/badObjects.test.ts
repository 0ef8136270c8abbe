/** Objects that no wire should hand over, in every place where one may stand: as deep as a stack, in circles, frozen, or of the host's own that throw. Taken, taken in part, or dropped and counted; never in the way of others. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aCircle, aDepth, aProxyOf, at, bring, dealtWith, frozen, members, readBy, some, start, stateOf, text, type Maker, type Scene } from './badScene.js'

/** Fewer than of others where not asked for: they are large. */
const CASES = Number(process.env['READBACK_CASES'] ?? 30)

/** Another conversation, in which there is one message for each of the bad ones. */
async function prepare(scene: Scene): Promise<void> {
  scene.emit({ type: 'conversation', conversation: { id: 'd', kind: 'group', members, rosterComplete: false } })
  for (let n = 1; n <= CASES; n += 1) scene.emit({ type: 'message', message: text(n, 'ada', 'd') })
  await dealtWith(scene)
}

type Make = (bad: unknown, n: number) => unknown
const inBody: Make = (bad, n) => ({ type: 'message', message: { ...text(CASES + n, 'bo', 'd'), body: { kind: 'custom', type: 'x', data: bad } } })
const besideBody: Make = (bad, n) => ({ type: 'message', message: { ...text(CASES + n, 'bo', 'd'), more: bad, replyTo: 'm1' } })
const inEdit: Make = (bad, n) => ({ type: 'edited', conversationId: 'd', id: `m${n}`, body: { kind: 'custom', type: 'x', data: bad }, time: 9_000 })
const inReaction: Make = (bad, n) => ({ type: 'reacted', conversationId: 'd', id: `m${n}`, reaction: { emoji: '+', by: 'bo', more: bad }, on: true })
const inMember: Make = (bad, n) => ({ type: 'member', conversationId: 'd', member: { ...members[0]!, userId: `u${n}`, more: bad } })
const inRoster: Make = (bad, n) => ({ type: 'conversation', conversation: { id: 'd', kind: 'group', members: [{ ...members[0]!, userId: `u${n}`, more: bad }], more: bad } })

function* eventsOf(makers: readonly Maker[]): Iterable<unknown> {
  for (const make of makers) yield make()
}

/** How many of them are to be seen in the other conversation. */
async function taken(scene: Scene): Promise<number> {
  const { rows, members: roster } = await stateOf(scene, 'd')
  return rows.filter(({ from, editedAt, reactions = [] }) => from === 'bo' || editedAt !== undefined || reactions.length > 0).length + roster.length - members.length
}

const PLACES: [string, Make][] = [['bodies', inBody], ['unknown fields of messages', besideBody], ['edits', inEdit], ['reactions', inReaction], ['members', inMember], ['rosters', inRoster]]
const throughout = (title: string, bad: fc.Arbitrary<Maker>) => PLACES.map(([where, make]) => [title, where, bad, make] as const)

describe('in whatever a wire tells', () => {
  it.each([...throughout('32: nested up to ten thousand levels deep', aDepth), ...throughout('44: made of themselves', aCircle), ...throughout('45: that throw when they are looked at', aProxyOf({ kind: 'text', text: 'x' }))])(
    '[A17] %s, in %s: each is taken, in part or whole, or counted', async (_title, _where, bad, make) => {
      const scene = await start()
      await prepare(scene)
      const makers = some(bad, CASES)
      await bring(scene, eventsOf(makers.map((maker, i) => () => make(maker(), i + 1))))
      expect((await taken(scene)) + scene.dropped.filter((reason) => reason !== 'event/partlyStored').length).toBeGreaterThanOrEqual(makers.length)
    }, 300_000)

  const placed = (fields: readonly string[], value: fc.Arbitrary<Maker>) => fc.tuple(fc.constantFrom(...fields), value).map(([field, make]) => () => ({ ...readBy('ada', at(1)), [field]: make() }))
  it.each<[string, fc.Arbitrary<Maker>]>([
    ['32: deep', placed(['conversationId', 'by', 'kind', 'visibility', 'upTo', 'ranges', 'ids'], aDepth.map((make) => () => [make()]))],
    ['44: circular', placed(['conversationId', 'by', 'kind', 'visibility', 'upTo', 'ids'], aCircle.map((make) => () => [make()]))],
    ['45: throwing', placed(['conversationId', 'by', 'kind', 'visibility', 'upTo', 'ranges', 'ids'], aProxyOf({ epoch: NaN }))],
  ])('[A17] %s objects where a receipt says something are dropped and counted', async (_title, bad) => {
    const scene = await start()
    const makers = some(bad, CASES)
    await bring(scene, eventsOf(makers))
    expect(scene.dropped).toEqual(makers.map(() => 'receipt/malformed'))
  }, 300_000)

  it('[A17] 32, 44, 45: nothing of a receipt is looked at that is not known, and what it says may be frozen', async () => {
    const scene = await start()
    const more = fc.oneof(aDepth, aCircle, aProxyOf({}))
    const makers = some(more, CASES).map((make, n) => () => {
      const [value, good] = [make(), frozen(readBy('ada', at(1)))]
      return n % 2 === 0 ? Object.freeze({ ...good, more: value, content: value, time: value }) : { ...good, more: value }
    })
    await bring(scene, eventsOf(makers))
    expect(scene.dropped).toEqual([])
  }, 300_000)

  it('[A17] 45: whole events that throw are dropped and counted', async () => {
    const scene = await start()
    const whole = fc.constantFrom<object>({ type: 'message', message: text(7) }, readBy('ada', at(5)), { type: 'edited', conversationId: 'c', id: 'm1', body: { kind: 'text', text: 'x' }, time: 9 }, { type: 'gap', conversationId: 'c', after: at(2), before: at(4) })
    const events = some(whole, CASES).map((event) => new Proxy(event, { get: () => { throw new Error('no') } }))
    await bring(scene, events)
    expect(scene.dropped).toEqual(events.map(() => 'event/malformed'))
  }, 60_000)

  it('[A17] 45: so are more messages than one transaction takes, which do not say where they belong', async () => {
    const scene = await start()
    for (let n = 0; n < 2_500; n += 1) scene.emit({ type: 'message', message: Object.defineProperty({ ...text(7) }, 'conversationId', { enumerable: true, get: () => { throw new Error('no') } }) })
    await bring(scene, [])
    expect(scene.dropped.length).toBeGreaterThanOrEqual(2_500)
  }, 120_000)

  it('[A17] 45: what is frozen is taken like everything else, and stays as it was', async () => {
    const scene = await start()
    await prepare(scene)
    const events = some(fc.jsonValue(), CASES).map((value, i) => frozen(inBody(value, i + 1)))
    await bring(scene, events)
    expect([await taken(scene), scene.dropped]).toEqual([events.length, []])
  }, 60_000)
})

/** Too much at once, and rosters: what is large ends in rows or in a count, and what is said of people who are not known, or not known yet, is neither believed nor lost. */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { at, bring, dealtWith, members, readBy, some, start, startEmpty, stateOf, text, type Scene } from './badScene.js'

const CASES = Number(process.env['READBACK_CASES'] ?? 20)
/** As many as one receipt may name. */
const MOST_NAMED = 10_000
const member = (userId: string, leftAt: number | null = null) => ({ userId, role: 'member' as const, intervals: [{ joinedAt: null, leftAt: leftAt === null ? null : at(leftAt) }] })

describe('33: large batches', () => {
  /** Up to 100 pieces of up to a thousand bytes, or a receipt of up to twenty thousand names: at most 0.8 MB a case, 60 kB on average. */
  const aBatch = fc.record({
    what: fc.constantFrom('messages', 'edits', 'ids', 'ranges', 'members'), many: fc.integer({ min: 1, max: 100 }), bytes: fc.integer({ min: 1, max: 1_000 }),
    named: fc.oneof(fc.integer({ min: MOST_NAMED - 5, max: MOST_NAMED + 5 }), fc.nat(2 * MOST_NAMED)), distinct: fc.integer({ min: 1, max: 20 }), every: fc.integer({ min: 2, max: 9 }),
  })
  type Batch = typeof aBatch extends fc.Arbitrary<infer T> ? T : never

  function eventsOf({ what, many, bytes, named, distinct, every }: Batch, id: string): readonly unknown[] {
    const pieces = Array.from({ length: many }, (_, n) => n)
    const large = 'x'.repeat(bytes)
    const receipt = { type: 'receipt', conversationId: id, by: 'ada', kind: 'read', visibility: 'published' }
    const names = Array.from({ length: named }, (_, n) => n % distinct)
    switch (what) {
      // Each message twice, and some are none.
      case 'messages': return [...pieces, ...pieces].map((n) => ({ type: 'message', message: { ...text(10 + n, 'ada', id), body: { kind: 'text', text: n % every === 0 ? [large] : large } } }))
      case 'edits': return pieces.map((n) => ({ type: 'edited', conversationId: id, id: 'm1', body: { kind: 'text', text: `${n}${large}` }, time: n % every === 0 ? 1e21 : 10_000 + n }))
      case 'ids': return [{ ...receipt, ids: names.map((n) => `never ${n}`) }]
      case 'ranges': return [{ ...receipt, ranges: names.map((n) => ({ from: at(n % 5), to: at(n % 5) })) }]
      default: return [{ type: 'conversation', conversation: { id, kind: 'group', members: pieces.map((n) => member(`${n % 30} ${large}`)) } }]
    }
  }

  const droppedOf = ({ what, many, named, every }: Batch) => ({ messages: 2 * Math.ceil(many / every), edits: Math.ceil(many / every), ids: named > MOST_NAMED ? 1 : 0, ranges: named > MOST_NAMED ? 1 : 0, members: 0 })[what]

  async function expectLeft(scene: Scene, { what, many, bytes, named, distinct, every }: Batch, id: string): Promise<void> {
    const { rows, held, states, members: roster } = await stateOf(scene, id)
    const pieces = Array.from({ length: many }, (_, n) => n)
    const whole = pieces.filter((n) => n % every !== 0)
    const last = whole.at(-1)
    expect(rows).toHaveLength(5 + (what === 'messages' ? whole.length : 0))
    if (what === 'edits' && last !== undefined) expect(rows[0]!.body).toEqual({ kind: 'text', text: `${last}${'x'.repeat(bytes)}` })
    expect(held).toHaveLength(what === 'ids' && named <= MOST_NAMED ? Math.min(named, distinct) : 0)
    const ranges = what === 'ranges' && named > 0 && named <= MOST_NAMED ? Math.min(named, distinct, 5) : 0
    expect(states.flatMap(({ read }) => read.ranges)).toHaveLength(ranges)
    expect(roster).toHaveLength(members.length + (what === 'members' ? Math.min(many, 30) : 0))
  }

  it('[A17] each piece is a row, a place in a roster, or counted once', async () => {
    const scene = await start()
    const batches = some(aBatch, CASES)
    const ids = batches.map((_, n) => `other ${n}`)
    function* events(): Iterable<unknown> {
      for (const id of ids) {
        yield { type: 'conversation', conversation: { id, kind: 'group', members, rosterComplete: true } }
        for (let order = 1; order <= 5; order += 1) yield { type: 'message', message: text(order, 'me', id) }
      }
      for (const [n, batch] of batches.entries()) yield* eventsOf(batch, ids[n]!)
    }
    await bring(scene, events())
    for (const [n, batch] of batches.entries()) await expectLeft(scene, batch, ids[n]!)
    expect(scene.dropped).toHaveLength(batches.reduce((sum, batch) => sum + droppedOf(batch), 0))
  }, 600_000)

  /** Once: what is in a batch is generated above, and this one differs from those in nothing but its size. */
  it('ten megabytes in one batch, and in one receipt, end in rows or in a count, and what comes after is taken', async () => {
    const scene = await start()
    const large = 'x'.repeat(10_000)
    for (let n = 0; n < 1_000; n += 1) scene.emit({ type: 'message', message: { ...text(1 + (n % 200), 'ada', 'd'), body: { kind: 'text', text: large } } })
    const ids = Array.from({ length: 500_000 }, (_, n) => `some-unknown-id-${n}`)
    const receipt = { type: 'receipt', conversationId: 'c', by: 'ada', kind: 'read', visibility: 'published' }
    await bring(scene, [{ ...receipt, ids }, { ...receipt, ranges: ids.map((id, n) => ({ from: { epoch: 0, order: n, id }, to: { epoch: 0, order: n, id } })) }])
    expect(scene.dropped).toEqual(['receipt/malformed', 'receipt/malformed'])
    expect((await stateOf(scene, 'd')).rows).toHaveLength(200)
  }, 90_000)
})

describe('51: large rosters', () => {
  /** Ten thousand in one of eight, else around the five hundred of which receipts are counted. */
  const aRoster = fc.record({
    size: fc.oneof({ weight: 1, arbitrary: fc.constant(10_000) }, { weight: 4, arbitrary: fc.integer({ min: 495, max: 505 }) }, { weight: 3, arbitrary: fc.integer({ min: 2, max: 800 }) }),
    readers: fc.nat(40), twice: fc.nat(30), hostile: fc.boolean(), parts: fc.integer({ min: 1, max: 3 }),
  })
  const HOSTILE = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']

  /** Each in a conversation of its own; in one after the other, so that not all of them are held at once. */
  async function bringRosters(rosters: readonly (typeof aRoster extends fc.Arbitrary<infer T> ? T : never)[]): Promise<void> {
    const scene = await startEmpty()
    const { client, emit } = scene
    for (const [n, { size, readers, twice, hostile, parts }] of rosters.entries()) {
      const id = `other ${n}`
      const names = ['me', ...(hostile ? HOSTILE : []), ...Array.from({ length: size }, (_, i) => `u${i}`)].slice(0, size)
      const stop = client.messages(id).subscribe(() => {})
      for (let part = 0; part < parts; part += 1) emit({ type: 'conversation', conversation: { id, kind: 'group', rosterComplete: part === parts - 1, members: [...names.filter((_, i) => i % parts === part), ...names.slice(0, twice)].map((name) => member(name)) } })
      emit({ type: 'message', message: text(1, 'me', id) })
      const read = names.slice(1, 1 + readers)
      for (const by of read) emit(readBy(by, at(1), id))
      emit(readBy('nobody', at(1), id))
      await dealtWith(scene)
      const { members: roster, states, held } = await stateOf(scene, id)
      expect([roster.length, states.map(({ memberId }) => memberId).toSorted(), held]).toEqual([size, read.toSorted(), []])
      await vi.waitFor(() => {
        const tally = client.readStates(id).getTally(client.messages(id).getSnapshot().messages[0]!)
        expect(tally).toMatchObject(size > 500 ? { tracked: false, reason: 'tooLarge' } : { tracked: true, read: read.length, of: size - 1 })
      }, { timeout: 10_000, interval: 5 })
      stop()
    }
    expect(scene.dropped).toEqual(rosters.map(() => 'receipt/notMember'))
    expect(scene.errors).toEqual([])
    await client.dispose()
  }

  it('[A17] whoever is in one is heard, once, and where it is too large no number is shown', async () => {
    const rosters = some(aRoster, CASES)
    for (let from = 0; from < rosters.length; from += 25) await bringRosters(rosters.slice(from, from + 25))
  }, 900_000)
})

describe('52: rosters that are empty, unknown, or change under receipts', () => {
  const PEOPLE = ['ada', 'bo', 'eve', '__proto__']
  const somebody = fc.constantFrom(...PEOPLE)
  const aStep = fc.oneof(
    fc.record({ step: fc.constant('roster' as const), members: fc.option(fc.subarray(PEOPLE), { nil: undefined }), complete: fc.constantFrom(true, false, undefined) }),
    fc.record({ step: fc.constant('member' as const), who: somebody, leftAt: fc.option(fc.nat(5)) }),
    fc.record({ step: fc.constant('receipts' as const), said: fc.array(fc.record({ by: somebody, order: fc.integer({ min: 1, max: 5 }) }), { minLength: 1, maxLength: 4 }) }),
  )
  type Step = typeof aStep extends fc.Arbitrary<infer T> ? T : never

  function eventsOf(step: Step | undefined, id: string): readonly unknown[] {
    if (!step) return []
    if (step.step === 'receipts') return step.said.map(({ by, order }) => readBy(by, at(order), id))
    if (step.step === 'member') return [{ type: 'member', conversationId: id, member: member(step.who, step.leftAt) }]
    return [{ type: 'conversation', conversation: { id, kind: 'group', members: step.members?.map((name) => member(name)), rosterComplete: step.complete } }]
  }

  /** What has to be known, by hand: who ever was in the roster is heard, a stranger waits while it is not complete, and is none once it is. */
  function expected(steps: readonly Step[]) {
    const [known, read, held] = [new Set<string>(), new Map<string, number>(), new Map<string, number>()]
    let [isComplete, dropped] = [false, 0]
    const hear = (by: string, order: number) => {
      const into = known.has(by) ? read : isComplete ? null : held
      if (into) into.set(by, Math.max(into.get(by) ?? 0, order))
      else dropped += 1
    }
    const tryAgain = () => {
      const waited = [...held]
      held.clear()
      for (const [by, order] of waited) hear(by, order)
    }
    for (const step of steps) {
      if (step.step === 'receipts') step.said.forEach(({ by, order }) => hear(by, order))
      else {
        if (step.step === 'roster') isComplete = step.complete ?? isComplete
        const come = step.step === 'member' ? [step.who] : step.members
        come?.forEach((name) => known.add(name))
        if (come) tryAgain()
      }
    }
    return { known: [...known].toSorted(), read: [...read].toSorted(), held: [...held.keys()].toSorted(), dropped }
  }

  async function found(scene: Scene, id: string) {
    const { members: roster, states, held } = await stateOf(scene, id)
    const heldOf = held.map(({ event }) => (event as { by: string }).by)
    return { known: roster.map(({ userId }) => userId).toSorted(), read: states.map(({ memberId, read }) => [memberId, read.upTo!.order]).toSorted(), held: heldOf.toSorted() }
  }

  it('[A17] [RS35] [RS36] who was ever in one is heard, a stranger waits while it is not whole, and is dropped and counted once it is', async () => {
    const scene = await start()
    const cases = some(fc.array(aStep, { minLength: 1, maxLength: 6 }), CASES)
    const events: unknown[] = []
    for (const [n] of cases.entries()) for (let order = 1; order <= 5; order += 1) events.push({ type: 'message', message: text(order, 'me', `other ${n}`) })
    await bring(scene, events)
    for (let step = 0; step < 6; step += 1) {
      for (const [n, steps] of cases.entries()) for (const event of eventsOf(steps[step], `other ${n}`)) scene.emit(event)
      await dealtWith(scene)
    }
    for (const [n, steps] of cases.entries()) {
      const { dropped: _dropped, ...left } = expected(steps)
      expect(await found(scene, `other ${n}`), JSON.stringify(steps)).toEqual(left)
    }
    expect(scene.dropped).toEqual(cases.flatMap((steps) => Array.from({ length: expected(steps).dropped }, () => 'receipt/notMember')))
    expect(scene.errors).toEqual([])
  }, 600_000)

  it('[A17] nor is there ever a number of more readers than people, also where times of membership lie in each other, end before they begin, or are out of order', async () => {
    const scene = await startEmpty()
    const { client } = scene
    const aPlace = fc.option(fc.record({ epoch: fc.constant(0), order: fc.nat(7), id: fc.constantFrom('', 'm1', 'm3', 'm9') }))
    const aTangle = fc.record({ step: fc.constant('tangle' as const), who: somebody, intervals: fc.array(fc.record({ joinedAt: aPlace, leftAt: aPlace }), { maxLength: 4 }) })
    const given = some(fc.array(fc.oneof(aStep, aTangle), { minLength: 3, maxLength: 8 }), CASES)
    for (const [n, steps] of given.entries()) {
      const id = `other ${n}`
      const stop = client.messages(id).subscribe(() => {})
      for (let order = 1; order <= 5; order += 1) scene.emit({ type: 'message', message: text(order, 'me', id) })
      for (const step of steps) {
        if (step.step === 'tangle') scene.emit({ type: 'member', conversationId: id, member: { userId: step.who, role: 'member', intervals: step.intervals } })
        else for (const event of eventsOf(step, id)) scene.emit(event)
      }
      await dealtWith(scene)
      await vi.waitFor(() => expect(client.messages(id).getSnapshot().messages).toHaveLength(5), { interval: 5 })
      for (const message of client.messages(id).getSnapshot().messages) {
        const tally = client.readStates(id).getTally(message)
        if (tally.tracked) expect([tally.read <= tally.of, tally.delivered <= tally.of, tally.viewed <= tally.read, tally.of <= PEOPLE.length], JSON.stringify(steps)).toEqual([true, true, true, true])
        else expect(['rosterUnknown', 'tooLarge']).toContain(tally.reason)
      }
      stop()
    }
    expect(scene.errors).toEqual([])
  }, 600_000)
})

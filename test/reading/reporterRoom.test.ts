/** How much of what was read is under way at once: a page that is hidden or left carries 64 KiB, and nothing at all beyond. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { createReadReporter, type ReadReporterOptions } from 'readback/core'
import { createFakeClock, createFakeVisibility } from 'readback/testing'
import { describe, expect, it } from 'vitest'
import { createFakePage } from './fakeIntersections.js'

const ROOM = 60 * 1_024

interface UnderWay { readonly ids: readonly string[]; readonly bytes: number; take(): void; refuse(): void }

/** A reporter whose host answers when it is told to. */
function setup(policy: ReadReporterOptions['policy'] = {}) {
  const [clock, visibility] = [createFakeClock(), createFakeVisibility()]
  const handed: string[] = []
  const open = new Set<UnderWay>()
  let most = 0
  const report: ReadReporterOptions['report'] = ({ messages }) => new Promise((resolve, reject) => {
    const ids = messages.map(({ id }) => id)
    const end = (settle: () => void) => () => (open.delete(one), settle())
    const one: UnderWay = { ids, bytes: new TextEncoder().encode(JSON.stringify({ messages })).length, take: end(resolve), refuse: end(() => reject(new Error('unreachable'))) }
    handed.push(...ids)
    open.add(one)
    most = Math.max(most, [...open].reduce((sum, { bytes }) => sum + bytes, 0))
  })
  const reporter = createReadReporter({ clock, visibility, random: { next: () => 0.999 }, IntersectionObserver: createFakePage().Observer, whyUnseen: () => null, report, policy })
  const settle = () => clock.advanceAsync(0)
  const answerAll = async (how: 'take' | 'refuse' = 'take') => {
    for (let turn = 0; open.size > 0 && turn < 1_000; turn += 1) {
      for (const one of open) one[how]()
      await settle()
    }
  }
  return { clock, visibility, reporter, handed, open, answerAll, settle, most: () => most }
}

/** Of thousands a failure need not print each. */
const inShort = (list: readonly string[]) => `${list.length}: ${createHash('sha1').update(JSON.stringify(list)).digest('hex')}`

/** As long as a UUID. */
const ids = (count: number, length = 36) => Array.from({ length: count }, (_, n) => `${n}-`.padEnd(length, 'x'))

describe('what is under way at once', () => {
  it('[RD7] is never more than a hidden page sends, whatever its ids are, and each leaves once, in its order', async () => {
    const anId = fc.oneof({ weight: 5, arbitrary: fc.string({ maxLength: 300, unit: 'grapheme' }) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 12_000 }).map((length) => '"'.repeat(length)) })
    await fc.assert(fc.asyncProperty(fc.uniqueArray(anId, { maxLength: 120, size: 'max' }), fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(10_000)), async (read, maxBatch) => {
      const { visibility, reporter, handed, answerAll, most } = setup({ maxBatch })
      for (const id of read) reporter.markNow(id)
      visibility.setVisible(false)
      expect(inShort(reporter.getQueued())).toBe(inShort(read))
      await answerAll()
      expect([inShort(handed), reporter.getQueued()]).toEqual([inShort(read), []])
      expect(most()).toBeLessThanOrEqual(ROOM)
    }), { numRuns: 40, seed: 71, endOnFailure: true })
  })

  it('[RD7] what waits for room is queued all the while, and leaves as soon as there is some', async () => {
    const { reporter, handed, open, settle } = setup({ maxBatch: 500 })
    const read = ids(3_000)
    for (const id of read) reporter.markNow(id)
    const flushed = reporter.flush()
    expect([...open].map((one) => one.ids.length)).toEqual([500, 500])
    expect(inShort(reporter.getQueued())).toBe(inShort(read))
    ;[...open][0]!.take()
    await settle()
    expect([...open].map((one) => one.ids.length)).toEqual([500, 500])
    expect(reporter.getQueued()).toHaveLength(2_500)
    while (open.size > 0) {
      ;[...open][0]!.take()
      await settle()
    }
    await flushed
    expect([inShort(handed), reporter.getQueued()]).toEqual([inShort(read), []])
  })

  it('[RD7] is one message at least, however long its id', async () => {
    const { reporter, handed, answerAll } = setup()
    const [long] = ids(1, 100_000)
    for (const id of ['a', long!, 'b']) reporter.markNow(id)
    void reporter.flush()
    await answerAll()
    expect([handed, reporter.getQueued()]).toEqual([['a', long, 'b'], []])
  })

  it('[RD9] where it was rejected, one batch of half as many is tried, behind it leaves the rest, and what was rejected at last', async () => {
    const { clock, reporter, handed, open, answerAll } = setup({ maxBatch: 500 })
    const read = ids(3_000)
    for (const id of read) reporter.markNow(id)
    void reporter.flush()
    await answerAll('refuse')
    const others = [...read.slice(1_000), ...read.slice(0, 1_000)]
    expect([handed.length, inShort(reporter.getQueued())]).toEqual([1_000, inShort(others)])
    await clock.advanceAsync(999)
    expect([...open].map((one) => one.ids.length)).toEqual([250])
    await answerAll()
    await clock.advanceAsync(300)
    expect([...open].map((one) => one.ids.length)).toEqual([500, 500])
    await answerAll()
    expect([inShort(handed.slice(1_000)), reporter.getQueued()]).toEqual([inShort(others), []])
  })

  it.each(['take', 'refuse'] as const)('[RD8] all of it is handed over at its end, also after an outage, and no part twice: %s', async (how) => {
    const { clock, reporter, handed, answerAll } = setup()
    const read = ids(3_000)
    for (const id of read) reporter.markNow(id)
    void reporter.flush()
    await answerAll('refuse')
    handed.length = 0
    const left = reporter.getQueued()
    reporter.dispose()
    expect([left.toSorted(), reporter.getQueued()].map(inShort)).toEqual([read.toSorted(), left].map(inShort))
    await answerAll(how)
    await clock.advanceAsync(600_000)
    expect([handed, reporter.getQueued(), clock.pending].map((each) => (typeof each === 'number' ? each : inShort(each)))).toEqual([inShort(left), inShort(how === 'take' ? [] : left), 0])
  })
})

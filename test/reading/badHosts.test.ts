/** Hosts that throw, never answer, or reject with anything: what was read is told again until it is taken, and the page goes on. */
import fc from 'fast-check'
import { createDwellObserver, createReadReporter, DEFAULT_RECEIPT_POLICY } from 'readback/core'
import { createFakeClock, createFakeVisibility } from 'readback/testing'
import { describe, expect, it } from 'vitest'
import { uncaught } from '../tools/uncaught.js'
import { createFakePage, fakeElement } from './fakeIntersections.js'

const numRuns = Number(process.env['READBACK_CASES'] ?? 60)
const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true })
/** `verdicts`: what a promise of the host's own making says, one after the other, though a promise says one thing; `late`: after it was given up. */
type Answer = { readonly how: 'throw' | 'reject' | 'never' | 'nothing' | 'late' | 'verdicts'; readonly what: unknown; readonly verdicts: readonly ('taken' | 'refused' | 'throws')[] }
const anAnswer: fc.Arbitrary<Answer> = fc.record({
  how: fc.constantFrom('throw', 'reject', 'never', 'nothing', 'late', 'verdicts', 'verdicts'), what: anything, verdicts: fc.array(fc.constantFrom('taken', 'refused', 'throws'), { minLength: 1, maxLength: 4 }),
})
/** Whether it is over with this answer: of several verdicts the first counts. */
const isTaken = ({ how, verdicts }: Answer) => how === 'nothing' || (how === 'verdicts' && verdicts[0] === 'taken')

/** No promise, but something that can be awaited. */
function saying({ verdicts, what }: Answer): Promise<void> {
  const then = (take: (value?: unknown) => void, refuse: (reason: unknown) => void) => {
    for (const verdict of verdicts) {
      if (verdict === 'throws') throw what
      if (verdict === 'taken') take()
      else refuse(what)
    }
  }
  return { then } as unknown as Promise<void>
}

describe('a back end of nonsense', () => {
  it('[A17] [RD9] 58: whatever it answers, each message is reported until an answer took it, and not after', async () => {
    await fc.assert(fc.asyncProperty(fc.array(anAnswer, { maxLength: 4 }), async (answers) => {
      const clock = createFakeClock()
      const page = createFakePage()
      const calls: string[][] = []
      const reporter = createReadReporter({
        clock, visibility: createFakeVisibility(), random: { next: () => 0.5 }, IntersectionObserver: page.Observer, whyUnseen: () => null,
        report({ messages }) {
          const answer = answers[calls.length]
          calls.push(messages.map(({ id }) => id))
          if (answer?.how === 'throw') throw answer.what
          if (answer?.how === 'reject') return Promise.reject(answer.what)
          if (answer?.how === 'never') return new Promise(() => {})
          if (answer?.how === 'late') return new Promise((resolve) => clock.setTimer(resolve, 60_000))
          if (answer?.how === 'verdicts') return saying(answer)
          return answer?.how === 'nothing' ? (answer.what as Promise<void>) : Promise.resolve()
        },
      })
      const element = fakeElement()
      reporter.observe(element, 'a')
      page.show(element, 100, 100)
      for (let second = 0; second < 400; second += 1) await clock.advanceAsync(1_000)
      const taken = answers.findIndex(isTaken)
      expect(calls).toEqual(Array.from({ length: (taken < 0 ? answers.length : taken) + 1 }, () => ['a']))
      expect(reporter.getQueued()).toEqual([])
      reporter.dispose()
    }), { numRuns, seed: 58 })
  }, 120_000)
})

describe('a listener that throws', () => {
  it('[RD9] keeps nothing of what was read from being reported, and nobody else from hearing of it', async () => {
    const errors = uncaught()
    const clock = createFakeClock()
    const reported: string[] = []
    const heard: string[] = []
    const reporter = createReadReporter({ clock, visibility: createFakeVisibility(), whyUnseen: () => null, report: async ({ messages }) => void reported.push(...messages.map(({ id }) => id)) })
    reporter.subscribe(() => {
      throw new Error('a listener is broken')
    })
    reporter.subscribe(() => heard.push('told'))
    reporter.markNow('a')
    await clock.advanceAsync(1_000)
    await new Promise((resolve) => setTimeout(resolve))
    expect([reported, heard, errors.map(String)]).toEqual([['a'], ['told'], ['Error: a listener is broken']])
    reporter.dispose()
  })

  it('[RD9] keeps nobody from hearing of a reading that whoever is told of it did not take', async () => {
    const errors = uncaught()
    const heard: string[] = []
    const observer = createDwellObserver({
      clock: createFakeClock(),
      visibility: createFakeVisibility(),
      onRead() {
        throw new Error('the host is broken')
      },
    })
    observer.subscribe(() => heard.push(observer.getView('a').state))
    observer.markNow('a')
    await new Promise((resolve) => setTimeout(resolve))
    expect([heard, errors.map(String)]).toEqual([['read'], ['Error: the host is broken']])
    observer.dispose()
  })
})

describe('a page of nonsense', () => {
  const noDwell = fc.oneof(fc.constantFrom(NaN, -0.5, -1, Infinity, -Infinity, undefined), fc.double({ max: -Number.MIN_VALUE }), fc.string(), fc.bigInt(), anything.filter((value) => typeof value !== 'number'))
  /** In quarters of a millisecond, which sums of time keep as they are. */
  const aDwell = fc.oneof({ weight: 9, arbitrary: fc.nat(20_000).map((quarters) => quarters / 4) }, { weight: 1, arbitrary: fc.constant(600_000) })
  /** How often the observer looks, with room for the next look. */
  const LOOKS_MS = 250

  it.each<[string, fc.Arbitrary<unknown>, (dwellMs: unknown) => number]>([
    ['that is no time the default counts', noDwell, () => DEFAULT_RECEIPT_POLICY.dwellMs],
    ['from none to ten minutes it counts as it is', aDwell, (dwellMs) => dwellMs as number],
  ])('[A17] [RD2] 57: with a dwell %s, and focus is needed unless it is said that it is not', (_title, dwell, counts) => {
    fc.assert(fc.property(dwell, anything.filter((value) => value !== false), (dwellMs, requireFocus) => {
      const clock = createFakeClock()
      const page = createFakePage()
      const read: string[] = []
      const visibility = createFakeVisibility()
      visibility.setFocus(false)
      const observer = createDwellObserver({ clock, visibility, IntersectionObserver: page.Observer, whyUnseen: () => null, policy: { dwellMs: dwellMs as number, requireFocus: requireFocus as boolean }, onRead: (ids) => read.push(...ids) })
      const element = fakeElement()
      observer.observe(element, 'a')
      page.show(element, 100, 100)
      clock.advance(2_000)
      expect(read).toEqual([])
      visibility.setFocus(true)
      clock.advance(Math.max(0, counts(dwellMs) - LOOKS_MS))
      if (counts(dwellMs) > LOOKS_MS) expect(read).toEqual([])
      clock.advance(2 * LOOKS_MS)
      expect(read).toEqual(['a'])
      observer.dispose()
    }), { numRuns, seed: 57 })
  }, 120_000)

  it('[A17] [RD1] 61: sizes that cannot be read nothing, and break nothing', () => {
    const size = fc.oneof(fc.constantFrom(NaN, Infinity, -Infinity, -1, 0, -0, 1e9, 1e21), fc.integer({ min: -10, max: 10 }))
    fc.assert(fc.property(size, size, (height, visible) => {
      const clock = createFakeClock()
      const page = createFakePage()
      const read: string[] = []
      const observer = createDwellObserver({ clock, visibility: createFakeVisibility(), IntersectionObserver: page.Observer, whyUnseen: () => null, onRead: (ids) => read.push(...ids) })
      const element = fakeElement()
      observer.observe(element, 'a')
      page.show(element, height, visible)
      clock.advance(2_000)
      if (!(visible > 0)) expect(read).toEqual([])
      observer.dispose()
    }), { numRuns, seed: 61 })
  })
})

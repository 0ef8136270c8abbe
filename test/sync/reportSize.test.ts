import fc from 'fast-check'
import type { PointRange, Progress, Report } from 'readback/core'
import { describe, expect, it } from 'vitest'
import { containsProgress, joinProgress, toProgress } from '../../src/receipts/progress.js'
import { MOST_SAID, MOST_UNDER_WAY, partOf, sizeOf } from '../../src/sync/reportSize.js'
import { createReportsUnderWay } from '../../src/sync/reportsUnderWay.js'
import { createPrng } from '../simulator/prng.js'

const at = (order: number) => ({ epoch: 0, order, id: `m${order}` })
const span = (from: number, to: number): PointRange => ({ from: at(from), to: at(to) })
const NOTHING: Progress = { upTo: null, ranges: [] }
const someProgress = fc.tuple(fc.option(fc.nat(50)), fc.array(fc.tuple(fc.nat(100), fc.nat(5)), { maxLength: 20 }))
  .map(([upTo, spans]) => toProgress(upTo === null ? null : at(upTo), spans.map(([from, length]) => span(from, from + length))))

describe('a part of what is due', () => {
  it('[RD7] is all of it where there is room', () => {
    const due = toProgress(at(3), [span(5, 6), span(8, 8)])
    expect(partOf(due, NOTHING)).toBe(due)
    expect(partOf(due, toProgress(at(3), [span(8, 8)]))).toBe(due)
  })

  it('[RD7] fits, is due, is of the newest that was not taken, and with those that follow it is all', () => {
    fc.assert(fc.property(someProgress, someProgress, fc.integer({ min: 1, max: 400 }), (due, before, room) => {
      let taken = before
      const told = new Set<string>()
      let last = Infinity
      for (let n = 0; !containsProgress(taken, due); n += 1) {
        expect(n).toBeLessThan(50)
        const part = partOf(due, taken, room)
        if (part === due && due.ranges.length > 1) expect(due.ranges.reduce((sum, range) => sum + sizeOf(range), 0)).toBeLessThanOrEqual(room)
        if (part !== due) {
          if (part.ranges.length > 1) expect(part.ranges.reduce((sum, range) => sum + sizeOf(range), 0)).toBeLessThanOrEqual(room)
          for (const range of part.ranges) {
            expect(due.ranges).toContainEqual(range)
            expect(told.has(JSON.stringify(range))).toBe(false)
            told.add(JSON.stringify(range))
            expect(range.from.order).toBeLessThan(last)
          }
          last = part.ranges[0]?.from.order ?? last
        }
        taken = joinProgress(taken, part)
      }
    }))
  })

  it('[RD7] holds names that take more bytes than letters', () => {
    const ranges = Array.from({ length: 1_000 }, (_, n) => ({ from: { epoch: 0, order: n, id: '消息'.repeat(20) }, to: { epoch: 0, order: n, id: '消息'.repeat(20) } }))
    expect(new TextEncoder().encode(JSON.stringify(partOf({ upTo: null, ranges }, NOTHING).ranges)).length).toBeLessThanOrEqual(MOST_SAID)
  })
})

describe('reports under way', () => {
  const report = (bytes: number): Report => ({ conversation: { id: 'x'.repeat(bytes - sizeOf({ ...EMPTY, conversation: { id: '', kind: 'group' } })), kind: 'group' }, ...EMPTY })
  const EMPTY = { kind: 'read', visibility: 'published', upTo: null, ranges: [], messages: [], ageMs: 0 } as const

  /** A wire that answers when it is told to. */
  function start() {
    const underWay: { readonly size: number; end(): void; fail(): void }[] = []
    const sizes = () => underWay.reduce((sum, { size }) => sum + size, 0)
    let most = 0
    const sendOne = createReportsUnderWay({
      report: (given) => new Promise<void>((resolve, reject) => {
        const one = { size: sizeOf(given), end: () => settle(resolve), fail: () => settle(() => reject(new Error('refused'))) }
        const settle = (how: () => void) => {
          underWay.splice(underWay.indexOf(one), 1)
          how()
        }
        underWay.push(one)
        most = Math.max(most, sizes())
      }),
    })
    const send = (given: Report, until: AbortSignal, renew = async (): Promise<Report | null> => given) => sendOne(given, until, renew)
    return { send, underWay, most: () => most }
  }
  const turn = () => new Promise((resolve) => setTimeout(resolve, 0))
  const { signal } = new AbortController()

  it('[RD7] are never more in sum than a page that is left can send, and all leave', async () => {
    const { send, underWay, most } = start()
    const random = createPrng(1)
    const sent = Array.from({ length: 60 }, () => send(report(300 + random.int(30_000)), signal).catch(() => 'refused'))
    await turn()
    expect(underWay.length).toBeGreaterThan(1)
    while (underWay.length > 0) {
      const one = underWay[random.int(underWay.length - 1)]!
      if (random.chance(0.2)) one.fail()
      else one.end()
      await turn()
    }
    expect((await Promise.all(sent)).length).toBe(60)
    expect(most()).toBeLessThanOrEqual(MOST_UNDER_WAY)
  })

  it('one that is larger leaves alone', async () => {
    const { send, underWay } = start()
    void send(report(MOST_UNDER_WAY + 1), signal)
    void send(report(500), signal)
    await turn()
    expect(underWay).toHaveLength(1)
    underWay[0]!.end()
    await turn()
    expect(underWay.map(({ size }) => size)).toEqual([500])
  })

  it('one that was given up is in nobody’s way, whatever its wire does, and one that waited does not leave any more', async () => {
    const { send, underWay } = start()
    const giveUp = new AbortController()
    void send(report(50_000), giveUp.signal)
    const waited = send(report(50_000), giveUp.signal).catch((cause: Error) => cause.name)
    const next = send(report(40_000), signal)
    await turn()
    expect(underWay).toHaveLength(1)
    giveUp.abort()
    await turn()
    expect(underWay.map(({ size }) => size)).toEqual([50_000, 40_000])
    expect(await waited).toBe('AbortError')
    underWay[1]!.end()
    await next
  })
})

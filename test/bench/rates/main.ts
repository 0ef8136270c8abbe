/** Rates of the core in plain Node, against JavaScript that does the least possible. Prints one line of JSON. Needs `--expose-gc`. */
import { emptyMemberState, type Member, type MemberState, type Point, type ReceiptIndex } from 'readback/core'
import { applyReceipt } from '../../../src/receipts/memberState'
import { createReceiptIndex } from '../../../src/receipts/receiptIndex'
import { tallyOf } from '../../../src/receipts/tally'

const MEMBERS = 10_000
const MESSAGES = 100_000
const VISIBLE_ROWS = 50
const CONDITIONS = { requested: true, supported: true, sizeLimit: MEMBERS + 1, off: false, rosterComplete: true }

interface UpToReceipt {
  readonly by: string
  readonly upTo: Point
}

const random = seeded(7)
const pointAt = (order: number): Point => ({ epoch: 0, order, id: `m${order}` })
const idOf = (number: number) => `u${number}`

function main(joins: number): void {
  const result = { joins: timeJoins(joins), tally: [0, 3, 50].map(timeTally), memory: [0, 3, 50].map(weighMembers) }
  process.stdout.write(`${JSON.stringify(result)}\n`)
}

/** Receipts of 10,000 members in any order: some move their sender on, most are late. */
function timeJoins(count: number): { count: number; bareMs: number; oursMs: number; ratio: number; ratios: readonly number[] } {
  const points = Array.from({ length: MESSAGES }, (_, order) => pointAt(order))
  const receipts = Array.from({ length: count }, (_, i): UpToReceipt => {
    // Reading goes on while receipts come; some are thousands of messages late.
    const at = Math.floor((i / count) * MESSAGES * 0.9 + random() * MESSAGES * 0.1 * random())
    return { by: idOf(Math.floor(random() * MEMBERS)), upTo: points[at]! }
  })
  const samples = Array.from({ length: 7 }, () => {
    const bare = timed(() => {
      const furthest = new Map<string, number>()
      for (const { by, upTo } of receipts) {
        const before = furthest.get(by)
        if (before === undefined || upTo.order > before) furthest.set(by, upTo.order)
      }
      return furthest.size
    })
    const ours = timed(() => {
      const states = new Map<string, MemberState>()
      for (const { by, upTo } of receipts) {
        const before = states.get(by) ?? emptyMemberState(by)
        const next = applyReceipt(before, { kind: 'read', upTo })
        if (next !== before) states.set(by, next)
      }
      return states.size
    })
    return { bare, ours, ratio: ours / bare }
  })
  // The best of each: here the clock runs on while other programs have the processor.
  const bareMs = Math.min(...samples.map(({ bare }) => bare))
  const oursMs = Math.min(...samples.map(({ ours }) => ours))
  return { count, bareMs, oursMs, ratio: oursMs / bareMs, ratios: samples.map(({ ratio }) => ratio) }
}

/** One receipt, then the counts of every row in sight; and the list of who read one message. */
function timeTally(ranges: number): { ranges: number; ms: number; p95Ms: number; loadMs: number; readersMs: number } {
  const states = Array.from({ length: MEMBERS }, (_, i) => stateOf(i, ranges))
  let index!: ReceiptIndex
  const loadMs = timed(() => {
    index = createReceiptIndex()
    index.setRoster(roster())
    index.setStates(states)
    return index.reach({ at: pointAt(MESSAGES - 1), from: 'me' }).read
  })
  const rows = Array.from({ length: VISIBLE_ROWS }, (_, i) => ({ at: pointAt(MESSAGES - VISIBLE_ROWS + i), from: 'me' }))
  const times = Array.from({ length: 200 }, (_, turn) => {
    const member = Math.floor(random() * MEMBERS)
    return timed(() => {
      index.join(idOf(member), { kind: 'read', upTo: pointAt(MESSAGES - VISIBLE_ROWS + (turn % VISIBLE_ROWS)) })
      let sum = 0
      for (const row of rows) {
        const tally = tallyOf(index, row, CONDITIONS)
        if (tally.tracked) sum += tally.read
      }
      return sum
    })
  }).slice(50)
  const readersMs = median(Array.from({ length: 20 }, () => timed(() => index.listReached('read', rows[25]!).length)))
  return { ranges, ms: median(times), p95Ms: quantile(times, 0.95), loadMs, readersMs }
}

/** What 10,000 members weigh while their conversation is open. Their states go in as a database hands them over, and nobody keeps these. The roster is not counted: it is there without receipts too. */
function weighMembers(ranges: number): { ranges: number; bytesPerMember: number } {
  const members = roster()
  const before = heap()
  const index = createReceiptIndex()
  index.setRoster(members)
  for (let i = 0; i < MEMBERS; i++) index.setState(stateOf(i, ranges))
  index.reach({ at: pointAt(MESSAGES - 1), from: 'me' })
  const after = heap()
  // Kept alive until here.
  if (members.length + index.size < 0) throw new Error('never')
  return { ranges, bytesPerMember: (after - before) / MEMBERS }
}

/** As read from a database: every object is its own. */
function stateOf(number: number, ranges: number): MemberState {
  const readTo = MESSAGES - 200 - ranges * 3 - (number % 1000)
  const stretches = Array.from({ length: ranges }, (_, i) => ({ from: pointAt(readTo + 2 + i * 3), to: pointAt(readTo + 3 + i * 3) }))
  return JSON.parse(JSON.stringify({ ...emptyMemberState(idOf(number)), delivered: { upTo: pointAt(MESSAGES - 1), ranges: [] }, read: { upTo: pointAt(readTo), ranges: stretches } })) as MemberState
}

function roster(): Member[] {
  const intervals = [{ joinedAt: null, leftAt: null }]
  return Array.from({ length: MEMBERS }, (_, i) => ({ userId: idOf(i), role: 'member', intervals }))
}

function timed(run: () => number): number {
  const started = performance.now()
  if (run() < 0) throw new Error('never')
  return performance.now() - started
}

function heap(): number {
  for (let i = 0; i < 4; i++) (globalThis as { gc?: () => void }).gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const median = (values: readonly number[]) => quantile(values, 0.5)

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}

/** mulberry32. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296
  }
}

main(Number(process.argv[2] ?? 1_000_000))

/** For wires that acknowledge one message at a time: the next messages that a report has to name, the oldest first, however far back they were read. */
import { comparePoints, isCountable, type Conversation, type Message, type Point, type PointRange, type Progress } from '../model/index.js'
import { placesOf } from '../model/placesOf.js'
import { wireIdOf } from '../model/wireIdOf.js'
import { coversPoint, toProgress } from '../receipts/index.js'
import type { StorageTx } from '../storage/index.js'
import type { ReportedMessage } from '../transport/index.js'
import { createChanges } from './changes.js'
import type { SyncContext } from './context.js'
import { otherPlacesOf } from './holes.js'
import { knownHistory } from './knownHistory.js'
import { FIRST_PLACE } from './places.js'
import { MOST_SAID, sizeOf } from './reportSize.js'
import { rowsFrom } from './rowsFrom.js'
import { mayMiss, unbrokenStretches, type KnownHistory } from './stretches.js'

/** Rows read at once. */
const PAGE_ROWS = 100
/** Rows that may be due in one transaction; what lies beyond leaves with the next report. */
const MOST_DUE = 500

export interface NamedMessages {
  readonly messages: readonly ReportedMessage[]
  /** Of what is due, what is here: what comes later into a stretch that was read has to be named then. */
  covers(): Promise<Progress>
}

interface Part {
  readonly due: Progress
  /** What the wire has taken of what is due. */
  readonly acked: Progress
  /** Whether a message is named, of those that are due. Default: each is. */
  isNamed?(row: Message): boolean
  /** How many are named, at most as many as the wire takes, which is the default. */
  readonly most?: number | undefined
}

type WholePart = Required<Part> & { readonly most: number }

export async function nextMessages(tx: StorageTx, ctx: SyncContext, conversation: Conversation, { due, acked, isNamed = () => true, most = Infinity }: Part): Promise<NamedMessages> {
  const part = { due, acked, isNamed, most: Math.min(most, ctx.transport.capabilities.limits.reportBatch ?? MOST_DUE) }
  const missing = missingStretches(due, acked)
  const { messages, runs } = await lookThrough(tx, ctx, conversation, missing, part)
  const elsewhere = await secondNames(tx, ctx, conversation, part, messages)
  return {
    messages: [...messages, ...elsewhere.messages],
    async covers() {
      // What was said while I was away is owed to nobody.
      const history = { ...(await knownHistory(tx, ctx, conversation, createChanges())), borders: [] }
      const ranges = runs.flatMap((run) => splitBy(run, ({ at }) => coversPoint(due, at!))).flatMap((run) => unbrokenStretches(run, history))
      return toProgress(missing[0]?.from === FIRST_PLACE ? prefixEnd(ranges[0], history) : null, [...ranges, ...elsewhere.places.map((place) => ({ from: place, to: place }))])
    },
  }
}

/** What a restored server lost, and has under another id since, bears that one at a second place, where no row stands. */
async function secondNames(tx: StorageTx, { me }: SyncContext, { id }: Conversation, { due, acked, isNamed, most }: WholePart, named: readonly ReportedMessage[]): Promise<{ readonly messages: readonly ReportedMessage[]; readonly places: readonly Point[] }> {
  const known = await otherPlacesOf(tx, id)
  const news = known.filter(({ at }) => coversPoint(due, at) && !coversPoint(acked, at)).slice(0, most - named.length)
  const rows = news.length > 0 ? await tx.messages.byIds(id, news.map((other) => other.id)) : []
  const found = news.map(({ at }, i) => ({ at, message: rows[i] && isNamed(rows[i]) ? reportedOf(rows[i], me) : null }))
  let bytes = named.reduce((sum, one) => sum + sizeOf(one), 0)
  const full = found.findIndex(({ message }) => message !== null && (bytes += sizeOf(message)) > MOST_SAID)
  const here = full < 0 ? found : found.slice(0, Math.max(full, named.length > 0 ? 0 : 1))
  const messages = here.flatMap(({ message }) => message ?? []).filter((one) => !named.some((other) => other.id === one.id))
  return { messages, places: here.map(({ at }) => at) }
}

interface Looked {
  readonly messages: readonly ReportedMessage[]
  /** Rows that follow one another, in the order of their places. */
  readonly runs: readonly (readonly Message[])[]
}

async function lookThrough(tx: StorageTx, { me }: SyncContext, { id }: Conversation, missing: readonly PointRange[], { due, acked, isNamed, most }: WholePart): Promise<Looked> {
  const messages: ReportedMessage[] = []
  const runs: Message[][] = []
  let left = MOST_DUE
  let bytes = 0
  let seen: Point | null = null
  const isNews = (row: Message) => row.at !== null && (seen === null || comparePoints(row.at, seen) > 0) && coversPoint(due, row.at) && !coversPoint(acked, row.at) && isNamed(row)
  for (const { from, to } of missing) {
    // One page may reach over many stretches.
    while (seen === null || comparePoints(seen, to) < 0) {
      const rows = await rowsFrom(tx, id, seen !== null && comparePoints(seen, from) > 0 ? seen : from, PAGE_ROWS)
      const run: Message[] = []
      runs.push(run)
      for (const row of rows) {
        const isDue = isNews(row)
        const named = isDue ? reportedOf(row, me) : null
        if (named) bytes += sizeOf(named)
        const isFull = named !== null && messages.length > 0 && (messages.length === most || bytes > MOST_SAID)
        if (isDue && (left === 0 || isFull)) return { messages, runs }
        if (isDue) left -= 1
        if (named) messages.push(named)
        run.push(row)
      }
      if (rows.length < PAGE_ROWS) return { messages, runs }
      seen = rows.at(-1)!.at
    }
  }
  return { messages, runs }
}

/** Null: nobody waits for word of this one. */
export function reportedOf(row: Message, me: string): ReportedMessage | null {
  const id = wireIdOf(row)
  if (row.at === null || id === undefined || !isCountable(row, me)) return null
  return { id, at: placesOf(row).find((place) => place.id === id) ?? row.at, localId: row.localId, from: row.from, ...(row.receiptRequested ? { receiptRequested: true } : {}) }
}

/** What is due and the wire has not taken, in order. An end that it has taken belongs to it: what is between two ends may be nothing. */
function missingStretches(due: Progress, acked: Progress): readonly PointRange[] {
  const taken = stretchesOf(acked)
  return stretchesOf(due).flatMap(({ from, to }) => {
    const missing: PointRange[] = []
    let start = from
    let isTaken = false
    for (const cover of taken) {
      if (comparePoints(cover.to, start) < 0 || comparePoints(cover.from, to) > 0) continue
      if (comparePoints(cover.from, start) > 0) missing.push({ from: start, to: cover.from })
      start = cover.to
      isTaken = true
    }
    if (comparePoints(start, to) < 0 || (!isTaken && comparePoints(start, to) === 0)) missing.push({ from: start, to })
    return missing
  })
}

function stretchesOf({ upTo, ranges }: Progress): readonly PointRange[] {
  return upTo === null ? ranges : [{ from: FIRST_PLACE, to: upTo }, ...ranges]
}

/** Where nothing is missing before the first row either, all up to there is here. */
function prefixEnd(first: PointRange | undefined, history: KnownHistory): Point | null {
  return first === undefined || mayMiss(FIRST_PLACE, first.from, history) ? null : first.to
}

function splitBy(rows: readonly Message[], isIn: (row: Message) => boolean): readonly (readonly Message[])[] {
  const runs: Message[][] = [[]]
  for (const row of rows) {
    if (isIn(row)) runs.at(-1)!.push(row)
    else runs.push([])
  }
  return runs
}

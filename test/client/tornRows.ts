/**
 * Every field of every kind of row of a database as a released version left it, each in turn torn or flipped: the client starts all the same, shows what comes,
 * and sends what is written, in the conversation of the bad row as in another one; and what else is told and done there ends, well or with a code.
 */
import { IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type ChatClient } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { createFakeClock, type FakeClock } from 'readback/testing'
import { failedRequest, faultyFactory } from '../storage/faultyFactory.js'
import { GOLDEN, layGolden, type Golden } from '../storage/goldenDatabases.js'
import type { ScriptedTransport } from '../sync/scriptedTransport.js'
import { doAll, tellings } from './tornDeeds.js'
import { epochOf, incoming, WAYS, type Way } from './tornWays.js'

export interface Tear {
  readonly table: string
  readonly row: number
  readonly path: readonly string[]
  /** Undefined: the field is gone. */
  readonly value: unknown
  readonly way: Way
}

const GARBAGE: readonly unknown[] = [undefined, null, 7, -1.5, Number.NaN, Number.MAX_SAFE_INTEGER, 'torn', true, {}, [], [null], [{ from: null, at: {} }]]
const ROWS = GOLDEN.at(-1)!.rows
const DEEPEST = 6
/** Most of a try is waiting for the database. */
const AT_ONCE = 8
/** Longest wait, in real time: what takes minutes of the clock takes seconds. */
const LIMIT_MS = 60_000
/** What comes is told so often at most. */
const TIMES = 12
/** When all that waits in the golden database may go. */
const NOW = Date.UTC(2026, 0, 3)
/** Of the meta row that lies there only until the next start, which fetches everything again. */
const ALONE = 'lost'

/**
 * All of them, in the order of the tables; of rows, and of parts of a row, that are built alike, the first. What is noted in `meta` is read by some wires alone:
 * it is torn over two of them, and other rows over one.
 */
export function allTears(): readonly Tear[] {
  return Object.entries(ROWS).flatMap(([table, rows]) => {
    const shapes = rows.map((content) => `${keyOf(content) ?? ''} ${shapeOf(content)}`)
    return rows.flatMap((content, row) => (shapes.indexOf(shapes[row]!) < row ? [] : pathsOf(content).flatMap((path, n) => GARBAGE.flatMap((value, m) =>
      WAYS.filter((_, i) => (n + m + i) % (table === 'meta' ? 2 : WAYS.length) === 0).map((way): Tear => ({ table, row, path, value, way }))))))
  }).filter((tear) => !isSound(tear))
}

/** One in a row of `meta`. */
export const tearOf = (key: string, path: readonly string[], value: unknown, way = WAYS[0]!): Tear => ({ table: 'meta', row: ROWS['meta']!.findIndex((row) => keyOf(row) === key), path, value, way })

const keyOf = (row: unknown) => (row as { readonly key?: string }).key

/**
 * Missing history that reaches into a later epoch, or beyond all numbers, is a fact, not a tear: what comes lies within it.
 * And whoever puts the last of all numbers into the outbox, as is done here, leaves none: a row that is torn where it lies does not.
 */
function isSound({ table, row, path, value }: Tear): boolean {
  if (table === 'outbox' && path[0] === 'seq' && value === Number.MAX_SAFE_INTEGER) return true
  const isEpoch = path.at(-1) === 'epoch' && (value === 7 || value === Number.MAX_SAFE_INTEGER)
  const isCrossed = path.at(-2) === 'after' && (ROWS[table]![row] as { readonly value: { readonly before: unknown } }).value.before !== null
  return table === 'gaps' && ((isEpoch && !isCrossed) || (path.at(-2) === 'before' && path.at(-1) === 'order' && value === Number.MAX_SAFE_INTEGER))
}

function nameOf({ table, row, path, value, way }: Tear): string {
  const said = value === undefined ? 'gone' : Number.isNaN(value) ? 'NaN' : JSON.stringify(value)
  return `${way.name}: ${table}[${keyOf(ROWS[table]![row]) ?? row}].${path.join('.')} = ${said}`
}

/** Of the torn row; of one that belongs to all of them that in which most is noted. */
function conversationOf({ table, row }: Tear): string {
  const { key, conversationId, id = conversationId } = ROWS[table]![row] as { readonly key?: string; readonly conversationId?: string; readonly id?: string }
  return conversationId ?? (table === 'conversations' ? id! : (/ (\w)$/.exec(key ?? '')?.[1] ?? 'k'))
}

function pathsOf(value: unknown, before: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null || value instanceof Blob || before.length >= DEEPEST) return []
  const shapes = Array.isArray(value) ? value.map(shapeOf) : []
  const parts = Object.entries(value).filter((_, n) => !Array.isArray(value) || shapes.indexOf(shapes[n]!) === n)
  return parts.flatMap(([name, inside]) => [[...before, name], ...pathsOf(inside, [...before, name])])
}

/** What it is built of, whatever stands there. */
function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `[${[...new Set(value.map(shapeOf))].join()}]`
  if (typeof value !== 'object' || value === null || value instanceof Blob) return value === null ? 'null' : typeof value
  return `{${Object.entries(value).map(([name, inside]) => `${name}:${shapeOf(inside)}`).join()}}`
}

function torn(golden: Golden, { table, row, path, value }: Tear): Golden {
  const set = (whole: unknown, [name, ...rest]: readonly string[]): unknown => {
    if (name === undefined) return value
    const copy: Record<string, unknown> | unknown[] = Array.isArray(whole) ? [...(whole as unknown[])] : { ...(whole as object) }
    const inside = (copy as Record<string, unknown>)[name]
    if (rest.length === 0 && value === undefined) delete (copy as Record<string, unknown>)[name]
    else (copy as Record<string, unknown>)[name] = set(inside, rest)
    return copy
  }
  const rows = { ...golden.rows, [table]: golden.rows[table]!.map((each, i) => (i === row ? set(each, path) : each)) }
  const isLeft = (_: unknown, i: number) => keyOf(ROWS['meta']![i]) !== ALONE || (table === 'meta' && row === i)
  return { ...golden, rows: { ...rows, meta: rows['meta']!.filter(isLeft) } }
}

/** @returns what is wrong, in words; null where such a row cannot lie in a database, as its key would be none */
async function tryTear(tear: Tear): Promise<readonly string[] | null> {
  const factory = faultyFactory()
  const laid = await layGolden(factory, torn(GOLDEN.at(-1)!, tear)).then(() => true, () => false)
  if (!laid) return null
  const wire = tear.way.wire()
  const clock = createFakeClock(NOW)
  const client = createChatClient({
    userId: 'me', transport: wire, // Patient, as many databases are busy at once.
    storage: dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, openTimeoutMs: 60_000, writeTimeoutMs: 60_000, ...(tear.way.opensLate ? { clock } : {}) }),
    attachments: { upload: async () => ({ url: 'https://files.example/1' }) },
    ports: { clock, locks: null, openChannel: () => null, keepsakes: null, visibility: { isVisible: () => true, hasFocus: () => true, subscribe: () => () => {} } },
  })
  const wrong: string[] = []
  client.on('error', ({ code, cause }) => {
    if (code === 'client/unexpected' || code === 'storage/apply') wrong.push(`${code}: ${String(cause)}`)
  })
  client.on('dropped', ({ reason }) => {
    if (/Error|failed/.test(reason)) wrong.push(`dropped ${reason}`)
  })
  if (tear.way.opensLate) factory.onOpen = () => failedRequest('SecurityError')
  await ended(clock, client.start().catch((error: unknown) => void wrong.push(`start: ${String(error)}`)))
  if (client.getState().phase !== 'running') wrong.push(`it is ${client.getState().phase}`)
  else wrong.push(...(await used({ client, wire, clock }, conversationOf(tear), () => (factory.onOpen = null))))
  if (!(await ended(clock, client.dispose()))) wrong.push('it does not end')
  return [...new Set(wrong)]
}

interface Scene {
  readonly client: ChatClient
  readonly wire: ScriptedTransport
  readonly clock: FakeClock
}

/** @param letOpen - from now on the database opens, where it did not */
async function used({ client, wire, clock }: Scene, torn: string, letOpen: () => void): Promise<readonly string[]> {
  const wrong: string[] = []
  const said = async (id: string, order: number): Promise<void> => {
    await client.ensureConversation({ id, kind: 'group', members: ['me', 'ada', 'bo'] })
    const source = client.messages(id)
    source.subscribe(() => {})
    await client.openAt(id, 'newest')
    const [fresh, mine] = [`fresh ${id}${order}`, `mine ${id}${order}`]
    const has = (text: string) => source.getSnapshot().messages.some(({ body, at }) => at !== null && body.kind === 'text' && body.text === text)
    // Nothing is lost on a wire: what nobody took, while another tab seemed to lead, it brings again.
    for (let time = 0; time < TIMES && !has(fresh); time += 1) {
      wire.emit({ type: 'message', message: incoming(id, order, epochOf(id)) })
      await pass(clock, () => has(fresh), LIMIT_MS / TIMES)
    }
    await client.send(id, { body: { kind: 'text', text: mine } })
    await pass(clock, () => has(mine))
    if (!wire.sent.some(({ body }) => body.kind === 'text' && body.text === mine)) wrong.push(`"${mine}" is not sent`)
    for (const text of [fresh, mine]) if (!has(text)) wrong.push(`"${text}" is not shown`)
  }
  const talk = async (id: string, order: number) => (await ended(clock, said(id, order).catch((error: unknown) => void wrong.push(`in ${id}: ${String(error)}`)))) || wrong.push(`in ${id}: it does not end`)
  if (client.getState().storage.status === 'memory') {
    await talk(torn, 490)
    letOpen()
    const isBack = () => client.getState().storage.status === 'ready' && client.getState().phase === 'running' && client.getState().connection.status === 'online'
    await pass(clock, isBack)
    if (!isBack()) wrong.push('its database does not come back')
  }
  await talk(torn, 500)
  await talk('other', 500)
  for (const event of tellings(torn)) wire.emit(event)
  await pass(clock, () => false, 30)
  const done = doAll(client, torn, client.messages(torn).getSnapshot().messages.filter(({ at }) => at !== null)).then((more) => wrong.push(...more))
  if (!(await ended(clock, done))) wrong.push('what is done does not end')
  const left = async () => (await client.diagnostics()).outbox.filter(({ failed }) => !failed).map(({ action }) => action)
  for (let look = 0; look < 40 && (await left()).length > 0; look++) await pass(clock, () => false, 50)
  const waiting = await left()
  if (waiting.length > 0) wrong.push(`${waiting.join()} stays in the outbox`)
  return wrong
}

/** Whether it did in time. */
async function ended(clock: FakeClock, work: Promise<unknown>): Promise<boolean> {
  let isOver = false
  void work.finally(() => (isOver = true)).catch(() => {})
  await pass(clock, () => isOver)
  return isOver
}

/** Time goes on until `holds`, at some ten times its pace: the limits of calls are counted by it, and the database works in real time. */
async function pass(clock: FakeClock, holds: () => boolean, limitMs = LIMIT_MS): Promise<void> {
  for (const end = performance.now() + limitMs; !holds() && performance.now() < end; ) {
    await clock.advanceAsync(50)
    await new Promise((resolve) => setTimeout(resolve, 4))
  }
}

/** @returns how many could lie in a database, and what was wrong with which */
export async function tryTears(tears: readonly Tear[]): Promise<{ readonly tried: number; readonly faults: readonly string[] }> {
  const faults: string[] = []
  let tried = 0
  const left = [...tears]
  const work = async () => {
    for (let tear = left.shift(); tear; tear = left.shift()) {
      const wrong = await tryTear(tear).catch((error: unknown) => [String(error)])
      if (wrong === null) continue
      tried += 1
      if (wrong.length > 0) faults.push(`${nameOf(tear)}: ${wrong.join('; ')}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return { tried, faults }
}

/**
 * Every field of every row of a database as a released version left it, each in turn torn or flipped: the client starts all the same, shows what comes,
 * and sends what is written, in the conversation of the bad row as in another one.
 */
import { IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type IncomingMessage, type Message } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { createFakeClock, type FakeClock } from 'readback/testing'
import { scriptedTransport } from '../sync/scriptedTransport.js'
import { faultyFactory } from '../storage/faultyFactory.js'
import { GOLDEN, layGolden, type Golden } from '../storage/goldenDatabases.js'

export interface Tear {
  readonly table: string
  readonly row: number
  readonly path: readonly string[]
  /** Undefined: the field is gone. */
  readonly value: unknown
}

const GARBAGE: readonly unknown[] = [undefined, null, 7, -1.5, Number.NaN, 'torn', true, {}, [], [null]]
const DEEPEST = 6
/** Most of a try is waiting for the database. */
const AT_ONCE = 8
/** Longest wait, in real time: what takes minutes of the clock takes seconds. */
const LIMIT_MS = 20_000

/** All of them, in the order of the tables. */
export function allTears(): readonly Tear[] {
  return GOLDEN.at(-1)!.rows && Object.entries(GOLDEN.at(-1)!.rows).flatMap(([table, rows]) =>
    rows.flatMap((content, row) => pathsOf(content).flatMap((path) => GARBAGE.map((value): Tear => ({ table, row, path, value }))))).filter((tear) => !isSound(tear))
}

/** Missing history that reaches into a later epoch is a fact, not a tear: what comes lies within it. */
function isSound({ table, path, value }: Tear): boolean {
  return table === 'gaps' && path.at(-1) === 'epoch' && value === 7
}

const nameOf = ({ table, row, path, value }: Tear) => `${table}[${row}].${path.join('.')} = ${value === undefined ? 'gone' : Number.isNaN(value) ? 'NaN' : JSON.stringify(value)}`

function pathsOf(value: unknown, before: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null || value instanceof Blob || before.length >= DEEPEST) return []
  return Object.entries(value).flatMap(([name, inside]) => [[...before, name], ...pathsOf(inside, [...before, name])])
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
  return { ...golden, rows: { ...golden.rows, [table]: golden.rows[table]!.map((each, i) => (i === row ? set(each, path) : each)) } }
}

const incoming = (conversationId: string, order: number): IncomingMessage =>
  ({ conversationId, id: `${conversationId}${order}`, at: { epoch: 0, order, id: `${conversationId}${order}` }, from: 'bo', localId: `fresh-${conversationId}`, time: order, body: { kind: 'text', text: `fresh in ${conversationId}` } })

/** @returns what is wrong, in words; null where such a row cannot lie in a database, as its key would be none */
async function tryTear(tear: Tear): Promise<readonly string[] | null> {
  const factory = faultyFactory()
  const laid = await layGolden(factory, torn(GOLDEN.at(-1)!, tear)).then(() => true, () => false)
  if (!laid) return null
  const wire = scriptedTransport()
  const clock = createFakeClock()
  const client = createChatClient({
    userId: 'me', transport: { ...wire, recall: async () => {}, edit: async () => {}, react: async () => {}, delete: async () => {} }, // Patient, as many databases are busy at once.
    storage: dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, openTimeoutMs: 60_000, writeTimeoutMs: 60_000 }),
    attachments: { upload: async () => ({ url: 'https://files.example/1' }) },
    ports: { clock, locks: null, openChannel: () => null, keepsakes: null, visibility: { isVisible: () => true, hasFocus: () => true, subscribe: () => () => {} } },
  })
  const wrong: string[] = []
  client.on('error', ({ code, cause }) => {
    if (code === 'client/unexpected' || code === 'storage/apply') wrong.push(`${code}: ${String(cause)}`)
  })
  client.on('dropped', ({ reason }) => {
    if (/Error/.test(reason)) wrong.push(`dropped ${reason}`)
  })
  let started = false
  client.start().catch((error: unknown) => void wrong.push(`start: ${String(error)}`)).finally(() => (started = true))
  await pass(clock, () => started)
  if (client.getState().phase !== 'running') wrong.push(`it is ${client.getState().phase}`)
  else {
    const said = async (id: string) => {
      await client.ensureConversation({ id, kind: 'group', members: ['me', 'ada', 'bo'] })
      const source = client.messages(id)
      source.subscribe(() => {})
      await client.openAt(id, 'newest')
      wire.emit({ type: 'message', message: incoming(id, 500) })
      await client.send(id, { body: { kind: 'text', text: `mine in ${id}` } })
      const has = (messages: readonly Message[], text: string) => messages.some(({ body, at }) => at !== null && body.kind === 'text' && body.text === text)
      await pass(clock, () => has(source.getSnapshot().messages, `mine in ${id}`) && has(source.getSnapshot().messages, `fresh in ${id}`))
      if (!wire.sent.some(({ body }) => body.kind === 'text' && body.text === `mine in ${id}`)) wrong.push(`what is written in ${id} is not sent`)
      for (const text of [`mine in ${id}`, `fresh in ${id}`]) if (!has(source.getSnapshot().messages, text)) wrong.push(`"${text}" is not shown`)
    }
    await said('c').catch((error: unknown) => wrong.push(`in c: ${String(error)}`))
    await said('other').catch((error: unknown) => wrong.push(`in other: ${String(error)}`))
    let left = (await client.diagnostics()).outbox
    const waiting = async () => (left = (await client.diagnostics()).outbox.filter(({ failed }) => !failed)).length > 0
    for (let look = 0; look < 40 && (await waiting()); look++) await pass(clock, () => false, 50)
    if (left.length > 0) wrong.push(`${left.map(({ action }) => action).join()} stays in the outbox`)
  }
  let disposed = false
  void client.dispose().finally(() => (disposed = true))
  await pass(clock, () => disposed)
  if (!disposed) wrong.push('it does not end')
  return [...new Set(wrong)]
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

/** The wires over which a torn database is opened: what a row says is asked for by some of them only. */
import type { HistoryPage, IncomingMessage, MessageId, Point, Transport, TransportCapabilities } from 'readback/core'
import { scriptedTransport, type ScriptedTransport } from '../sync/scriptedTransport.js'

export interface Way {
  readonly name: string
  readonly wire: () => ScriptedTransport
  /** The database opens only after a while, until which all is done in memory, and then joined. */
  readonly opensLate?: true
}

const POINT = { direct: 'point', group: 'point' } as const
const MESSAGE = { direct: 'message', group: 'message' } as const

/** As the hub: numbers are consecutive, and a cursor brings what was missed. */
const DENSE: Way = { name: 'dense', wire: () => over({}) }
/** Messages overtake each other, and history is asked for. */
const ASKING: Way = { name: 'asking', wire: () => over({ dense: false, catchUp: 'none', receiptsCatchUp: 'fetch', read: POINT, delivered: POINT }, { history, readStates: async () => [] }) }
/** What was not brought never comes; each message is acknowledged by itself. */
const QUEUE: Way = { name: 'queue', wire: () => over({ dense: false, inOrder: true, history: false, catchUp: 'queue', read: MESSAGE, delivered: MESSAGE }) }
/** What was said while nobody listened is gone. */
const FORGETFUL: Way = { name: 'forgetful', wire: () => over({ dense: false, inOrder: true, history: false, catchUp: 'none', receiptsCatchUp: 'none' }), opensLate: true }

export const WAYS: readonly Way[] = [DENSE, ASKING, QUEUE, FORGETFUL]

export const placeOf = (conversationId: string, order: number, epoch: number): Point => ({ epoch, order, id: `${conversationId}${order}` })

export function incoming(conversationId: string, order: number, epoch: number, changes: object = {}): IncomingMessage {
  const at = placeOf(conversationId, order, epoch)
  return { conversationId, id: at.id as MessageId, at, from: 'bo', localId: `fresh-${at.id}`, time: 1_700_000_000_000 + order, body: { kind: 'text', text: `fresh ${at.id}` }, ...changes } as IncomingMessage
}

/** Of the newest, and of what is asked for below. */
async function history(id: string, { before }: { readonly before?: Point }): Promise<HistoryPage> {
  return { messages: before ? [] : [incoming(id, 450, epochOf(id))], contiguousTo: null }
}

/** The newest that the golden database has of it. */
export const epochOf = (id: string) => (id === 'k' ? 2 : 0)

function over(capabilities: Partial<TransportCapabilities>, calls: Partial<Transport> = {}): ScriptedTransport {
  const nothing = async () => {}
  const wire = scriptedTransport(capabilities)
  let waited = 0
  // Behind what came before it; what waited in the database, before all that comes now.
  wire.answer = async ({ localId, conversation: { id }, body }) => {
    const order = Number(body.kind === 'text' ? /^mine \D+(\d+)$/.exec(body.text)?.[1] : undefined)
    const at = { ...placeOf(id, Number.isNaN(order) ? 400 + (waited += 1) : order + 1, epochOf(id)), id: `id-${localId}` }
    return { localId, id: at.id, at, time: 1_700_000_001_000 }
  }
  return Object.assign(wire, { recall: nothing, edit: nothing, react: nothing, delete: nothing }, calls)
}

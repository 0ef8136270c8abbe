/** A chat over a REST API of your own: requests go out, server-sent events come in. The API is in the docs, under Recipes. */
import type { Transport } from 'readback/core'
import { createTurns, keepConnected, NOTHING_DECLARED, parseEvent, readServerEvents, request, requestJson } from 'readback/transport/kit'

const POINT = { direct: 'point', group: 'point' } as const

export function restTransport(base: string): Transport {
  const wire = keepConnected(async (connection) => {
    const { token, cursor = '', conversations, signal } = connection
    const stream = await request(`${base}/events?since=${cursor}`, { token, signals: [signal] })
    for (const one of conversations) await requestJson(`${base}/conversations`, { token, signals: [signal], body: one })
    connection.online()
    // The server writes a comment every 15 s; when three of them are missing the connection is dead.
    for await (const { id, data } of readServerEvents(stream, { silenceMs: 45_000 })) {
      // What is no event is left out; its cursor counts, or it would come for ever.
      const event = parseEvent(data)
      connection.tell(event ? [event] : [], id)
    }
  })

  async function call<T>(path: string, body?: object, signal?: AbortSignal): Promise<T> {
    const { token, signal: over } = wire.current()
    return requestJson<T>(base + path, { token, body, signals: [over, signal] })
  }

  /** Four messages at a time, so that receipts find a free connection. */
  const inTurn = createTurns(4)

  return {
    capabilities: {
      ...NOTHING_DECLARED, order: 'sequence', dense: true, dedupe: { by: 'server', windowMs: null }, delivered: POINT, read: POINT,
      groupReceipts: 'always', groupReceiptsTo: 'members', catchUp: 'cursor', receiptsCatchUp: 'replay', lanes: true, history: true,
    },
    ...wire,
    send: ({ conversation, ...draft }, signal) => inTurn(() => call('/messages', { ...draft, conversationId: conversation.id }, signal)),
    // A wire that knows points is told `upTo`; what it cannot carry is not sent.
    async report({ conversation, kind, upTo, ageMs }, signal) {
      if (upTo && kind !== 'viewed') await call('/receipts', { conversationId: conversation.id, kind, upTo, ageMs }, signal)
    },
    history(id, { before, after, limit }) {
      const edge = before ? `&before=${before.order}` : after ? `&after=${after.order}` : ''
      return call(`/conversations/${encodeURIComponent(id)}/messages?limit=${limit}${edge}`)
    },
  }
}

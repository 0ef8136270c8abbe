/** MQTT brings what happens, HTTP does what was asked and gives what was missed. The API is in the docs, under Recipes. */
import mqtt from 'mqtt'
import { TransportError, type Transport } from 'readback/core'
import { createTurns, keepConnected, NOTHING_DECLARED, parseEvent, requestJson } from 'readback/transport/kit'

const POINT = { direct: 'point', group: 'point' } as const
/** Answers of a broker that mean "not with this password". */
const UNAUTHORIZED = [4, 5, 134, 135]

export function mqttTransport({ api, broker }: { api: string; broker: string }): Transport {
  const wire = keepConnected(async (connection) => {
    const { userId, token = '', conversations, signal } = connection
    // Whether and when to dial again is decided in one place, so the client does not.
    const client = mqtt.connect(broker, { username: userId, password: token, keepalive: 30, reconnectPeriod: 0, clean: true })
    signal.addEventListener('abort', () => client.end(true))
    client.on('message', (_topic, data) => {
      const event = parseEvent(data.toString())
      if (event) connection.tell([event])
    })
    const over = new Promise<void>((resolve, reject) => {
      client.on('close', resolve)
      client.on('error', (error) => reject(UNAUTHORIZED.includes((error as { code?: number }).code ?? 0) ? new TransportError('transport/unauthorized', 'The broker does not take the token.', { stored: 'no', retry: 'no' }) : error))
    })
    client.on('connect', () => void arrive().catch(() => client.end(true)))
    async function arrive(): Promise<void> {
      await client.subscribeAsync(`users/${userId}/events`, { qos: 1 })
      for (const one of conversations) await requestJson(`${api}/conversations`, { token, signals: [signal], body: one })
      connection.online()
    }
    await over
  })

  async function call<T>(path: string, body?: object, signal?: AbortSignal): Promise<T> {
    const { token, signal: over } = wire.current()
    return requestJson<T>(api + path, { token, body, signals: [over, signal] })
  }

  const inTurn = createTurns(4)

  return {
    capabilities: {
      ...NOTHING_DECLARED, order: 'sequence', dense: true, dedupe: { by: 'server', windowMs: null }, delivered: POINT, read: POINT, groupReceipts: 'always', groupReceiptsTo: 'members',
      // The broker keeps nothing for who is away: the core fetches what it lacks.
      catchUp: 'none', receiptsCatchUp: 'fetch', lanes: true, conversations: true, history: true,
    },
    ...wire,
    // A broker's PUBACK says that the broker has it, not that the server stored it: so what must be accepted goes by HTTP.
    send: ({ conversation, ...draft }, signal) => inTurn(() => call('/messages', { ...draft, conversationId: conversation.id }, signal)),
    async report({ conversation, kind, upTo, ageMs }, signal) {
      if (upTo && kind !== 'viewed') await call('/receipts', { conversationId: conversation.id, kind, upTo, ageMs }, signal)
    },
    conversations: ({ cursor = '', limit }) => call(`/conversations?limit=${limit}&from=${cursor}`),
    readStates: (id) => call(`/conversations/${encodeURIComponent(id)}/receipts`),
    history(id, { before, after, limit }) {
      const edge = before ? `&before=${before.order}` : after ? `&after=${after.order}` : ''
      return call(`/conversations/${encodeURIComponent(id)}/messages?limit=${limit}${edge}`)
    },
  }
}

/** MQTT brings what happens, HTTP does what was asked and gives what was missed. The API is in the docs, under Recipes. */
import mqtt, { type MqttClient } from 'mqtt'
import { TransportError, type Accepted, type ConnectOptions, type HistoryPage, type IncomingConversation, type IncomingReceipt, type Paged, type Transport, type TransportCapabilities, type TransportEvent } from 'readback/core'

const POINT = { direct: 'point', group: 'point' } as const
const CAPABILITIES: TransportCapabilities = {
  order: 'sequence', dense: true, dedupe: { by: 'server', windowMs: null }, delivered: POINT, read: POINT, viewed: { direct: 'none', group: 'none' },
  deliveredBy: 'core', groupReceipts: 'always', groupReceiptsTo: 'members', readerLists: 'none', ownDeviceReports: false,
  // The broker keeps nothing for who is away: the core fetches what it lacks.
  catchUp: 'none', receiptsCatchUp: 'fetch', lanes: true,
  conversations: true, members: false, history: true, edit: false, recall: false, delete: false, react: false, typing: false, presence: false, upload: false, membership: false, limits: {},
}
/** Answers of a broker that mean "not with this password". */
const UNAUTHORIZED = [4, 5, 134, 135]

export function mqttTransport({ api, broker }: { api: string; broker: string }): Transport {
  const listeners = new Set<(event: TransportEvent) => void>()
  let session: { readonly options: ConnectOptions; readonly stop: AbortController; token: string | undefined; client?: MqttClient } | null = null
  const turns: Promise<unknown>[] = Array.from({ length: 4 }, () => Promise.resolve())
  const tell = (event: TransportEvent) => listeners.forEach((listener) => listener(event))

  async function call<T>(path: string, body?: object, signal?: AbortSignal): Promise<T> {
    if (!session?.client?.connected) throw new TransportError('transport/offline', 'There is no connection, so nothing left this device.', { stored: 'no', retry: 'yes' })
    const signals = [session.stop.signal, AbortSignal.timeout(20_000), ...(signal ? [signal] : [])]
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${session.token ?? ''}` }
    // A broker's PUBACK says that the broker has it, not that the server stored it: so what must be accepted goes by HTTP.
    const response = await fetch(api + path, { method: body ? 'POST' : 'GET', headers, signal: AbortSignal.any(signals), ...(body ? { body: JSON.stringify(body) } : {}) })
      .catch((cause: unknown) => { throw new TransportError('transport/offline', 'No answer came, so the server may have it.', { stored: 'maybe', retry: 'yes', cause }) })
    if (response.ok) return (await response.json()) as T
    if (response.status >= 500 || [401, 408, 429].includes(response.status)) throw new TransportError('transport/server', `The server said ${response.status}.`, { stored: 'maybe', retry: 'yes' })
    throw new TransportError(response.status === 403 ? 'transport/forbidden' : response.status === 404 ? 'transport/notFound' : 'transport/invalid', `The server refused it: ${response.status}.`, { stored: 'no', retry: 'no' })
  }

  async function open(own: NonNullable<typeof session>, connected: () => void, refused: (error: Error) => void): Promise<void> {
    const { userId, token, conversations } = own.options
    tell({ type: 'state', state: { status: 'connecting', reason: 'starting', attempt: 1 } })
    own.token = await token('connect')
    if (own.stop.signal.aborted) return
    const client = (own.client = mqtt.connect(broker, { username: userId, password: own.token ?? '', keepalive: 30, reconnectOnConnackError: true, reconnectPeriod: 300 + Math.random() * 700, clean: true }))
    let asked = false
    const arrive = async (): Promise<void> => {
      await client.subscribeAsync(`users/${userId}/events`, { qos: 1 })
      for (const one of conversations) await call('/conversations', one)
      asked = false
      tell({ type: 'state', state: { status: 'online' } })
      connected()
    }
    // The broker may be there before the API is; a lost connection arrives anew by itself.
    const arriveOrRetry = (): void => void arrive().catch(() => setTimeout(() => { if (client.connected) arriveOrRetry() }, 500))
    client.on('connect', arriveOrRetry)
    client.on('message', (_topic, data) => { if (session === own) tell(JSON.parse(data.toString()) as TransportEvent) })
    client.on('close', () => { if (session === own) tell({ type: 'state', state: { status: 'offline', reason: 'network' } }) })
    client.on('error', (error) => void (async () => {
      if (!UNAUTHORIZED.includes((error as { code?: number }).code ?? 0)) return
      if (asked) {
        session = null
        tell({ type: 'state', state: { status: 'offline', reason: 'unauthorized' } })
        refused(new TransportError('transport/unauthorized', 'The token is not accepted. Sign in again.', { stored: 'no', retry: 'no' }))
        return void client.end(true)
      }
      asked = true
      // The client dials again by itself, with what stands in its options then.
      own.token = client.options.password = (await token('expired')) ?? ''
    })())
  }

  return {
    capabilities: CAPABILITIES,
    connect(options) {
      if (session) return Promise.reject(new TransportError('transport/connected', 'Close it first.', { stored: 'no', retry: 'no' }))
      const own = (session = { options, stop: new AbortController(), token: undefined })
      return new Promise((resolve, reject) => {
        own.stop.signal.addEventListener('abort', () => reject(new TransportError('transport/closed', 'Closed before it was online.', { stored: 'no', retry: 'yes' })))
        setTimeout(() => void open(own, resolve, reject).catch(reject))
      })
    },
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    send({ conversation, ...draft }, signal) {
      const sent = turns.shift()!.then(() => call<Accepted>('/messages', { ...draft, conversationId: conversation.id }, signal))
      turns.push(sent.catch(() => {}))
      return sent
    },
    report: async ({ conversation, kind, upTo, ageMs }, signal) => { if (upTo && kind !== 'viewed') await call('/receipts', { conversationId: conversation.id, kind, upTo, ageMs }, signal) },
    conversations: ({ cursor, limit }) => call<Paged<IncomingConversation>>(`/conversations?limit=${limit}&from=${cursor ?? ''}`),
    readStates: (id) => call<readonly IncomingReceipt[]>(`/conversations/${encodeURIComponent(id)}/receipts`),
    history: (id, { before, after, limit }) => call<HistoryPage>(`/conversations/${encodeURIComponent(id)}/messages?limit=${limit}${before ? `&before=${before.order}` : ''}${after ? `&after=${after.order}` : ''}`),
    async close() {
      const closing = session
      session = null
      closing?.stop.abort()
      await closing?.client?.endAsync(true)
    },
  }
}

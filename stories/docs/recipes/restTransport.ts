/** A chat over a REST API of your own: requests go out, server-sent events come in. The API is in the docs, under Recipes. */
import { TransportError, type Accepted, type ConnectOptions, type Transport, type TransportCapabilities, type TransportEvent } from 'readback/core'

const POINT = { direct: 'point', group: 'point' } as const
const CAPABILITIES: TransportCapabilities = {
  order: 'sequence', dense: true, dedupe: { by: 'server', windowMs: null }, delivered: POINT, read: POINT, viewed: { direct: 'none', group: 'none' },
  deliveredBy: 'core', groupReceipts: 'always', groupReceiptsTo: 'members', readerLists: 'none', ownDeviceReports: false, catchUp: 'cursor', receiptsCatchUp: 'replay', lanes: true,
  conversations: false, members: false, history: true, edit: false, recall: false, delete: false, react: false, typing: false, presence: false, upload: false, membership: false, limits: {},
}
/** The server writes a comment every 15 s; three of them missing is a dead connection. */
const SILENCE_MS = 45_000

export function restTransport(base: string): Transport {
  const listeners = new Set<(event: TransportEvent) => void>()
  let session: { readonly options: ConnectOptions; readonly stop: AbortController; token: string | undefined; online: boolean } | null = null
  /** Four messages at a time, so that receipts find a free connection. */
  const turns: Promise<unknown>[] = Array.from({ length: 4 }, () => Promise.resolve())
  const tell = (event: TransportEvent) => listeners.forEach((listener) => listener(event))
  const headers = () => ({ 'content-type': 'application/json', ...(session?.token === undefined ? {} : { authorization: `Bearer ${session.token}` }) })

  async function call<T>(path: string, body?: object, signal?: AbortSignal): Promise<T> {
    if (!session?.online) throw new TransportError('transport/offline', 'There is no connection, so nothing left this device.', { stored: 'no', retry: 'yes' })
    const signals = [session.stop.signal, AbortSignal.timeout(20_000), ...(signal ? [signal] : [])]
    const response = await fetch(base + path, { method: body ? 'POST' : 'GET', headers: headers(), signal: AbortSignal.any(signals), ...(body ? { body: JSON.stringify(body) } : {}) })
      .catch((cause: unknown) => { throw new TransportError('transport/offline', 'No answer came, so the server may have it.', { stored: 'maybe', retry: 'yes', cause }) })
    if (response.ok) return (await response.json().catch(() => { throw new TransportError('transport/badAnswer', 'The answer was cut.', { stored: 'maybe', retry: 'yes' }) })) as T
    if (response.status >= 500 || [401, 408, 429].includes(response.status)) throw new TransportError('transport/server', `The server said ${response.status}.`, { stored: 'maybe', retry: 'yes' })
    throw new TransportError(response.status === 403 ? 'transport/forbidden' : response.status === 404 ? 'transport/notFound' : 'transport/invalid', `The server refused it: ${response.status}.`, { stored: 'no', retry: 'no' })
  }

  async function listen(own: NonNullable<typeof session>, connected: () => void, refused: (error: Error) => void): Promise<void> {
    let cursor = own.options.since ?? ''
    let asked: 'connect' | 'expired' = 'connect'
    for (let attempt = 1; !own.stop.signal.aborted; attempt += 1) {
      try {
        tell({ type: 'state', state: { status: 'connecting', reason: attempt === 1 ? 'starting' : 'network', attempt } })
        own.token = await own.options.token(asked)
        const stream = await fetch(`${base}/events?since=${cursor}`, { headers: headers(), signal: own.stop.signal })
        if (stream.status === 401 && asked === 'expired') return refused(new TransportError('transport/unauthorized', 'The token is not accepted. Sign in again.', { stored: 'no', retry: 'no' }))
        asked = stream.status === 401 ? 'expired' : 'connect'
        if (stream.status === 401) continue
        for (const one of own.options.conversations) await fetch(`${base}/conversations`, { method: 'POST', headers: headers(), body: JSON.stringify(one), signal: own.stop.signal })
        own.online = true
        attempt = 0
        tell({ type: 'state', state: { status: 'online' } })
        connected()
        for await (const { id, data } of readEvents(stream.body!)) {
          if (own.stop.signal.aborted) return
          tell(JSON.parse(data) as TransportEvent)
          if (own.stop.signal.aborted) return
          tell({ type: 'cursor', cursor: (cursor = id) })
        }
      } catch { /* The network: once more from the last cursor. */ }
      own.online = false
      if (own.stop.signal.aborted) return
      const retryInMs = Math.random() * Math.min(30_000, 250 * 2 ** attempt)
      tell({ type: 'state', state: { status: 'offline', reason: 'network', retryInMs } })
      await new Promise((resolve) => { setTimeout(resolve, retryInMs) })
    }
  }

  return {
    capabilities: CAPABILITIES,
    connect(options) {
      if (session) return Promise.reject(new TransportError('transport/connected', 'Close it first.', { stored: 'no', retry: 'no' }))
      const own = (session = { options, stop: new AbortController(), token: undefined, online: false })
      return new Promise((resolve, reject) => {
        own.stop.signal.addEventListener('abort', () => reject(new TransportError('transport/closed', 'Closed before it was online.', { stored: 'no', retry: 'yes' })))
        setTimeout(() => void listen(own, resolve, (error) => { session = null; tell({ type: 'state', state: { status: 'offline', reason: 'unauthorized' } }); reject(error) }))
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
    // A wire that knows points is told `upTo`; what it cannot carry is not sent.
    report: async ({ conversation, kind, upTo, ageMs }, signal) => { if (upTo && kind !== 'viewed') await call('/receipts', { conversationId: conversation.id, kind, upTo, ageMs }, signal) },
    history: (id, { before, after, limit }) => call(`/conversations/${encodeURIComponent(id)}/messages?limit=${limit}${before ? `&before=${before.order}` : ''}${after ? `&after=${after.order}` : ''}`),
    async close() {
      session?.stop.abort()
      session = null
    },
  }
}

/** Server-sent events with an id and one line of data; comments are signs of life. */
async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<{ id: string; data: string }> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
  for (let text = ''; ;) {
    const timer = setTimeout(() => void reader.cancel(), SILENCE_MS)
    const { value, done } = await reader.read().finally(() => clearTimeout(timer))
    if (done) return
    const blocks = (text + value).split('\n\n')
    text = blocks.pop()!
    for (const block of blocks) {
      const [, id, data] = /^id: (.*)\ndata: (.*)$/m.exec(block) ?? []
      if (id !== undefined && data !== undefined) yield { id, data }
    }
  }
}

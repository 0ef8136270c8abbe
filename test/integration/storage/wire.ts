/** A small wire over fetch to the server of these runs, whose log is the ground truth. Kept apart from the kit's own transports, so that a fault of theirs hides nothing. */
import { TransportError, type ConnectOptions, type IncomingMessage, type IncomingReceipt, type Transport, type TransportCapabilities, type TransportEvent } from 'readback/core'

const nowhere = { direct: 'none', group: 'none' } as const
const CAPABILITIES: TransportCapabilities = {
  order: 'sequence', dense: true, dedupe: { by: 'server', windowMs: null },
  delivered: nowhere, read: { direct: 'ranges', group: 'ranges' }, viewed: nowhere,
  deliveredBy: 'wire', groupReceipts: 'always', groupReceiptsTo: 'members', readerLists: 'none', ownDeviceReports: false,
  catchUp: 'cursor', receiptsCatchUp: 'fetch', lanes: true,
  conversations: false, members: false, history: false, edit: false, recall: false, delete: false, react: false, typing: false, presence: false, upload: false, membership: false,
  limits: {},
}

interface Feed {
  readonly messages: readonly IncomingMessage[]
  readonly next: number
}

/** @param tab - named in every call, so that the server's log says which tab made it */
export function httpWire(tab: string): Transport {
  const listeners = new Set<(event: TransportEvent) => void>()
  let running: AbortController | null = null
  const emit = (event: TransportEvent) => {
    for (const listener of [...listeners]) listener(event)
  }

  async function call<T>(path: string, body: unknown, signal: AbortSignal | undefined): Promise<T> {
    const response = await fetch(path, { method: 'POST', body: JSON.stringify(body), ...(signal ? { signal } : {}) }).catch((cause: unknown) => {
      throw new TransportError('transport/offline', 'No answer came.', { stored: 'maybe', retry: 'yes', cause })
    })
    if (!response.ok) throw new TransportError('transport/server', `The server answered ${response.status}.`, { stored: 'no', retry: 'yes' })
    return (await response.json()) as T
  }

  async function follow({ userId, since }: ConnectOptions, own: AbortController): Promise<void> {
    let next = Number(since ?? 0)
    let isOnline = false
    while (!own.signal.aborted) {
      try {
        const feed = await call<Feed>('/events', { user: userId, after: next, wait: isOnline }, own.signal)
        if (own.signal.aborted) return
        if (!isOnline) emit({ type: 'state', state: { status: 'online' } })
        isOnline = true
        for (const message of feed.messages) emit({ type: 'message', message })
        if (feed.next !== next) emit({ type: 'cursor', cursor: String(feed.next) })
        next = feed.next
      } catch {
        if (own.signal.aborted) return
        if (isOnline) emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
        isOnline = false
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
    }
  }

  return {
    capabilities: CAPABILITIES,
    async connect(options) {
      running = new AbortController()
      const own = running
      emit({ type: 'state', state: { status: 'connecting', reason: 'starting', attempt: 0 } })
      void follow(options, own)
    },
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    send: ({ localId, conversation, body }, signal) => call('/send', { tab, user: userOf(), localId, conversationId: conversation.id, body }, signal),
    report: ({ conversation, kind, upTo, ranges }, signal) => call('/report', { tab, user: userOf(), conversationId: conversation.id, kind, upTo, ranges }, signal),
    readStates: (conversationId) => call<readonly IncomingReceipt[]>('/reads', { user: userOf(), conversationId }, undefined),
    async close() {
      running?.abort()
      running = null
    },
  }
}

export const userOf = () => new URLSearchParams(location.search).get('user') ?? 'me'

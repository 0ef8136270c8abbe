/** One person's window over a real wire: when the reader's receipt leaves it, and when the sender's icon has turned. */
import { createRoot } from 'react-dom/client'
import { ChatProvider, ChatWindow, createChatClient, type ChatClient, type Transport } from 'readback'
import { dexieStorage } from 'readback/storage/dexie'
import { websocketTransport } from 'readback/transport/websocket'
import 'readback/styles.css'

interface WindowOptions {
  readonly url: string
  readonly me: string
  readonly conversation: { readonly id: string; readonly kind: 'direct'; readonly members: readonly string[] }
  readonly dwellMs: number
}

/** Instants by message number. Epoch milliseconds, finer than `Date`: comparable between the pages of one machine. */
const flushed = new Map<number, number>()
const turned = new Map<number, { readonly at: number; paintedAt: number | null }>()
const now = () => performance.timeOrigin + performance.now()

let client: ChatClient
let options: WindowOptions

/** The moment at which the batch window closes and the report is handed to the wire. */
function noting(transport: Transport): Transport {
  return {
    ...transport,
    report(report, signal) {
      const upTo = report.ranges.at(-1)?.to ?? report.upTo
      if (report.kind === 'read' && report.conversation.id === options.conversation.id && upTo) flushed.set(upTo.order, now())
      return transport.report(report, signal)
    },
  }
}

new MutationObserver(() => {
  for (const icon of document.querySelectorAll('.rb-receipt[data-status="read"]')) {
    const n = Number(/Number (\d+)\./.exec(icon.closest('.rb-row')?.textContent ?? '')?.[1])
    if (turned.has(n) || Number.isNaN(n)) continue
    const told = { at: now(), paintedAt: null as number | null }
    turned.set(n, told)
    requestAnimationFrame(() => setTimeout(() => { told.paintedAt = now() }))
  }
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-status'] })

async function until<T>(look: () => T | undefined, withinMs: number): Promise<T> {
  for (const began = performance.now(); performance.now() - began < withinMs; await new Promise((resolve) => setTimeout(resolve, 5))) {
    const found = look()
    if (found !== undefined) return found
  }
  throw new Error(`It did not come within ${withinMs} ms.`)
}

;(globalThis as { bench?: unknown }).bench = {
  async open(given: WindowOptions) {
    options = given
    const { url, me, conversation, dwellMs } = given
    client = createChatClient({ userId: me, transport: noting(websocketTransport({ url })), storage: dexieStorage({ name: `wire-${me}` }), policy: { dwellMs } })
    await client.ensureConversation(conversation)
    createRoot(document.querySelector('#root')!).render(
      <ChatProvider client={client}>
        <ChatWindow conversationId={conversation.id} />
      </ChatProvider>,
    )
    await until(() => (client.getState().connection.status === 'online' ? true : undefined), 20_000)
  },
  say: (n: number) => client.send(options.conversation.id, { body: { kind: 'text', text: `Number ${n}.` } }),
  turned: (n: number, withinMs: number) => until(() => (turned.get(n)?.paintedAt ? turned.get(n) : undefined), withinMs),
  flushedAt: (n: number) => flushed.get(n),
}

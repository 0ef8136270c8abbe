/** Messages on elements of your own: what somebody had before their eyes long enough is read in the client, and its author is told. */
import { createReadReporter, useDwellRead, type ChatClient, type ConversationId, type Message, type ReadReporter } from 'readback'

/** One message anywhere on a page: a banner, a card, a notification. `reader` is what `watchReading` returns, made once for its conversation. */
export function Notice({ reader, message, text }: { readonly reader: ReadReporter; readonly message: Message; readonly text: string }) {
  const { ref, state } = useDwellRead({ id: message.ids[0]!, reporter: reader })
  return <p ref={ref} data-state={state}>{text}</p>
}

/**
 * Reads by the client's own policy. For a list of your own, with React or without: `const stop = reader.observe(element, message.ids[0])` for each element that shows a message,
 * `stop()` when it goes. What the client did not take is handed over again. `reader.markNow(id)` is for who clicks on it.
 */
export function watchReading(client: ChatClient, conversationId: ConversationId): ReadReporter {
  const { dwellMs, visibleFraction, requireFocus, idleAfterMs } = client.policy
  return createReadReporter({
    ...client.ports,
    // The client gathers what it tells the back end, so nothing needs to wait here.
    policy: { dwellMs, visibleFraction, requireFocus, idleAfterMs, flushMs: 0, maxFlushMs: 0 },
    async report({ messages }) {
      const found = await Promise.all(messages.map(({ id }) => client.getMessage(conversationId, id)))
      await client.markRead(found.filter((message) => message !== null))
    },
  })
}

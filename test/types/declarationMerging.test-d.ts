/** Apps type their own bodies by declaration merging, at the name they import. Checked by the compiler alone: a line marked `@ts-expect-error` that is right is an error. */
import type { CustomData, Message, MessageBody } from 'readback'
import type { CustomData as CoreCustomData } from 'readback/core'
import { equal } from './equal.js'

declare module 'readback' {
  interface Register {
    customBody: { poll: readonly string[] }
  }
}

equal<CustomData, { poll: readonly string[] }>(true)
equal<CoreCustomData, { poll: readonly string[] }>(true)
equal<Extract<MessageBody, { kind: 'custom' }>['data'], { poll: readonly string[] }>(true)

const body: MessageBody = { kind: 'custom', type: 'poll', data: { poll: ['yes', 'no'] } }
// @ts-expect-error a poll holds texts
const wrong: MessageBody = { kind: 'custom', type: 'poll', data: { poll: [1] } }
void [body, wrong]

/** Data is readonly all through. */
export function rename(message: Message): void {
  // @ts-expect-error a message is never changed in place
  message.from = 'somebody else'
}

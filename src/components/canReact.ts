import type { Message } from '../model/index.js'
import type { MessageActions } from '../react/messageActions.js'

/** Whether a message can be reacted to: the back end must know it. */
export function canReact(message: Message, actions: MessageActions): boolean {
  return actions.onReact !== undefined && message.ids.length > 0
}

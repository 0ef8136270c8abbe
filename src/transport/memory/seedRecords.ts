import type { Random } from '../../model/index.js'
import { toBody } from './toBody.js'
import type { HubRecord } from './hubRecords.js'
import type { ConversationState } from './hubState.js'
import type { HubSeed } from './hubTypes.js'

/** Messages written down at once, as though they had always been there. */
export function seedRecords(conversation: ConversationState, messages: HubSeed['messages'], random: Random): readonly HubRecord[] {
  const prefix = random.id()
  return messages.map(({ body, ...message }, n) => {
    const id = `${prefix}-${n}`
    return { event: { type: 'message', message: { ...message, conversationId: conversation.id, id, localId: message.localId ?? id, at: { epoch: conversation.epoch, order: conversation.nextOrder + n, id }, body: toBody(body) } } }
  })
}

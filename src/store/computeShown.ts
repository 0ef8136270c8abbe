import type { ConversationKind, Message } from '../model/index.js'
import { keepTally, raiseStatus, statusOf, silentIn, tallyOf } from '../receipts/index.js'
import type { ReadView } from './chatStore.js'
import { conditionsOf } from './conditions.js'
import type { ReadStateSourceOptions, ShownState } from './readStateSource.js'

type ShownStateOptions = Omit<ReadStateSourceOptions, 'computed'>

/** Status and tally of a message of mine by what is known of others; never less than was shown `before`. */
export function computeShown({ store, id, me, policy, capabilities, clock }: ShownStateOptions, message: Message, view: ReadView, before: ShownState | undefined): ShownState {
  const { conversations, receipts } = store.getState()
  const conversation = conversations.get(id)
  const kind: ConversationKind = conversation?.kind ?? 'group'
  const off = policy.reciprocal && (conversation?.receipts ?? receipts) !== 'public'
  const isRead = () => view.index.reach(message).read > 0 || Boolean(message.readCount)
  const conditions = conditionsOf(message, isRead, { kind, rosterComplete: conversation?.rosterComplete ?? false, off, policy, capabilities, now: clock.now() })
  const silent = silentIn(view.index, message, kind === 'group' ? view.members : [], (userId) => view.signs?.get(userId), policy.silentAfterMs)
  const tally = tallyOf(view.index, message, conditions, message.readCount, silent)
  const next = statusOf(message, { me, kind, rule: policy.groupStatus, reach: tally }) ?? 'sent'
  return { status: raiseStatus(before?.status ?? null, next), tally: keepTally(before?.tally, tally) }
}

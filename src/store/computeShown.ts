import type { ConversationKind, Message } from '../model/index.js'
import { keepTally, raiseStatus, statusOf, silentIn, tallyOf, untrackedReason, type Tally } from '../receipts/index.js'
import { UNTRACKED } from '../receipts/untracked.js'
import type { ReadView } from './chatStore.js'
import { conditionsOf, isRosterKnown } from './conditions.js'
import type { ReadStateSourceOptions, ShownState } from './readStateSource.js'

type ShownStateOptions = Omit<ReadStateSourceOptions, 'computed'>

/** Status and tally of a message of mine by what is known of others; never less than was shown `before`. */
export function computeShown({ store, id, me, policy, capabilities, clock }: ShownStateOptions, message: Message, view: ReadView | undefined, before: ShownState | undefined): ShownState {
  const { conversations, receipts } = store.getState()
  const conversation = conversations.get(id)
  const kind: ConversationKind = conversation?.kind ?? 'group'
  const off = policy.reciprocal && (conversation?.receipts ?? receipts) !== 'public'
  if (!view) return unmoved(message, off, before)
  const isRead = () => view.index.reach(message).read > 0 || Boolean(message.readCount)
  const conditions = conditionsOf(message, isRead, { kind, rosterComplete: isRosterKnown(conversation, message), off, policy, capabilities, now: clock.now() })
  const silent = silentIn(view.index, message, kind === 'group' ? view.members : [], (userId) => view.signs?.get(userId), policy.silentAfterMs)
  const reason = untrackedReason(conditions, view.index.size)
  // That nobody is said not to have read it any more, or that the wire does not tell who did, takes nothing from who received it.
  const counted = tallyOf(view.index, message, { ...conditions, expired: false, supported: conditions.supported || capabilities.delivered[kind] !== 'none' }, message.readCount, silent)
  const tally = reason ? UNTRACKED[reason] : counted
  const next = statusOf(message, { me, kind, rule: policy.groupStatus, reach: counted }) ?? 'sent'
  return { status: raiseStatus(before?.status ?? null, next), tally: keepTally(before?.tally, tally) }
}

/** While nothing is known of others, as in a conversation that was closed: what was shown of it once the server had it, but for a number that is hidden since; else what the message itself says. */
function unmoved(message: Message, off: boolean, before: ShownState | undefined): ShownState {
  const accepted = before?.status && before.status !== 'sending' && before.status !== 'failed' ? before.status : 'sent'
  return { status: message.outgoing ?? accepted, tally: lastTally(message, off, before?.tally) }
}

function lastTally({ recalledAt }: Message, off: boolean, shown: Tally = UNTRACKED.rosterUnknown): Tally {
  if (recalledAt !== undefined) return UNTRACKED.recalled
  if (off) return UNTRACKED.off
  return !shown.tracked && shown.reason === 'off' ? UNTRACKED.rosterUnknown : shown
}

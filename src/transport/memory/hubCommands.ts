/** What a demo or a test does to the hub as anybody. */
import type { Report } from '../transport.js'
import { addMember, makeConversation, removeMember, requireConversation } from './conversationRules.js'
import type { HubRecord } from './hubRecords.js'
import { messageById, type HubState } from './hubState.js'
import type { Hub, HubReceipt } from './hubTypes.js'
import type { HubWorld } from './hubWorld.js'
import { acceptDraft } from './messageRules.js'
import { acceptReport } from './receiptRules.js'
import { resetConversation } from './resetRules.js'
import { seedRecords } from './seedRecords.js'
import { toBody } from './toBody.js'

type HubCommands = Pick<Hub, 'ensureConversation' | 'removeMember' | 'post' | 'receipt' | 'seed' | 'reset' | 'ready'>

export function hubCommands({ core, clock, random }: HubWorld): HubCommands {
  const write = (decide: (state: HubState) => readonly HubRecord[]) => core.run<void>((state) => ({ records: decide(state), answer: undefined }))

  return {
    ensureConversation: (given) => write((state) => {
      const known = state.conversations.get(given.id)
      return known ? [...new Set(given.members)].flatMap((userId) => addMember(known, userId)) : makeConversation(state, given, null, {})
    }),
    removeMember: (id, userId) => write((state) => removeMember(requireConversation(state, id), userId)),
    async post({ from, conversationId, body, time, localId, ...rest }) {
      const { id } = await core.run((state) => {
        const { kind } = requireConversation(state, conversationId)
        const draft = { localId: localId ?? random.id(), conversation: { id: conversationId, kind }, body: toBody(body), ...rest }
        return acceptDraft(state, { from, draft, id: random.id(), time: time ?? clock.now(), limits: {} })
      })
      return messageById(requireConversation(core.peek(), conversationId), id)!
    },
    receipt: (given) => write((state) => (isMany(given) ? given : [given]).flatMap((one) => {
      const report = reportOf(state, one)
      return acceptReport(state, { by: one.by, report, now: clock.now(), limits: {} })
    })),
    async seed({ conversation, messages }) {
      await write((state) => makeConversation(state, conversation, null, {}))
      await write((state) => {
        const made = requireConversation(state, conversation.id)
        return made.entries.length > 0 ? [] : seedRecords(made, messages, random)
      })
    },
    reset: (id, { loseLast = 0 } = {}) => write((state) => resetConversation(requireConversation(state, id), loseLast)),
    ready: () => core.pull(),
  }
}

function isMany(given: HubReceipt | readonly HubReceipt[]): given is readonly HubReceipt[] {
  return Array.isArray(given)
}

function reportOf(state: HubState, { conversationId, kind = 'read', visibility = 'published', upTo, ranges, ageMs = 0, content }: HubReceipt): Report {
  const conversation = requireConversation(state, conversationId)
  const newest = ranges ? null : (conversation.entries.at(-1)?.at ?? null)
  const until = upTo === undefined ? newest : upTo
  return {
    conversation: { id: conversation.id, kind: conversation.kind }, kind, visibility, upTo: until, ranges: ranges ?? [], ageMs,
    ...(content === undefined ? { messages: [] } : { messages: until ? [{ id: until.id, at: until, localId: '', from: '' }] : [], content }),
  }
}

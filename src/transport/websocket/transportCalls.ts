/** The methods of a transport as calls of the protocol; what the capabilities do not name has no method. */
import type { TransportCapabilities } from '../capabilities.js'
import type { MessageBody } from '../../model/index.js'
import { decodeBody } from '../decodeNouns.js'
import { Malformed } from '../fields.js'
import { refusal, undecided } from '../refusal.js'
import type { Accepted, Draft, Transport } from '../transport.js'
import type { CallName, Calls } from './protocol.js'

type Call = <Name extends CallName>(name: Name, params: Calls[Name]['with'], signal?: AbortSignal) => Promise<Calls[Name]['result']>

type Methods = Required<Omit<Transport, 'capabilities' | 'connect' | 'on' | 'close' | 'upload'>>

const NEEDS: { readonly [Method in keyof Methods]?: (capabilities: TransportCapabilities) => boolean } = {
  conversations: ({ conversations }) => conversations, members: ({ members }) => members, history: ({ history }) => history,
  readStates: ({ receiptsCatchUp }) => receiptsCatchUp !== 'none', readers: ({ readerLists }) => readerLists !== 'none',
  join: ({ membership }) => membership, leave: ({ membership }) => membership, ensureConversation: ({ membership }) => membership,
  edit: (one) => one.edit, recall: ({ recall }) => recall, delete: (one) => one.delete, react: ({ react }) => react, typing: ({ typing }) => typing, presence: ({ presence }) => presence,
}

export function transportCalls(capabilities: TransportCapabilities, call: Call): Pick<Transport, 'send' | 'report'> & Partial<Methods> {
  const methods: Methods = {
    send: (draft, signal) => readable(draft.body) ?? call('send', onlyDraft(draft), signal).then((accepted) => requireSame(draft, accepted)),
    report: ({ conversation, kind, visibility, upTo, ranges, messages, ageMs, content }, signal) =>
      call('report', { conversationId: conversation.id, kind, visibility, upTo, ranges, ageMs, ...(content === undefined ? {} : { content, ids: messages.map(({ id }) => id) }) }, signal).then(nothing),
    conversations: (page) => call('conversations', page),
    members: (conversationId, page) => call('members', { conversationId, ...page }),
    readStates: (conversationId) => call('readStates', { conversationId }),
    history: (conversationId, query) => call('history', { conversationId, ...query }),
    readers: (conversationId, id, page) => call('readers', { conversationId, id, ...page }),
    join: (conversationId) => call('join', { conversationId }).then(nothing),
    leave: (conversationId) => call('leave', { conversationId }).then(nothing),
    ensureConversation: ({ id, kind, members, title }) => call('ensureConversation', { id, kind, members, ...(title === undefined ? {} : { title }) }).then(nothing),
    edit: (conversationId, id, body) => readable(body) ?? call('edit', { conversationId, id, body }).then(nothing),
    recall: (conversationId, id) => call('recall', { conversationId, id }).then(nothing),
    delete: (conversationId, id) => call('delete', { conversationId, id }).then(nothing),
    react: (conversationId, id, emoji, on) => call('react', { conversationId, id, emoji, on }).then(nothing),
    typing: (conversationId, on) => call('typing', { conversationId, on }).then(nothing),
    presence: (presence) => call('presence', { presence }).then(nothing),
  }
  const { send, report } = methods
  const offered = Object.entries(methods).filter(([name]) => NEEDS[name as keyof Methods]?.(capabilities) ?? false)
  return { send, report, ...(Object.fromEntries(offered) as Partial<Methods>) }
}

/** Whoever took another's id and point for this message's would show one twice and lose the other. */
function requireSame({ localId }: Draft, accepted: Accepted): Accepted {
  if (accepted.localId === localId) return accepted
  throw undecided('transport/badAnswer', `The server answered the send of "${localId}" with the acceptance of "${accepted.localId}". It may have stored it; the same localId is tried again.`)
}

/** What else an app has in its objects is not for the wire. */
function onlyDraft({ localId, conversation: { id, kind }, body, receiptRequested, replyTo }: Draft): Draft {
  return { localId, conversation: { id, kind }, body, ...(receiptRequested === undefined ? {} : { receiptRequested }), ...(replyTo === undefined ? {} : { replyTo }) }
}

/** Rejects what no device could read: the server would store it, and everybody but its author would leave it out. Undefined where it is well. */
function readable(body: MessageBody): Promise<never> | undefined {
  try {
    decodeBody(JSON.parse(JSON.stringify(body)))
    return undefined
  } catch (cause) {
    // What JSON cannot carry at all is said by the call.
    if (!(cause instanceof Malformed)) return undefined
    return Promise.reject(refusal('transport/invalid', `The body is none that another device could read: ${cause.message}. It did not leave this device and will not be retried. Mend what makes it.`))
  }
}

function nothing(): void {}

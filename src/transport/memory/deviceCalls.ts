/** The calls of a device: each travels, meets its scripted fault, is decided by the hub, and travels back. */
import type { Draft, Report, Transport } from '../transport.js'
import { TransportError } from '../transportError.js'
import { joinConversation, makeConversation, removeMember, requireConversation, requireMember } from './conversationRules.js'
import type { FaultRule, FaultSubject } from './faults.js'
import type { HubRecord } from './hubRecords.js'
import { isMember, type HubState } from './hubState.js'
import { conversationsPage, historyPage, paged, readersPage, readStatesView } from './hubViews.js'
import type { HubWorld } from './hubWorld.js'
import type { Link } from './memoryTransport.js'
import { acceptDraft, deleteMessage, editMessage, reactToMessage, recallMessage, type Change, type Decision } from './messageRules.js'
import { acceptReport } from './receiptRules.js'
import { notSent, undecided } from '../refusal.js'
import { uploadAsDataUrl } from './uploadAsDataUrl.js'

interface Caller {
  link(): Link | null
  userId(): string | null
  during<T>(link: Link, work: Promise<T>): Promise<T>
  disconnect(): void
  /** No answer will come to what was asked after row `since`; what the hub made of it is told at the next connect. */
  unanswered(since: number): void
}

type Calls = Required<Omit<Transport, 'capabilities' | 'connect' | 'on' | 'close'>>

export function deviceCalls(world: HubWorld, caller: Caller): Calls {
  const { core, clock, capabilities } = world
  const { limits } = capabilities

  /** Runs `decide` as the connected user. */
  async function call<T>(subject: Omit<FaultSubject, 'userId'>, decide: (state: HubState, userId: string, origin: string) => Decision<T>, signal?: AbortSignal): Promise<T> {
    const link = caller.link()
    const userId = caller.userId()
    if (!link?.online || userId === null) throw notSent('This device is not connected, so nothing left it. It is sent when the connection is back.')
    if (signal?.aborted) throw new TransportError('transport/aborted', 'The call was given up before it left the device.', { stored: 'no', retry: 'yes' })
    const run = () => core.run((state) => decide(state, userId, link.origin), subject.on === 'report' ? 'receipt' : 'intent')
    const since = core.peek().seq
    const work = travelAndRun(link, world.faults.take({ ...subject, userId }), run)
    return caller.during(link, signal ? untilAborted(work, signal, () => caller.unanswered(since)) : work)
  }

  async function travelAndRun<T>(link: Link, fault: FaultRule | undefined, run: () => Promise<T>): Promise<T> {
    await world.travel()
    // What was on its way when the connection broke never arrives.
    if (link.ended) return never()
    switch (fault?.do) {
      case undefined: break
      case 'drop': return silence()
      case 'hang': return never()
      case 'refuse': throw new TransportError(fault.code ?? 'transport/server', 'The hub refused this call, as scripted.', { stored: fault.stored ?? 'no', retry: fault.retry ?? 'yes' })
      case 'delay': await world.wait(fault.delayMs ?? 1000); break
      case 'repeat': await run(); break
      case 'dropAnswer': caller.unanswered(core.peek().seq); await run(); return silence()
      case 'disconnect': await run(); caller.disconnect(); return never()
    }
    const answer = await run()
    await world.travel()
    return answer
  }

  async function silence(): Promise<never> {
    await world.wait(world.answerTimeoutMs)
    throw undecided('transport/timeout', `No answer came within ${world.answerTimeoutMs} ms, so the hub may have it. The same localId is tried again.`)
  }

  const change = (by: string, conversationId: string, id: string): Change => ({ by, conversationId, id, time: clock.now(), limits })
  const write = (method: string, decide: (state: HubState, userId: string) => readonly HubRecord[]) => call<void>({ on: 'call', method }, (state, userId) => ({ records: decide(state, userId), answer: undefined }))
  const read = <T>(method: string, view: (state: HubState, userId: string) => T) => call<T>({ on: 'call', method }, (state, userId) => ({ records: [], answer: view(state, userId) }))

  return {
    send: (draft: Draft, signal) => call({ on: 'send', draft, method: 'send' }, (state, from, origin) => acceptDraft(state, { from, draft, id: world.random.id(), time: clock.now(), limits, origin }), signal),
    report: (report: Report, signal) => call<void>({ on: 'report', report, method: 'report' }, (state, by, origin) => ({ records: acceptReport(state, { by, report, now: clock.now(), limits, origin }), answer: undefined }), signal),
    conversations: (page) => read('conversations', (state, userId) => conversationsPage(state, userId, page)),
    members: (id, page) => read('members', (state, userId) => paged([...requireMember(state, id, userId).members.values()], page)),
    readStates: (id) => read('readStates', (state, userId) => readStatesView(requireMember(state, id, userId), userId)),
    history: (id, query) => read('history', (state, userId) => historyPage(state, userId, id, query)),
    readers: (id, messageId, page) => read('readers', (state, userId) => readersPage(state, userId, id, messageId, page)),
    // All but messages and receipts are told to the device itself too.
    join: (id) => call<void>({ on: 'call', method: 'join' }, (state, userId) => ({ records: joinConversation(state, id, userId, limits), answer: undefined })),
    leave: (id) => call<void>({ on: 'call', method: 'leave' }, (state, userId) => ({ records: removeMember(requireConversation(state, id), userId), answer: undefined })),
    ensureConversation: (seed) => call<void>({ on: 'call', method: 'ensureConversation' }, (state, userId) => {
      const known = state.conversations.get(seed.id)
      if (known && !isMember(known, userId)) requireMember(state, seed.id, userId)
      return { records: makeConversation(state, seed, userId, limits), answer: undefined }
    }),
    edit: (id, messageId, body) => write('edit', (state, by) => editMessage(state, change(by, id, messageId), body)),
    recall: (id, messageId) => write('recall', (state, by) => recallMessage(state, change(by, id, messageId))),
    delete: (id, messageId) => write('delete', (state, by) => deleteMessage(state, change(by, id, messageId))),
    react: (id, messageId, emoji, on) => write('react', (state, by) => reactToMessage(state, change(by, id, messageId), emoji, on)),
    async typing(id, on) {
      const others = await read('typing', (state, userId) => [...requireMember(state, id, userId).members.keys()].filter((one) => one !== userId && isMember(requireConversation(state, id), one)))
      const by = caller.userId()
      if (by !== null) world.whisper(others, { type: 'typing', conversationId: id, by, on })
    },
    async presence(presence) {
      const userId = await read('presence', (_state, one) => one)
      world.presenceChanged(userId, presence)
    },
    upload: (file, options) => uploadAsDataUrl(file, options),
  }
}

function never(): Promise<never> {
  return new Promise(() => {})
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal, onAbort: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      onAbort()
      reject(undecided('transport/aborted', 'The call was given up while it was under way, so the hub may have it.'))
    }
    signal.addEventListener('abort', abort, { once: true })
    const leave = () => signal.removeEventListener('abort', abort)
    work.then((value) => { leave(); resolve(value) }, (error: unknown) => { leave(); reject(error as Error) })
  })
}

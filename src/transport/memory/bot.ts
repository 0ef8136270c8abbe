/** Somebody on the hub who behaves as people do: gets a message, reads it a little later, types, answers. */
import type { ConversationId, Point, Stop, UserId } from '../../model/index.js'
import type { IncomingMessage } from '../transport.js'
import { botReply } from './botScript.js'
import { coversPoint } from '../../receipts/coversPoint.js'
import { headOf, isMember, trailKey, type ConversationState, type HubState } from './hubState.js'
import type { HubWorld } from './hubWorld.js'
import { acceptDraft } from './messageRules.js'
import { acceptReport } from './receiptRules.js'

/** @public */
export interface BotOptions {
  readonly userId: UserId
  /** What others call them; a text in a group that contains it is meant for them. Default the user id. */
  readonly name?: string
  /** Whether their device confirms delivery, or after how many milliseconds; default after 150. */
  readonly delivers?: boolean | number
  /** Whether they read, or after how many milliseconds; default as long as reading takes. */
  readonly reads?: boolean | number
  /** Whether they answer, and what: null = not this time. Default: from a small script. Bots do not answer bots. */
  readonly replies?: boolean | ((text: string, message: IncomingMessage) => string | null)
}

const DELIVERY_MS = 150
/** Noticing takes this long, milliseconds; then each letter. */
const NOTICE_MS = 900
const READ_MS_PER_LETTER = 18
const LONGEST_READ_MS = 4_000
const TYPE_MS_PER_LETTER = 45
const LONGEST_TYPING_MS = 4_500

export interface Bot {
  readonly userId: UserId
  /** Looks at a conversation: confirms, reads and answers what is new. */
  notice(conversationId: ConversationId): void
  /** Looks at everything, as after being away. */
  wake(): void
  stop(): void
}

export function createBot(world: HubWorld, options: BotOptions, others: { isBot(userId: UserId): boolean; countIn(conversation: ConversationState): number }): Bot {
  const { core, clock, random } = world
  const { userId } = options
  const timers = new Map<string, Stop>()
  let stopped = false
  let lastSaid: string | null = null

  /** Runs once; a second one for the same matter waits for the first and finds nothing left to do. */
  function later(matter: string, delayMs: number, act: () => Promise<unknown>): void {
    if (timers.has(matter) || stopped) return
    timers.set(matter, clock.setTimer(() => {
      timers.delete(matter)
      if (!stopped && world.hasNetwork(userId)) act().catch(ignoreRefusal)
    }, delayMs))
  }

  function notice(conversationId: ConversationId): void {
    const conversation = core.peek().conversations.get(conversationId)
    if (stopped || !world.hasNetwork(userId) || !conversation || !isMember(conversation, userId)) return
    const head = headOf(conversation)
    const newest = conversation.entries.at(-1)
    if (!head || !newest || newest.from === userId) return
    const { delivers = true, reads = true } = options
    if (delivers !== false && !covered(conversation, 'delivered', head)) later(`delivered ${conversationId}`, typeof delivers === 'number' ? delivers : DELIVERY_MS, () => report(conversationId, 'delivered'))
    if (reads === false) {
      if (!covered(conversation, 'delivered', head)) answerLater(conversation, newest, NOTICE_MS)
    } else if (!covered(conversation, 'read', head)) {
      later(`read ${conversationId}`, typeof reads === 'number' ? reads : readingTimeMs(newest), () => readAndAnswer(conversationId))
    }
  }

  function covered(conversation: ConversationState, kind: 'delivered' | 'read', head: Point): boolean {
    const trail = conversation.trails.get(trailKey(userId, kind, 'published'))
    return trail !== undefined && coversPoint(trail.progress, head)
  }

  function readingTimeMs(message: IncomingMessage): number {
    return Math.min(LONGEST_READ_MS, NOTICE_MS + textOf(message).length * READ_MS_PER_LETTER) * (0.8 + random.next() * 0.4)
  }

  /** What arrived while it was being read is read too. */
  async function report(conversationId: ConversationId, kind: 'delivered' | 'read'): Promise<void> {
    await core.run((state: HubState) => {
      const conversation = state.conversations.get(conversationId)
      const upTo = conversation ? headOf(conversation) : null
      if (!conversation || !upTo) return { records: [], answer: undefined }
      const body = { conversation: { id: conversationId, kind: conversation.kind }, kind, visibility: 'published' as const, upTo, ranges: [], messages: [], ageMs: 0 }
      return { records: acceptReport(state, { by: userId, report: body, now: clock.now(), limits: {} }), answer: undefined }
    })
  }

  async function readAndAnswer(conversationId: ConversationId): Promise<void> {
    await report(conversationId, 'read')
    const conversation = core.peek().conversations.get(conversationId)
    const newest = conversation?.entries.at(-1)
    if (conversation && newest) answerLater(conversation, newest, 300 + random.next() * 700)
  }

  function answerLater(conversation: ConversationState, message: IncomingMessage, delayMs: number): void {
    if (options.replies === false || message.from === userId || others.isBot(message.from) || message.recalledAt !== undefined || message.deletedAt !== undefined) return
    if (!isMeant(conversation, message)) return
    const text = typeof options.replies === 'function' ? options.replies(textOf(message), message) : botReply(message.body, random, lastSaid)
    if (text === null || text === '') return
    lastSaid = text
    later(`type ${conversation.id}`, delayMs, async () => {
      setTyping(conversation, true)
      later(`answer ${conversation.id}`, Math.min(LONGEST_TYPING_MS, 400 + text.length * TYPE_MS_PER_LETTER), () => say(conversation, text))
    })
  }

  /** In a group about one bot answers; one that is named always does. */
  function isMeant(conversation: ConversationState, message: IncomingMessage): boolean {
    if (conversation.kind === 'direct') return true
    const named = textOf(message).toLowerCase().includes((options.name ?? userId).toLowerCase())
    return named || random.next() < 1 / Math.max(1, others.countIn(conversation))
  }

  async function say(conversation: ConversationState, text: string): Promise<void> {
    setTyping(conversation, false)
    const draft = { localId: random.id(), conversation: { id: conversation.id, kind: conversation.kind }, body: { kind: 'text' as const, text } }
    await core.run((state) => acceptDraft(state, { from: userId, draft, id: random.id(), time: clock.now(), limits: {} }))
  }

  function setTyping(conversation: ConversationState, on: boolean): void {
    const to = [...conversation.members.keys()].filter((one) => one !== userId && isMember(conversation, one))
    world.whisper(to, { type: 'typing', conversationId: conversation.id, by: userId, on })
  }

  return {
    userId,
    notice,
    wake() {
      for (const id of core.peek().conversations.keys()) notice(id)
    },
    stop() {
      stopped = true
      for (const stop of timers.values()) stop()
      timers.clear()
    },
  }
}

function textOf({ body }: IncomingMessage): string {
  return body.kind === 'text' || body.kind === 'system' ? body.text : ''
}

/** A bot that was removed meanwhile, or a hub that is closing: there is nobody to tell. */
function ignoreRefusal(): void {}

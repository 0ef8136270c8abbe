/** People, devices and conversations of one case, and how to wait for what they are told. */
import { comparePoints, NO_PROGRESS, systemClock, systemRandom, type ConversationKind, type ConversationRef, type Point, type PointRange, type Progress, type ReceiptKind, type UserId } from '../../model/index.js'
import { coversPoint, joinProgress, toProgress } from '../../receipts/index.js'
import { TransportError, type Accepted, type Draft, type IncomingMessage, type IncomingReceipt, type Transport, type TransportCapabilities, type TransportErrorCode, type TransportEvent } from '../../transport/index.js'
import type { TransportRig, TransportSetup } from './setup.js'

const PATIENCE_MS = 5_000
const QUIET_MS = 60
const STEP_MS = 5

type EventOf<Type extends TransportEvent['type']> = Extract<TransportEvent, { type: Type }>

export interface SceneConversation extends ConversationRef {
  readonly members: readonly UserId[]
}

export interface SceneDevice {
  readonly userId: UserId
  readonly transport: Transport
  /** Everything it was told, in order. */
  readonly events: TransportEvent[]
  of<Type extends TransportEvent['type']>(type: Type): EventOf<Type>[]
  messages(conversation: ConversationRef): IncomingMessage[]
  /** What this device knows of `by` by joining every receipt. */
  progress(conversation: ConversationRef, by: UserId, kind: ReceiptKind): Progress
  knows(conversation: ConversationRef, by: UserId, kind: ReceiptKind, accepted: Accepted): boolean
  say(conversation: ConversationRef, text: string, extra?: Partial<Draft>): Promise<Accepted>
  report(conversation: ConversationRef, kind: ReceiptKind, told: { upTo?: Point; ranges?: readonly PointRange[]; messages?: readonly Accepted[]; from?: UserId; visibility?: 'published' | 'ownDevices'; ageMs?: number; content?: string }): Promise<void>
  lastCursor(): string | undefined
}

export interface ConnectHow {
  readonly since?: string
  readonly transport?: Transport
  readonly token?: (reason: 'connect' | 'expired') => Promise<string | undefined>
}

export interface Scene {
  readonly rig: TransportRig
  readonly capabilities: TransportCapabilities
  user(name: string): UserId
  conversation(kind: ConversationKind, ...names: string[]): Promise<SceneConversation>
  connect(name: string, how?: ConnectHow): Promise<SceneDevice>
  /** Waits until `what` holds; rejects with the sentence when it does not in time. */
  until(what: string, holds: () => boolean): Promise<void>
  /** Long enough for anything that is on its way. */
  quiet(): Promise<void>
  pass(ms: number): Promise<void>
  newLocalId(): string
}

export function createScene(setup: TransportSetup, rig: TransportRig): Scene {
  const run = systemRandom.id().slice(0, 8)
  const conversations: SceneConversation[] = []
  const pass = rig.pass ?? ((ms: number) => new Promise<void>((resolve) => { systemClock.setTimer(resolve, ms) }))
  const user = (name: string) => rig.userId?.(name) ?? `${name}-${run}`

  async function until(what: string, holds: () => boolean): Promise<void> {
    const patienceMs = setup.patienceMs ?? PATIENCE_MS
    for (let waited = 0; waited <= patienceMs; waited += STEP_MS) {
      if (holds()) return
      await pass(STEP_MS)
    }
    if (!holds()) throw new Error(`Expected that ${what}; after ${patienceMs} ms it is not so.`)
  }

  async function conversation(kind: ConversationKind, ...names: string[]): Promise<SceneConversation> {
    const made = { id: `c-${systemRandom.id().slice(0, 12)}`, kind, members: names.map(user) }
    conversations.push(made)
    await rig.makeConversation?.(made)
    return made
  }

  async function connect(name: string, how: ConnectHow = {}): Promise<SceneDevice> {
    const userId = user(name)
    const transport = how.transport ?? rig.transport(userId)
    const device = createDevice(userId, transport)
    const token = how.token ?? (() => rig.token?.(userId) ?? Promise.resolve(undefined))
    const known = conversations.filter((one) => one.members.includes(userId))
    await transport.connect({ userId, token, conversations: known, ...(how.since === undefined ? {} : { since: how.since }) })
    return device
  }

  return { rig, capabilities: setup.capabilities, user, conversation, connect, until, quiet: () => pass(setup.quietMs ?? QUIET_MS), pass, newLocalId: () => systemRandom.id() }
}

function createDevice(userId: UserId, transport: Transport): SceneDevice {
  const events: TransportEvent[] = []
  transport.on((event) => events.push(event))
  const of = <Type extends TransportEvent['type']>(type: Type) => events.filter((event): event is EventOf<Type> => event.type === type)
  const messages = (conversation: ConversationRef) => of('message').map((event) => event.message).filter((message) => message.conversationId === conversation.id)
  const progress = (conversation: ConversationRef, by: UserId, kind: ReceiptKind) => of('receipt')
    .filter((receipt) => receipt.by === by && receipt.kind === kind && (receipt.conversationId ?? conversation.id) === conversation.id)
    .reduce<Progress>((sum, receipt) => joinProgress(sum, progressOf(receipt, messages(conversation))), NO_PROGRESS)
  return {
    userId, transport, events, of, messages, progress,
    knows: (conversation, by, kind, accepted) => (accepted.at !== undefined && coversPoint(progress(conversation, by, kind), accepted.at)) || namesMessage(of('receipt'), by, kind, accepted),
    say: (conversation, text, extra = {}) => transport.send({ localId: systemRandom.id(), conversation: { id: conversation.id, kind: conversation.kind }, body: { kind: 'text', text }, ...extra }),
    report: (conversation, kind, { upTo, ranges = [], messages: named = [], from = '', visibility = 'published', ageMs = 0, content }) => transport.report({
      conversation: { id: conversation.id, kind: conversation.kind }, kind, visibility, upTo: upTo ?? null, ranges, ageMs,
      messages: named.map(({ id, at, localId }) => ({ id, at: at!, localId, from })),
      ...(content === undefined ? {} : { content }),
    }),
    lastCursor: () => of('cursor').at(-1)?.cursor,
  }
}

function progressOf(receipt: IncomingReceipt, known: readonly IncomingMessage[]): Progress {
  const points = known.filter((message) => receipt.ids?.includes(message.id)).map((message) => message.at)
  return toProgress(receipt.upTo ?? null, [...(receipt.ranges ?? []), ...points.map((at) => ({ from: at, to: at }))])
}

function namesMessage(receipts: readonly IncomingReceipt[], by: UserId, kind: ReceiptKind, { id }: Accepted): boolean {
  return receipts.some((receipt) => receipt.by === by && receipt.kind === kind && receipt.ids?.includes(id))
}

/** Throws the sentence unless `holds`. */
export function check(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Error(sentence)
}

export function checkEqual(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)]
  check(a === b, `Expected ${what} to be ${b}, and it is ${a}.`)
}

/** The point of an accepted message; on wires that give none the case cannot be asked. */
export function pointOf(accepted: Accepted): Point {
  check(accepted.at !== undefined, `The answer to "${accepted.localId}" has no point.`)
  return accepted.at
}

/** What `call` rejects with, which must be a TransportError. */
export async function refusalOf(call: Promise<unknown>, what: string): Promise<TransportError> {
  try {
    await call
  } catch (error) {
    check(error instanceof TransportError, `${what} must reject with a TransportError, and rejected with ${String(error)}.`)
    return error
  }
  throw new Error(`${what} must be refused, and was taken.`)
}

/** Not one's own; a back end may also keep to itself that there is such a thing. */
export const FOREIGN: readonly TransportErrorCode[] = ['transport/forbidden', 'transport/notFound']

/** The back end said no for good, and why. */
export async function checkRefused(call: Promise<unknown>, what: string, codes: readonly TransportErrorCode[]): Promise<void> {
  const { code, stored, retry } = await refusalOf(call, what)
  checkEqual({ stored, retry }, { stored: 'no', retry: 'no' }, `the refusal of ${what}`)
  check(codes.some((each) => each === code), `${what} must be refused with ${codes.join(' or ')}, and was refused with ${code}. Map your own codes onto these.`)
}

export function texts(messages: readonly IncomingMessage[]): readonly string[] {
  return messages.map(({ body }) => (body.kind === 'text' ? body.text : body.kind))
}

export function isAscending(messages: readonly IncomingMessage[]): boolean {
  return messages.every((message, n) => n === 0 || comparePoints(messages[n - 1]!.at, message.at) < 0)
}

export function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, n) => n)
}

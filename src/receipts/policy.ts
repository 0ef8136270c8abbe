import { ChatError, type ConversationKind, type MemberRole } from '../model/index.js'
import { DEFAULT_DWELL_POLICY } from './dwellPolicy.js'

/** `upTo`: reading a message reads everything before it. `perMessage`: only what was seen is read. @public */
export type ReadMode = 'upTo' | 'perMessage'

/** What the blue double check means in a group. @public */
export type GroupStatusRule = 'any' | 'all' | { readonly atLeast: number }

/**
 * Who reports what, when, and what the icons mean. Plain data; every default names its source.
 * @public
 */
export interface ReceiptPolicy {
  readonly readMode: Readonly<Record<ConversationKind, ReadMode>>
  /** `dwell`: messages are read one by one as they are seen. `all`: entering a conversation reads everything in it (direct conversations only). */
  readonly onOpen: Readonly<Record<ConversationKind, 'dwell' | 'all'>>
  readonly groupStatus: GroupStatusRule
  /** Time a message must stay visible before it counts as read, milliseconds. */
  readonly dwellMs: number
  /** Share of the message or of the viewport that must be covered, (0, 1]. */
  readonly visibleFraction: number
  /** Whether the window must have the focus, not only be visible. */
  readonly requireFocus: boolean
  /** Who has touched no key, pointer, wheel or screen for so long reads nothing until they do, milliseconds; null (default) = whoever has the window in front is there. */
  readonly idleAfterMs: number | null
  /** First batch window of the reporter, milliseconds. */
  readonly flushMs: number
  /** Widest batch window while reads continue, milliseconds. */
  readonly maxFlushMs: number
  readonly maxBatch: number
  /** Groups above this size have no receipts. Default 500. */
  readonly maxGroupSize: number
  /** Whether the messages of a group have receipts always, or where the sender asked for them. `asWire` (default): as the wire has it. */
  readonly groupReceipts: 'asWire' | 'onRequest'
  /** Who may ask for receipts of a message in a group. Default: owner and admins. */
  readonly requesters: readonly MemberRole[]
  /** How long receipts that were asked for are taken after sending, milliseconds; null = for ever. Default 3 days. */
  readonly validForMs: number | null
  /** Messages with receipts that may be asked for in one group within 24 hours. Default 500. */
  readonly maxRequestsPerDay: number
  /** Receipts of one message that are listed with time and content; beyond, the newest takes the place of the oldest. Who read is never forgotten. Default 500. */
  readonly maxDetails: number
  /** Receipts this old lose their times and become one bit a member and message, milliseconds; null = never. Who read is never forgotten. Default 30 days. */
  readonly archiveAfterMs: number | null
  /** Who gave no sign of life for so long before a message was sent is not waited for, milliseconds; null (default) = everybody is. A sign is what they tell of receiving and reading, not what they write. */
  readonly silentAfterMs: number | null
  /** Whether who tells nobody what they read does not see what others read either. It is hidden, and still joined. Default false. */
  readonly reciprocal: boolean
}

/**
 * What "read" says of a message in a conversation of this kind. `seen`: it was before the reader's eyes for the dwell time.
 * `reached`: they got as far as it, or past it, or entered the conversation.
 * @public
 */
export function readMeaning({ readMode, onOpen }: Pick<ReceiptPolicy, 'readMode' | 'onOpen'>, kind: ConversationKind): 'seen' | 'reached' {
  return readMode[kind] === 'perMessage' && onOpen[kind] === 'dwell' ? 'seen' : 'reached'
}

const DAY_MS = 86_400_000

/** @public */
export const DEFAULT_RECEIPT_POLICY: ReceiptPolicy = /* @__PURE__ */ Object.freeze({
  ...DEFAULT_DWELL_POLICY,
  readMode: /* @__PURE__ */ Object.freeze({ direct: 'upTo', group: 'perMessage' } as const),
  onOpen: /* @__PURE__ */ Object.freeze({ direct: 'dwell', group: 'dwell' } as const),
  groupStatus: 'all',
  flushMs: 300,
  maxFlushMs: 1000,
  maxBatch: 250,
  maxGroupSize: 500,
  groupReceipts: 'asWire',
  requesters: /* @__PURE__ */ Object.freeze(['owner', 'admin'] as const),
  validForMs: 3 * DAY_MS,
  maxRequestsPerDay: 500,
  maxDetails: 500,
  archiveAfterMs: 30 * DAY_MS,
  silentAfterMs: null,
  reciprocal: false,
})

/**
 * The default policy with `changes` laid over it.
 * @throws ChatError `policy/invalid` naming the setting, the value and what it may be; also for a name that is no setting, and for what are no settings at all
 * @public
 */
export function createReceiptPolicy(changes: Partial<ReceiptPolicy> = {}): ReceiptPolicy {
  requireSettings(changes)
  const policy: ReceiptPolicy = { ...DEFAULT_RECEIPT_POLICY, ...changes }
  for (const kind of ['direct', 'group'] as const) requireOneOf(`readMode.${kind}`, policy.readMode?.[kind], ['upTo', 'perMessage'])
  requireOneOf('onOpen.direct', policy.onOpen?.direct, ['dwell', 'all'])
  // Members of a group read the latest screen; entering must not read what nobody scrolled up to.
  requireOneOf('onOpen.group', policy.onOpen?.group, ['dwell'])
  if (typeof policy.groupStatus === 'object') requireRange('groupStatus.atLeast', policy.groupStatus?.atLeast, 1, MANY)
  else requireOneOf('groupStatus', policy.groupStatus, ['any', 'all'])
  requireOneOf('groupReceipts', policy.groupReceipts, ['asWire', 'onRequest'])
  if (!Array.isArray(policy.requesters)) requireOneOf('requesters', policy.requesters, [])
  for (const role of policy.requesters) requireOneOf('requesters', role, ['owner', 'admin', 'member'])
  for (const name of ['requireFocus', 'reciprocal'] as const) requireOneOf(name, policy[name], [true, false])
  for (const [name, least, most] of [
    ['dwellMs', 0, 600_000],
    ['visibleFraction', Number.MIN_VALUE, 1],
    ['flushMs', 0, 60_000],
    ['maxFlushMs', policy.flushMs, 60_000],
    ['maxBatch', 1, 10_000],
    ['maxGroupSize', 2, MANY],
    ['maxRequestsPerDay', 0, MANY],
    ['maxDetails', 1, MANY],
  ] as const) requireRange(name, policy[name], least, most)
  for (const [name, most] of [['idleAfterMs', DAY_MS], ['validForMs', YEAR_MS], ['archiveAfterMs', 10 * YEAR_MS], ['silentAfterMs', 10 * YEAR_MS]] as const) {
    const ms = policy[name]
    if (ms !== null) requireRange(name, ms, 1000, most)
  }
  return policy
}

const MANY = 1_000_000
const YEAR_MS = 366 * DAY_MS

/** A name that is misspelt would leave the default in force, and nobody would know. */
function requireSettings(changes: object): void {
  if (typeof changes !== 'object' || !changes || Array.isArray(changes)) refuse('changes', changes, 'settings by name')
  for (const name of Object.keys(changes)) requireOneOf('name', name, Object.keys(DEFAULT_RECEIPT_POLICY))
}

function requireOneOf(name: string, value: unknown, allowed: readonly unknown[]): void {
  if (!allowed.includes(value)) refuse(name, value, allowed.map(shown).join(' or ') || 'a list of them')
}

/** A time or a share may be broken, a count may not. */
function requireRange(name: string, value: number, least: number, most: number): void {
  const isWhole = !/Ms|Fraction/.test(name)
  if (!(Number.isFinite(value) && value >= least && value <= most) || (isWhole && value % 1)) refuse(name, value, `a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}`)
}

function refuse(name: string, value: unknown, wanted: string): never {
  throw new ChatError(
    'policy/invalid',
    `Receipt policy "${name}" is ${shown(value)}, and must be ${wanted}. Receipts would be wrong. Leave it out for the default.`,
  )
}

/** Whatever it is, also what JSON has no word for. */
function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : Object(value) === value ? 'an object' : String(value as number)
}

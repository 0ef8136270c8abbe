import { ChatError, type ConversationKind, type MemberRole } from '../model/index.js'

/** `upTo`: reading a message reads everything before it. `perMessage`: only what was seen is read. @public */
export type ReadMode = 'upTo' | 'perMessage'

/** What the blue double check means in a group. @public */
export type GroupStatusRule = 'any' | 'all' | { readonly atLeast: number }

/**
 * Who reports what, when, and what the icons mean. Plain data, which nobody changes once it is made.
 * @public
 */
export interface ReceiptPolicy {
  /** Default: `upTo` in direct conversations, `perMessage` in groups. With `group: 'upTo'` a group is told that somebody got as far as a message, not that they saw it: {@link readMeaning} says `reached`. */
  readonly readMode: Readonly<Record<ConversationKind, ReadMode>>
  /** `dwell` (default): messages are read one by one as they are seen. `all`: entering a conversation reads everything in it (direct conversations only). */
  readonly onOpen: Readonly<Record<ConversationKind, 'dwell' | 'all'>>
  /** How many of a group must have read a message for the double check to be blue. Default: all. */
  readonly groupStatus: GroupStatusRule
  /** Time a message must stay visible before it counts as read, milliseconds. Default 800: less marks what was scrolled past, more loses quick readers. */
  readonly dwellMs: number
  /** Share of the message or of the viewport that must be covered, from 0.01 to 1. Default 0.5. */
  readonly visibleFraction: number
  /** Whether the window must have the focus, not only be visible. Default true. */
  readonly requireFocus: boolean
  /** Who has touched no key, pointer, wheel or screen for so long reads nothing until they do, milliseconds; null (default) = whoever has the window in front is there. */
  readonly idleAfterMs: number | null
  /** First batch window of the reporter, milliseconds. At most `maxFlushMs`. Default 300. */
  readonly flushMs: number
  /** Widest batch window while reads continue, milliseconds. Default 1,000. */
  readonly maxFlushMs: number
  /** Messages of one report. Default 250. */
  readonly maxBatch: number
  /** Groups above this size have no receipts. Default 500. */
  readonly maxGroupSize: number
  /** Whether the messages of a group have receipts always, or where the sender asked for them. `asWire` (default): as the wire has it. Where they are there always (`asWire`, and a wire that says `always`) nobody asks, so `requesters`, `maxRequestsPerDay` and `validForMs` do nothing. */
  readonly groupReceipts: 'asWire' | 'onRequest'
  /** Who may ask for receipts of a message in a group. Default: owner and admins. */
  readonly requesters: readonly MemberRole[]
  /**
   * How long after sending a message with receipts that were asked for, and that nobody has read, is said to be read by nobody, milliseconds; null = for ever. Then it has no number, for the reason `expired`. Default 3 days.
   * It refuses no receipt: until when those are taken is for the wire (`limits.receiptWindowMs`), and whoever reads later is counted.
   */
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
const MANY = 1_000_000
const YEAR_MS = 366 * DAY_MS

/** What a setting may be: one of a list, the default first, and of numbers whatever lies between the next two; or settings by name. Who asks and what the icon means are looked at apart. */
type Rule = readonly unknown[] | Rules
interface Rules { readonly [name: string]: Rule }

const RULES: Rules = {
  dwellMs: [800, 0, 600_000],
  visibleFraction: [0.5, 0.01, 1],
  requireFocus: [true, false],
  idleAfterMs: [null, 1000, DAY_MS],
  readMode: { direct: ['upTo', 'perMessage'], group: ['perMessage', 'upTo'] },
  // Members of a group read the latest screen; entering must not read what nobody scrolled up to.
  onOpen: { direct: ['dwell', 'all'], group: ['dwell'] },
  groupStatus: ['all', 'any'],
  flushMs: [300, 0, 60_000],
  maxFlushMs: [1000, 0, 60_000],
  maxBatch: [250, 1, 10_000],
  maxGroupSize: [500, 2, MANY],
  groupReceipts: ['asWire', 'onRequest'],
  requesters: [/* @__PURE__ */ Object.freeze(['owner', 'admin'])],
  validForMs: [3 * DAY_MS, 1000, YEAR_MS, null],
  maxRequestsPerDay: [500, 0, MANY],
  maxDetails: [500, 1, MANY],
  archiveAfterMs: [30 * DAY_MS, 1000, 10 * YEAR_MS, null],
  silentAfterMs: [null, 1000, 10 * YEAR_MS],
  reciprocal: [false, true],
}

/** @public */
export const DEFAULT_RECEIPT_POLICY = /* @__PURE__ */ defaultOf(RULES) as ReceiptPolicy

function defaultOf(rule: Rule): unknown {
  return isList(rule) ? rule[0] : settingsBy(rule, (_name, inner) => defaultOf(inner))
}

/**
 * The default policy with `changes` laid over it.
 * @throws ChatError `policy/invalid` naming the setting, the value and what it may be; also for a name that is no setting, and for what are no settings at all
 * @public
 */
export function createReceiptPolicy(changes: Partial<ReceiptPolicy> = {}): ReceiptPolicy {
  requireNames('changes', changes, RULES)
  const all: Readonly<Record<string, unknown>> = { ...DEFAULT_RECEIPT_POLICY, ...changes }
  const policy = settingsBy(RULES, (name, rule) => checked(name, all[name], rule)) as ReceiptPolicy
  if (policy.flushMs > policy.maxFlushMs) refuse('flushMs', policy.flushMs, `at most "maxFlushMs", ${policy.maxFlushMs}`)
  return policy
}

/** A copy, so that nobody changes it later. */
function checked(name: string, value: unknown, rule: Rule): unknown {
  if (name === 'requesters') return Object.freeze([...new Set(isList(value) ? value : refuse(name, value, 'a list of them'))].map((role) => requireAllowed(name, role, ['owner', 'admin', 'member'])))
  if (name === 'groupStatus' && Object(value) === value) rule = { atLeast: [1, 1, MANY] }
  if (isList(rule)) return requireAllowed(name, value, rule)
  requireNames(name, value as object, rule)
  return settingsBy(rule, (inner, its) => checked(`${name}.${inner}`, (value as Readonly<Record<string, unknown>>)[inner], its))
}

function settingsBy(rules: Rules, of: (name: string, rule: Rule) => unknown): object {
  return Object.freeze(Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, of(name, rule)])))
}

/** A name that is misspelt, or that a Map or a class hides, would leave the default in force, and nobody would know. */
function requireNames(where: string, settings: object, rules: Rules): void {
  // Of a plain object what stands behind it has nothing behind itself.
  if (!settings || Object.getPrototypeOf(Object.getPrototypeOf(settings) ?? settings)) refuse(where, settings, 'settings by name')
  for (const name of Object.keys(settings)) requireAllowed(`name in ${where}`, name, Object.keys(rules))
}

/** A time or a share may be broken, a count may not. */
function requireAllowed(name: string, value: unknown, allowed: readonly unknown[]): unknown {
  const [, least, most] = allowed as readonly number[]
  const mayBreak = /Ms|Fraction/.test(name)
  if (allowed.includes(value) || ((mayBreak ? Number.isFinite : Number.isInteger)(value) && (value as number) >= least! && (value as number) <= most!)) return value
  refuse(name, value, most! > 0 ? `a ${mayBreak ? '' : 'whole '}number from ${least} to ${most}` : allowed.map(shown).join(' or '))
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
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

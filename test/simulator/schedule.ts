/** What happens in one run: a list of plain steps, made from a seed. Steps refer to rows by share, so that leaving one out keeps the rest meaningful. */
import type { ReceiptVisibility } from 'readback/core'
import type { FaultAction, FaultPlace } from 'readback/transport/memory'
import { createPrng, type Prng } from './prng.js'

export const USERS = ['ann', 'bob', 'cat'] as const
/** Five devices of three users, one tab each. */
export const DEVICES = ['ann', 'ann', 'bob', 'bob', 'cat'] as const
/** A direct conversation, read as a prefix, and a group, read message by message. */
export const CONVERSATIONS = ['pair', 'team'] as const

type ConversationName = (typeof CONVERSATIONS)[number]
interface OfDevice { readonly d: number }
interface OfConversation extends OfDevice { readonly c: ConversationName }

export type Step = { /** Milliseconds before it; -1: in the same instant as the one before. */ readonly after: number } & (
  | ({ readonly do: 'send' | 'clear' | 'confirm' | 'older' | 'recall' | 'edit' } & OfConversation)
  | ({ readonly do: 'read' | 'view'; /** Where in the window, 0 to 1. */ readonly from: number; readonly count: number } & OfConversation)
  | ({ readonly do: 'jump'; readonly to: number | 'newest' | 'firstUnread' } & OfConversation)
  | ({ readonly do: 'receipts'; readonly to: ReceiptVisibility; readonly c?: ConversationName } & OfDevice)
  | ({ readonly do: 'off' | 'on' | 'restart' | 'crash' | 'fresh' | 'drop' } & OfDevice)
  | ({ readonly do: 'shift'; readonly ms: number } & OfDevice)
  | { readonly do: 'fault'; readonly on: FaultPlace; readonly action: FaultAction; readonly times: number; readonly delayMs: number }
  | { readonly do: 'leave' | 'join'; readonly user: string }
  | { readonly do: 'reset'; readonly c: ConversationName; readonly lose: number }
  | { readonly do: 'wait'; readonly ms: number }
)

export interface Schedule {
  readonly seed: number
  readonly latencyMs: number
  /** Messages that are there before anybody comes. */
  readonly seeded: number
  readonly steps: readonly Step[]
}

/** Kinds of trouble are switched on a schedule at a time: a run in which everything always fails reaches nothing. */
interface Mood {
  readonly faults: boolean
  readonly offline: boolean
  readonly restarts: boolean
  readonly privacy: boolean
  readonly membership: boolean
  readonly resets: boolean
  readonly clocks: boolean
}

export function makeSchedule(seed: number, length = 60): Schedule {
  const random = createPrng(seed, 'schedule')
  const mood: Mood = {
    faults: random.chance(0.5), offline: random.chance(0.5), restarts: random.chance(0.4), privacy: random.chance(0.4),
    membership: random.chance(0.3), resets: random.chance(0.15), clocks: random.chance(0.25),
  }
  const steps: Step[] = []
  for (let index = 0; index < length; index += 1) steps.push(makeStep(random, mood))
  return { seed, latencyMs: random.pick([0, 5, 40, 120]), seeded: random.pick([0, 4, 40]), steps }
}

function makeStep(random: Prng, mood: Mood): Step {
  const after = random.pick([-1, 0, 1, 15, 60, 250, 900, 2_500])
  const d = random.int(DEVICES.length)
  const c = random.pick(CONVERSATIONS)
  const choices: (() => Step)[] = []
  const add = (weight: number, make: () => Step) => {
    for (let each = 0; each < weight; each += 1) choices.push(make)
  }
  add(10, () => ({ after, do: 'send', d, c }))
  add(14, () => ({ after, do: 'read', d, c, from: random.next(), count: 1 + random.int(random.chance(0.2) ? 30 : 3) }))
  add(2, () => ({ after, do: 'view', d, c, from: random.next(), count: 1 }))
  add(2, () => ({ after, do: 'jump', d, c, to: random.pick(['newest', 'firstUnread', random.next()]) }))
  add(2, () => ({ after, do: 'older', d, c }))
  add(1, () => ({ after, do: 'clear', d, c }))
  add(1, () => ({ after, do: 'recall', d, c }))
  add(1, () => ({ after, do: 'edit', d, c }))
  add(2, () => ({ after, do: 'wait', ms: random.pick([200, 1_500, 8_000]) }))
  if (mood.privacy) add(4, () => ({ after, do: 'receipts', d, to: random.pick(['public', 'private', 'off']), ...(random.chance(0.5) ? { c } : {}) }))
  if (mood.privacy) add(1, () => ({ after, do: 'confirm', d, c }))
  if (mood.offline) add(5, () => ({ after, do: random.pick(['off', 'on', 'on', 'drop']), d }))
  if (mood.restarts) add(3, () => ({ after, do: random.pick(['restart', 'crash', 'crash', 'fresh']), d }))
  if (mood.clocks) add(2, () => ({ after, do: 'shift', d, ms: random.pick([-86_400_000, -3_600_000, 3_600_000, 86_400_000]) }))
  if (mood.membership) add(2, () => ({ after, do: random.pick(['leave', 'join', 'join']), user: random.pick(['bob', 'cat']) }))
  if (mood.resets) add(1, () => ({ after, do: 'reset', c, lose: random.int(4) }))
  if (mood.faults) add(6, () => ({ after, do: 'fault', on: random.pick(['send', 'report', 'event', 'event', 'connect', 'call']), action: random.pick(FAULTS), times: 1 + random.int(3), delayMs: random.pick([50, 400, 3_000]) }))
  return random.pick(choices)()
}

const FAULTS: readonly FaultAction[] = ['drop', 'dropAnswer', 'delay', 'repeat', 'refuse', 'disconnect', 'hang']

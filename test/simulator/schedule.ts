/** What happens in one run: a list of plain steps, made from a seed. Steps refer to rows by share, so that leaving one out keeps the rest meaningful. */
import type { ReadMode, ReceiptVisibility } from 'readback/core'
import type { FaultAction, FaultPlace } from 'readback/transport/memory'
import { withAccounts } from './accountSteps.js'
import type { DeletionWorld } from './deletions.js'
import type { DiskFault } from './disk.js'
import type { ReceiptLoss } from './lostReceipts.js'
import type { Timing } from './timed.js'
import { createPrng, type Prng } from './prng.js'
import { drawRare, withBetween } from './rare.js'

export const USERS = ['ann', 'bob', 'cat'] as const
/** Five devices of three users. */
export const DEVICES = ['ann', 'ann', 'bob', 'bob', 'cat'] as const
/** A direct conversation, read as a prefix, and a group, read message by message; some worlds have it otherwise. */
export const CONVERSATIONS = ['pair', 'team'] as const

/** Tabs of one device, where a world has several. */
export const TABS = 3

/** What the browsers of such a world have, and what goes wrong in them. */
export interface TabWorld {
  readonly locks: boolean
  readonly channel: boolean
  /** Share of the news between tabs that is late, lost or doubled. */
  readonly trouble: number
}

/** How the wire of a world differs from the hub, which can do everything. */
export interface WireWorld {
  /** What one receipt can say. */
  readonly scope: 'ranges' | 'point' | 'message'
  /** Numbers are not consecutive. */
  readonly sparse: boolean
  /** Absent: numbers order. Else only time does, and nothing is consecutive. */
  readonly timing?: Timing
  /** Events overtake each other. */
  readonly late: boolean
  /** Now and then something is handed over that is no event, and a message without a body. */
  readonly garbled: boolean
}

/** How a device learns what was said while it was away, where the wire has no cursor. */
export interface CatchUpWorld {
  readonly how: 'queue' | 'none'
  /** Whether the wire can be asked for what was said before. */
  readonly history: boolean
  readonly receipts: 'replay' | 'fetch'
}

/** What reading one message reads, and whether entering a direct conversation reads all of it. */
export interface ReadingWorld {
  readonly direct: ReadMode
  readonly group: ReadMode
  readonly entering: 'dwell' | 'all'
}

/** As the policy has it. */
export const USUAL_READING: ReadingWorld = { direct: 'upTo', group: 'perMessage', entering: 'dwell' }

/** What somebody does to a list on screen, and what becomes of its page: `jump` moves it and settles later, `slow` has timers once a second, `sleep` none. */
export type PageAct = (typeof PAGE_ACTS)[number]
const PAGE_ACTS = ['open', 'scroll', 'jump', 'cover', 'load', 'hide', 'blur', 'front', 'sleep', 'slow', 'close'] as const

type ConversationName = (typeof CONVERSATIONS)[number]
interface OfDevice { readonly d: number; /** Which tab of it, where there are several. */ readonly t?: number }
interface OfConversation extends OfDevice { readonly c: ConversationName }

export type Step = { /** Milliseconds before it; -1: in the same instant as the one before. */ readonly after: number } & (
  | ({ readonly do: 'send' | 'clear' | 'confirm' | 'older' | 'recall' | 'edit' | 'discard' | 'retry' | 'hide' | 'react' | 'reply' | 'foreign' | 'delete' | 'enter' } & OfConversation)
  | ({ readonly do: 'read' | 'view'; /** Where in the window, 0 to 1. */ readonly from: number; readonly count: number } & OfConversation)
  | ({ readonly do: 'jump'; readonly to: number | 'newest' | 'firstUnread' } & OfConversation)
  /** Room is made: what is read and older than so long goes. */
  | ({ readonly do: 'prune'; readonly keptMs: number } & OfConversation)
  /** A file of it to another device, of whomever that is. */
  | ({ readonly do: 'carry'; readonly to: number } & OfConversation)
  | ({ readonly do: 'receipts'; readonly to: ReceiptVisibility; readonly c?: ConversationName } & OfDevice)
  | ({ readonly do: 'off' | 'on' | 'restart' | 'crash' | 'fresh' | 'drop' | 'evict' } & OfDevice)
  | ({ readonly do: 'shift'; readonly ms: number } & OfDevice)
  /** `look`: this tab comes to the front. `steal`: another page takes the lock. `twoLeaders`: every tab is given the lock, until `oneLeader`. */
  | ({ readonly do: 'freeze' | 'wake' | 'closeTab' | 'crashTab' | 'openTab' | 'look' | 'steal' | 'twoLeaders' | 'oneLeader' } & OfDevice)
  /** Somebody looks at a list on this tab's screen; `at`: where, 0 to 1. */
  | ({ readonly do: 'page'; readonly act: PageAct; readonly at: number; readonly ms: number } & OfConversation)
  /** Somebody signs out in this tab; somebody signs in in it, whoever is signed in in the others; unfinished words are left in the composer. */
  | ({ readonly do: 'signOut'; readonly data: 'keep' | 'wipe' } & OfDevice)
  | ({ readonly do: 'signIn'; readonly user: string } & OfDevice)
  | ({ readonly do: 'draft' } & OfConversation)
  | ({ readonly do: 'disk'; readonly trouble: DiskFault; readonly times: number } & OfDevice)
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
  /** Absent: one tab a device, which shares nothing. */
  readonly tabs?: TabWorld
  /** Absent: the wire can do all that the hub can. */
  readonly wire?: WireWorld
  /** Absent: by a cursor, as the hub. */
  readonly catchUp?: CatchUpWorld
  /** Absent: the wire can be asked for all conversations. */
  readonly unlisted?: true
  /** Absent: nobody deletes anything for all. */
  readonly deletions?: DeletionWorld
  /** Absent: what was told of reading is told again, or can be asked for. */
  readonly lostReceipts?: ReceiptLoss
  /** Absent: as the policy has it. */
  readonly reading?: ReadingWorld
  /** Receipts this old become bits, milliseconds, soon and again and again. Absent: nothing is archived in the time of a schedule. */
  readonly archiveAfterMs?: number
  /** Most readings that wait for each other. Absent: the policy's own. */
  readonly batch?: number
  /** Several people use one device, one after the other. Absent: each has their own. */
  readonly accounts?: boolean
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
  /** Taking back what waits, trying again what failed, deleting for oneself, reactions and replies. */
  readonly deeds: boolean
  /** Lists on screen, that are read by being looked at. */
  readonly pages: boolean
  readonly tabs: TabMood | null
}

interface TabMood {
  readonly freezing: boolean
  readonly closing: boolean
  readonly stealing: boolean
  readonly doubled: boolean
  readonly disks: boolean
  readonly evicting: boolean
  readonly foreign: boolean
}

export interface ScheduleShape {
  /** Steps; default 60. */
  readonly length?: number
  /** Several tabs a device; default one. */
  readonly tabs?: boolean
  /** People sign out on a device, and others in; its tabs are several then. The steps are those of the same seed without, with more between them. */
  readonly accounts?: boolean
}

/** All write at once, and every connection breaks while some of it is under way. */
export const BREAK: readonly Step[] = [
  ...DEVICES.map((_, d): Step => ({ after: 60, do: 'send', d, c: 'team' })),
  ...DEVICES.map((_, d): Step => ({ after: d === 0 ? 700 : 0, do: 'drop', d })),
  { after: 250, do: 'wait', ms: 8_000 },
]

export function makeSchedule(seed: number, shape: ScheduleShape = {}): Schedule {
  if (!shape.accounts) return makePlainSchedule(seed, shape)
  // What is kept in a queue is of one account.
  const { catchUp: _none, ...plain } = makePlainSchedule(seed, { ...shape, tabs: true })
  return { ...plain, accounts: true, steps: withAccounts(plain.steps, createPrng(seed, 'accounts'), { devices: DEVICES, users: USERS, tabs: TABS }) }
}

function makePlainSchedule(seed: number, { length = 60, tabs = false }: ScheduleShape): Schedule {
  const random = createPrng(seed, 'schedule')
  const mood: Mood = {
    deeds: createPrng(seed, 'deeds').chance(0.5),
    pages: createPrng(seed, 'pages').chance(0.3),
    tabs: tabs ? makeTabMood(createPrng(seed, 'tabs'), createPrng(seed, 'evicting')) : null,
    faults: random.chance(0.5), offline: random.chance(0.5), restarts: random.chance(0.4), privacy: random.chance(0.4),
    membership: random.chance(0.3), resets: random.chance(0.15), clocks: random.chance(0.25),
  }
  const steps: Step[] = []
  for (let index = 0; index < length; index += 1) steps.push(makeStep(random, mood))
  const [kind, catchUp] = [makeWireWorld(createPrng(seed, 'wire')), makeCatchUpWorld(createPrng(seed, 'catchUp'))]
  const isLossy = kind.wire?.late && catchUp.catchUp?.how === 'none'
  const plain: Schedule = { seed, latencyMs: random.pick([0, 5, 40, 120]), seeded: random.pick([0, 4, 40]), ...(tabs ? { tabs: makeTabWorld(createPrng(seed, 'browser')) } : {}), ...kind, ...catchUp, ...(mood.pages ? { batch: createPrng(seed, 'batch').pick([4, 250]) } : {}), steps: isLossy ? [...steps, ...BREAK] : steps }
  return withRareActs(plain)
}

/** Each for a share of the seeds. */
function withRareActs(plain: Schedule): Schedule {
  const { seed, tabs } = plain
  let { steps } = plain
  const where = (random: Prng) => ({ after: random.pick([0, 15, 250, 900]), d: random.int(DEVICES.length), ...(tabs ? { t: random.int(TABS) } : {}), c: random.pick(CONVERSATIONS) })
  const add = (concern: string, draw: (random: Prng) => Step) => void (steps = withBetween(steps, createPrng(seed, `${concern} steps`), draw))
  const deletions = drawRare(seed, 'deletions', (random) => random.pick(['forGood', 'forGood', 'forAll'] as const))
  if (deletions) add('deletions', (random) => ({ ...where(random), do: 'delete' }))
  // Later than the latest message of a wire. A disk of one tab is for as long as its page, and nothing on it is archived.
  const archiveAfterMs = tabs ? drawRare(seed, 'archive', (random) => random.pick([10_000, 30_000])) : null
  const reading = drawRare(seed, 'reading', (random): ReadingWorld => ({ ...random.pick([{ direct: 'perMessage', group: 'upTo' }, { direct: 'perMessage', group: 'upTo' }, { direct: 'perMessage', group: 'perMessage' }, { direct: 'upTo', group: 'upTo' }] as const), entering: random.pick(['dwell', 'all'] as const) }))
  if (reading) add('entering', (random) => ({ ...where(random), do: 'enter', c: 'pair' }))
  // Later than the latest message of a wire.
  const prunes = drawRare(seed, 'pruning', () => true)
  if (prunes) add('pruning', (random) => ({ ...where(random), do: 'prune', keptMs: random.pick([10_000, 10_000, 60_000]) }))
  const carries = drawRare(seed, 'carrying', () => true)
  if (carries) add('carrying', (random) => ({ ...where(random), do: 'carry', to: random.int(DEVICES.length) }))
  // Nobody writes for longer than anything may be late.
  const silences = drawRare(seed, 'silences', () => true)
  if (silences) {
    // What is not told for as long, over a connection that holds, breaks what a wire promises.
    steps = steps.map((step) => (step.do === 'fault' && step.on === 'event' && !LATE_AT_MOST.has(step.action) ? { ...step, action: 'disconnect' } : step))
    add('silences', () => ({ after: 250, do: 'wait', ms: SILENCE_MS }))
  }
  // Of a wire that brings nothing again nobody would ever hear of one.
  const unlisted = plain.catchUp?.how === 'none' ? null : drawRare(seed, 'unlisted', () => true as const)
  const lostReceipts = drawRare(seed, 'lost receipts', (random) => random.pick(['whole', 'news'] as const))
  const timed = drawRare(seed, 'time', (random): WireWorld => ({ scope: random.pick(['message', 'message', 'ranges', 'point']), sparse: true, late: random.chance(0.5), garbled: random.chance(0.2), timing: hasComings(steps) ? 'own' : random.pick(['shared', 'shared', 'own']) }))
  return { ...plain, ...(timed && { wire: timed }), ...(unlisted && { unlisted }), ...(lostReceipts && { lostReceipts }), ...(deletions && { deletions }), ...(archiveAfterMs && { archiveAfterMs }), ...(reading && { reading }), steps }
}

const SILENCE_MS = 13 * 60_000
const LATE_AT_MOST: ReadonlySet<FaultAction> = new Set(['delay', 'repeat'])

/** Somebody comes or goes between two messages. */
const hasComings = (steps: readonly Step[]) => steps.some((step) => step.do === 'join' || step.do === 'leave')

function makeTabMood(random: Prng, evicting: Prng): TabMood {
  return { freezing: random.chance(0.5), closing: random.chance(0.5), stealing: random.chance(0.3), doubled: random.chance(0.2), disks: random.chance(0.35), evicting: evicting.chance(0.25), foreign: evicting.chance(0.25) }
}

function makeTabWorld(random: Prng): TabWorld {
  return { locks: random.chance(0.85), channel: random.chance(0.85), trouble: random.pick([0, 0, 0.2, 0.6]) }
}

function makeWireWorld(random: Prng): { readonly wire?: WireWorld } {
  if (random.chance(0.5)) return {}
  return { wire: { scope: random.pick(['ranges', 'point', 'message']), sparse: random.chance(0.5), late: random.chance(0.35), garbled: random.chance(0.35) } }
}

function makeCatchUpWorld(random: Prng): { readonly catchUp?: CatchUpWorld } {
  if (!random.chance(1 / 3)) return {}
  const how = random.pick(['queue', 'none'] as const)
  const [history, receipts] = [random.chance(0.6), random.pick(['replay', 'fetch'] as const)]
  return { catchUp: how === 'none' ? { how, history, receipts: 'fetch' } : { how, history, receipts } }
}

function makeStep(random: Prng, mood: Mood): Step {
  const after = random.pick([-1, 0, 1, 15, 60, 250, 900, 2_500])
  const d = random.int(DEVICES.length)
  const c = random.pick(CONVERSATIONS)
  const t = mood.tabs ? { t: random.int(TABS) } : {}
  const choices: (() => Step)[] = []
  const add = (weight: number, make: () => Step) => {
    for (let each = 0; each < weight; each += 1) choices.push(make)
  }
  add(10, () => ({ after, do: 'send', d, ...t, c }))
  add(14, () => ({ after, do: 'read', d, ...t, c, from: random.next(), count: 1 + random.int(random.chance(0.2) ? 30 : 3) }))
  add(2, () => ({ after, do: 'view', d, ...t, c, from: random.next(), count: 1 }))
  add(2, () => ({ after, do: 'jump', d, ...t, c, to: random.pick(['newest', 'firstUnread', random.next()]) }))
  add(2, () => ({ after, do: 'older', d, ...t, c }))
  add(1, () => ({ after, do: 'clear', d, ...t, c }))
  add(1, () => ({ after, do: 'recall', d, ...t, c }))
  add(1, () => ({ after, do: 'edit', d, ...t, c }))
  add(2, () => ({ after, do: 'wait', ms: random.pick([200, 1_500, 8_000]) }))
  if (mood.privacy) add(4, () => ({ after, do: 'receipts', d, ...t, to: random.pick(['public', 'private', 'off']), ...(random.chance(0.5) ? { c } : {}) }))
  if (mood.privacy) add(1, () => ({ after, do: 'confirm', d, ...t, c }))
  if (mood.offline) add(5, () => ({ after, do: random.pick(['off', 'on', 'on', 'drop']), d, ...t }))
  if (mood.restarts) add(3, () => ({ after, do: random.pick(['restart', 'crash', 'crash', 'fresh']), d, ...t }))
  if (mood.clocks) add(2, () => ({ after, do: 'shift', d, ...t, ms: random.pick([-86_400_000, -3_600_000, 3_600_000, 86_400_000]) }))
  if (mood.membership) add(2, () => ({ after, do: random.pick(['leave', 'join', 'join']), user: random.pick(['bob', 'cat']) }))
  if (mood.resets) add(1, () => ({ after, do: 'reset', c, lose: random.int(4) }))
  if (mood.faults) add(6, () => ({ after, do: 'fault', on: random.pick(['send', 'report', 'event', 'event', 'connect', 'call']), action: random.pick(FAULTS), times: 1 + random.int(3), delayMs: random.pick([50, 400, 3_000]) }))
  if (mood.deeds) add(5, () => ({ after, do: random.pick(['discard', 'retry', 'hide', 'react', 'reply']), d, ...t, c }))
  if (mood.pages) addPageSteps(add, random, { after, d, ...t, c })
  if (mood.tabs) addTabSteps(add, random, mood.tabs, { after, d, ...t })
  return random.pick(choices)()
}

function addPageSteps(add: (weight: number, make: () => Step) => void, random: Prng, at: { readonly after: number } & OfConversation): void {
  const act = (acts: readonly PageAct[]) => (): Step => ({ ...at, do: 'page', act: random.pick(acts), at: random.pick([0, 1, 1, random.next()]), ms: random.pick([60, 400, 1_500, 20_000]) })
  add(8, act(['open', 'scroll', 'front']))
  add(6, act(PAGE_ACTS))
}

function addTabSteps(add: (weight: number, make: () => Step) => void, random: Prng, mood: TabMood, at: { readonly after: number } & OfDevice): void {
  // Longer than a leader may be silent.
  add(1, () => ({ after: at.after, do: 'wait', ms: 15_000 }))
  add(3, () => ({ ...at, do: 'look' }))
  add(2, () => ({ ...at, do: 'openTab' }))
  if (mood.freezing) add(6, () => ({ ...at, do: random.pick(['freeze', 'freeze', 'wake']) }))
  if (mood.closing) add(3, () => ({ ...at, do: random.pick(['closeTab', 'crashTab']) }))
  if (mood.stealing) add(3, () => ({ ...at, do: 'steal' }))
  if (mood.doubled) add(2, () => ({ ...at, do: random.pick(['twoLeaders', 'oneLeader', 'oneLeader']) }))
  if (mood.foreign) add(2, () => ({ ...at, do: 'foreign', c: random.pick(CONVERSATIONS) }))
  if (mood.evicting) add(2, () => ({ ...at, do: 'evict' }))
  if (mood.disks) add(4, () => ({ ...at, do: 'disk', trouble: random.pick(DISK_FAULTS), times: 1 + random.int(3) }))
}

const DISK_FAULTS: readonly DiskFault[] = ['full', 'abort', 'unsure', 'dead', 'slow']
const FAULTS: readonly FaultAction[] = ['drop', 'dropAnswer', 'delay', 'repeat', 'refuse', 'disconnect', 'hang']

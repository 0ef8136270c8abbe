/**
 * Who is told of reading, kept beside the database. A browser throws a database away for want of room and leaves localStorage; a choice that went with it would
 * mean that everybody is told. It is asked wherever rows say nothing, and goes into rows as they are made anew, so that the screen shows it and the next choice is made upon it.
 */
import { maxPoint, type Conversation, type ConversationId, type Keepsakes, type Point, type ReceiptVisibility } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { AT_HEAD, fittingFloors, floorsFromRow, floorsToRow, isAtHead, NO_FLOORS, restoreFloor, settleFloors, type Floors } from './keptFloors.js'

export interface Choices {
  /** The user's own; null where nobody chose. */
  readonly own: ReceiptVisibility | null
  readonly here: ReadonlyMap<ConversationId, ReceiptVisibility>
  /** Of conversations for which there was no room; null: they follow the user's. */
  readonly rest: ReceiptVisibility | null
  /** Where receipts were switched on again. */
  readonly floors: Floors
  /** Chosen in memory: the rows of the database may say something else, and are older. */
  readonly isNewer: boolean
  /** All conversations that the back end has were listed since: what comes later is new, and not from before these rows. */
  readonly isBack?: boolean
}

/** Name of the meta row that holds the user's own setting. */
export const RECEIPTS_KEY = 'receipts'
/** Name of the meta row that says that this database knows of every choice made before it, and which were taken over. */
const CHOICES_KEY = 'choices'
/** Room for it in localStorage, which an app shares with us, characters. */
const MOST_CHARS = 8_000
const BY_STRICTNESS: readonly unknown[] = ['public', 'private', 'off'] satisfies ReceiptVisibility[]
/** What cannot be read tells nobody: it may have been that. */
const UNREADABLE: Choices = { own: 'off', here: new Map(), rest: 'off', floors: NO_FLOORS, isNewer: false }
const NONE: Choices = { own: null, here: new Map(), rest: null, floors: NO_FLOORS, isNewer: false }

/** The user's own setting as the rows have it, or null. */
export async function chosenVisibility(tx: StorageTx): Promise<ReceiptVisibility | null> {
  const chosen = await tx.meta.get<unknown>(RECEIPTS_KEY)
  return chosen === undefined ? null : visibilityOf(chosen)
}

/** What was chosen before this database, where its rows do not know of it yet. */
export async function lostChoices(tx: StorageTx, ctx: SyncContext): Promise<Choices | null> {
  const kept = readKeepsake(ctx)
  return kept && !(await takenOver(tx)) ? kept : null
}

/** The setting of a conversation, or null: it follows the user's. */
export function choiceOf({ here, rest }: Pick<Choices, 'here' | 'rest'>, id: ConversationId): ReceiptVisibility | null {
  return here.get(id) ?? rest
}

/** A conversation that is new to these rows, with the setting that it had before them; my own state in it has its floor again. */
export async function withChoice(tx: StorageTx, conversation: Conversation, changes?: Changes): Promise<Conversation> {
  const choices = await takenOver(tx)
  if (!choices) return conversation
  await restoreFloor(tx, choices.floors, conversation, changes)
  const receipts = conversation.receipts ?? choiceOf(choices, conversation.id)
  return receipts ? { ...conversation, receipts } : conversation
}

/** Takes over what was chosen before this database. From then on its rows decide. */
export async function takeOverChoices(tx: StorageTx, ctx: SyncContext): Promise<void> {
  if (await takenOver(tx)) return
  const choices = readKeepsake(ctx) ?? NONE
  await retake(tx, choices)
  if (choices.own !== null && (await chosenVisibility(tx)) === null) await tx.meta.put(RECEIPTS_KEY, choices.own)
  const found = await tx.conversations.list()
  await tx.conversations.put(await Promise.all(found.map((each) => withChoice(tx, each))))
}

/**
 * Receipts are switched on while conversations from before these rows may not be back: what was read there in private lies before a head that nobody here knows.
 * Returns the floor of one whose head is not known; null: nothing was chosen before these rows, or all are back.
 */
export async function floorAtHeads(tx: StorageTx): Promise<Point | null> {
  const choices = await takenOver(tx)
  if (!choices || choices.isBack || isBlank(choices)) return null
  await retake(tx, { ...choices, floors: { here: new Map(), rest: AT_HEAD } })
  return AT_HEAD
}

/** The back end has listed all there are. */
export async function allAreBack(ctx: SyncContext): Promise<void> {
  const isDone = await ctx.storage.write(async (tx) => {
    const choices = await takenOver(tx)
    if (!choices || choices.isBack || isBlank(choices) || !(await settleFloors(tx))) return false
    await retake(tx, { ...choices, isBack: true, floors: isAtHead(choices.floors.rest) ? NO_FLOORS : choices.floors })
    return true
  })
  if (isDone) await keepChoices(ctx)
}

async function retake(tx: StorageTx, choices: Choices): Promise<void> {
  await tx.meta.put(CHOICES_KEY, toRow(choices))
  known.set(tx, choices)
}

/** Nothing in it says anything else than what holds where nobody chose. */
function isBlank({ own, here, rest, floors }: Choices): boolean {
  return (own ?? 'public') === 'public' && here.size === 0 && rest === null && floors.here.size === 0 && floors.rest === null
}

/** After a choice: keeps all there are, the strictest first. */
export async function keepChoices(ctx: SyncContext): Promise<void> {
  const keepsakes = keepsakesOf(ctx)
  if (!keepsakes) return
  const { own, taken, stored } = await ctx.storage.read(async (tx) => {
    const rows = await Promise.all((await tx.conversations.list()).map(async ({ id, receipts }) => ({ id, receipts, floor: (await tx.readStates.getOwn(id))?.publishFloor })))
    return { own: await chosenVisibility(tx), taken: (await takenOver(tx)) ?? NONE, stored: rows }
  })
  // Of those that have not come back since, what they had.
  const [here, floors] = [new Map(taken.here), new Map(taken.floors.here)]
  for (const { id, receipts, floor } of stored) {
    setOrDelete(here, id, receipts)
    setOrDelete(floors, id, floor)
  }
  const choices = fitting({ own, here, rest: taken.rest, floors: { here: floors, rest: taken.floors.rest }, isNewer: ctx.storage.getState().status === 'memory' })
  if (isBlank(choices)) keepsakes.remove(nameOf(ctx))
  else keepsakes.set(nameOf(ctx), JSON.stringify(toRow(choices)))
}

/** What was chosen in memory, of which the database was never told: the page was gone before it could be opened again. */
export function choicesToTell(ctx: SyncContext): Choices | null {
  const kept = ctx.storage.getState().status === 'memory' ? null : readKeepsake(ctx)
  return kept?.isNewer ? kept : null
}

/** Takes over, beside what was taken over before, what was chosen in memory since: some of it is of conversations that these rows do not have yet. */
export async function takeOverNewer(tx: StorageTx, newer: Choices): Promise<void> {
  const { here, rest, floors } = (await takenOver(tx)) ?? NONE
  await retake(tx, {
    own: newer.own, isNewer: false,
    here: new Map([...here, ...newer.here]),
    rest: newer.rest ?? rest,
    floors: { here: new Map([...floors.here, ...newer.floors.here]), rest: maxPoint(floors.rest, newer.floors.rest) },
  })
}

/** Whether these rows know of every choice that was made before them. */
export const knowsChoices = async (tx: StorageTx) => (await takenOver(tx)) !== null

/** Floors that these rows took over. */
export const takenOverFloors = async (tx: StorageTx) => (await takenOver(tx))?.floors ?? NO_FLOORS

/** Which of the settings of a time in memory were not made there, but taken over. */
export async function takenOverOf(tx: StorageTx): Promise<{ readonly own: ReceiptVisibility | null; of(id: ConversationId): ReceiptVisibility | null }> {
  const choices = await takenOver(tx)
  return { own: choices?.own ?? null, of: (id) => choices && choiceOf(choices, id) }
}

/** The rows were deleted on purpose. */
export function forgetChoices(ctx: SyncContext): void {
  ctx.ports.keepsakes?.remove(nameOf(ctx))
}

const nameOf = (ctx: SyncContext) => `${ctx.databaseName}/${ctx.me}/${RECEIPTS_KEY}`

/** What is meant to live in memory leaves nothing behind. */
function keepsakesOf({ storage, ports }: SyncContext): Keepsakes | null {
  const state = storage.getState()
  return state.status === 'memory' && state.reason === 'chosen' ? null : ports.keepsakes
}

function readKeepsake(ctx: SyncContext): Choices | null {
  const text = keepsakesOf(ctx)?.get(nameOf(ctx)) ?? null
  if (text === null) return null
  try {
    return fromRow(JSON.parse(text)) ?? UNREADABLE
  } catch {
    return UNREADABLE
  }
}

/** Read once in a transaction, however many conversations it makes. */
const known = new WeakMap<StorageTx, Choices | null>()

async function takenOver(tx: StorageTx): Promise<Choices | null> {
  const before = known.get(tx)
  if (before !== undefined) return before
  const choices = fromRow(await tx.meta.get<unknown>(CHOICES_KEY))
  known.set(tx, choices)
  return choices
}

function setOrDelete<T>(map: Map<ConversationId, T>, id: ConversationId, value: T | null | undefined): void {
  if (value === undefined || value === null) map.delete(id)
  else map.set(id, value)
}

/** As many as there is room for. What is left out has the strictest setting of those left out, unless the user's own is as strict. */
function fitting({ own, here, rest, floors, isNewer }: Choices): Choices {
  const kept = new Map<ConversationId, ReceiptVisibility>()
  let room = MOST_CHARS
  let strictest = rest
  for (const [id, choice] of [...here].toSorted((a, b) => strictnessOf(b[1]) - strictnessOf(a[1]))) {
    room -= JSON.stringify([id, choice]).length + 1
    if (room >= 0) kept.set(id, choice)
    else if (strictnessOf(choice) > strictnessOf(strictest)) strictest = choice
  }
  return { own, here: kept, isNewer, floors: fittingFloors(floors, Math.max(0, room)), rest: strictnessOf(strictest) > strictnessOf(own ?? 'public') ? strictest : null }
}

const strictnessOf = (choice: ReceiptVisibility | null) => BY_STRICTNESS.indexOf(choice)

/** Whether less is told by the first. */
export const isStricter = (a: ReceiptVisibility | null, b: ReceiptVisibility | null) => strictnessOf(a) > strictnessOf(b)

export const isVisibility = (value: unknown): value is ReceiptVisibility => BY_STRICTNESS.includes(value)

const visibilityOf = (value: unknown): ReceiptVisibility => (isVisibility(value) ? value : 'off')

const toRow = ({ own, here, rest, floors, isNewer, isBack }: Choices) => ({ own, here: [...here], rest, ...floorsToRow(floors), ...(isNewer ? { isNewer } : {}), ...(isBack ? { isBack } : {}) })

function fromRow(row: unknown): Choices | null {
  if (typeof row !== 'object' || row === null) return null
  const { own = null, here, rest = null, isNewer, isBack } = row as { readonly [name in keyof Choices]?: unknown }
  const floors = floorsFromRow(row)
  if (!floors) return UNREADABLE
  const pairs = (Array.isArray(here) ? here : []).filter((pair): pair is [string, unknown] => Array.isArray(pair) && typeof pair[0] === 'string')
  const orNull = (value: unknown) => (value === null ? null : visibilityOf(value))
  return { own: orNull(own), here: new Map(pairs.map(([id, choice]) => [id, visibilityOf(choice)])), rest: orNull(rest), floors, isNewer: isNewer === true, ...(isBack === true ? { isBack } : {}) }
}

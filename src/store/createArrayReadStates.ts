/** Statuses, badges and what is read already over plain data: beside `createArraySource`, for somebody with their own state. */
import type { Message, MessageId, MessageStatus, Stop } from '../model/index.js'
import { telling } from '../model/telling.js'
import type { ReadStateSource } from '../receipts/readStateSource.js'
import { raiseStatus } from '../receipts/status.js'
import type { Tally } from '../receipts/tallyTypes.js'

/** What is known of one message. @public */
export interface ArrayReadState {
  /** Of an own message; one of somebody else has none. */
  readonly status?: MessageStatus
  /** How many of `of` read an own message, for the badge. Default: nobody counts. */
  readonly read?: number
  readonly of?: number
  /** Whether I have read one of somebody else's. Default false: it is watched. */
  readonly isRead?: boolean
}

/** @public */
export interface ArrayReadStates extends ReadStateSource {
  /** Replaces everything. Keys are message ids, or local ids of messages that have none yet. */
  set(states: Readonly<Record<MessageId, ArrayReadState>>): void
  /** Adds to what is known, or replaces it, message by message. A status never falls by it: of two receipts the older may come later. */
  update(states: Readonly<Record<MessageId, ArrayReadState>>): void
}

const UNTRACKED: Tally = Object.freeze({ tracked: false, reason: 'off' })
const UNKNOWN: ArrayReadState = Object.freeze({})

/**
 * Makes a read state source of what an app knows: `createArrayReadStates({ 'm-1': { status: 'read', read: 3, of: 4 } })`.
 * A row is drawn again when its own state is another one.
 * @public
 */
export function createArrayReadStates(states: Readonly<Record<MessageId, ArrayReadState>> = {}): ArrayReadStates {
  const listeners = new Set<() => void>()
  const tallies = new WeakMap<ArrayReadState, Tally>()
  let known = new Map(Object.entries(states))
  const of = ({ ids, localId }: Message): ArrayReadState => {
    const id = ids.find((each) => known.has(each)) ?? localId
    return known.get(id) ?? UNKNOWN
  }
  const change = (next: ReadonlyMap<MessageId, ArrayReadState>) => {
    known = new Map(next)
    for (const listener of [...listeners]) telling(listener)()
  }
  return {
    getStatus: (message) => of(message).status ?? message.outgoing ?? null,
    getTally(message) {
      const state = of(message)
      const tally = tallies.get(state) ?? tallyOf(state)
      tallies.set(state, tally)
      return tally
    },
    isRead: (message) => of(message).isRead ?? false,
    subscribe(listener): Stop {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    set: (next) => change(new Map(Object.entries(next))),
    update: (some) => change(new Map([...known, ...Object.entries(some).map(([id, next]) => [id, raised(known.get(id), next)] as const)])),
  }
}

function raised(before: ArrayReadState | undefined, next: ArrayReadState): ArrayReadState {
  const status = next.status ? raiseStatus(before?.status ?? null, next.status) : before?.status
  return status === next.status ? next : { ...next, ...(status && { status }) }
}

function tallyOf({ read, of }: ArrayReadState): Tally {
  return read === undefined || of === undefined ? UNTRACKED : { tracked: true, read, of, delivered: read, viewed: 0 }
}

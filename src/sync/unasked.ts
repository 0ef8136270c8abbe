/**
 * In which conversations nobody has asked yet what was said during the absence, on a wire that does not tell it by itself. What is written at the moment in which
 * the connection comes back comes before the answer, and is not the newest of before. In memory: every connection asks anew.
 */
import type { ConversationId } from '../model/index.js'

/** Known by its identity. */
export type Connection = object

export interface Unasked {
  /** It has begun, and what came before it waits to be stored. */
  announce(connection: Connection): void
  /** Whether one has. */
  isAnnounced(): boolean
  /** Also where it ends: what a wire tells between two connections tells nothing of what was before. */
  begin(connection: Connection): void
  isCurrent(connection: Connection): boolean
  /** Whether what comes now is the first since, and something before it has to be asked for. */
  isFirst(id: ConversationId): boolean
  /** Whether it is none of those that were asked for, or left to be asked for. */
  isUnheard(id: ConversationId): boolean
  /** When they are stored. */
  noteCame(ids: Iterable<ConversationId>): void
  hasCome(id: ConversationId): boolean
  /** Those in which something came before it was known what was missed. */
  came(): readonly ConversationId[]
  /** What was missed there is here, or known to be missing. */
  end(connection: Connection, id: ConversationId): void
  /** The same of all others, also those that nobody knows yet. @param isListed - the wire told which there are */
  endOthers(connection: Connection, left: ReadonlySet<ConversationId>, isListed: boolean): void
  /** Whether it does; true until it refuses to. */
  isListed(): boolean
}

export function createUnasked(): Unasked {
  let current: Connection | null = null
  let announced: Connection | null = null
  const came = new Set<ConversationId>()
  const ended = new Set<ConversationId>()
  /** Null: all. */
  let left: ReadonlySet<ConversationId> | null = null
  let listed = true
  return {
    announce(connection) {
      announced = connection
    },
    isAnnounced: () => announced !== current,
    begin(connection) {
      // Its transaction may be tried again.
      if (current === connection) return
      current = connection
      came.clear()
      ended.clear()
      left = null
      listed = true
    },
    isCurrent: (connection) => current === connection,
    isFirst: (id) => !came.has(id) && !ended.has(id) && (left === null || left.has(id)),
    isUnheard: (id) => left !== null && !left.has(id) && !ended.has(id) && !came.has(id),
    noteCame(ids) {
      for (const id of ids) came.add(id)
    },
    hasCome: (id) => came.has(id),
    came: () => [...came],
    end(connection, id) {
      if (current === connection) ended.add(id)
    },
    endOthers(connection, others, isListed) {
      if (current !== connection) return
      left ??= others
      listed = isListed
    },
    isListed: () => listed,
  }
}

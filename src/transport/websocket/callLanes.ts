/**
 * Calls on their way out. One socket carries three lanes with a queue each: intents (what people do), receipts, and questions.
 *
 * They take turns, and each lane has at most {@link WINDOW} calls without an answer; with little in the socket's own buffer a receipt
 * therefore waits for a few frames, whatever flood of messages is queued, and the other way round.
 */
import { CALL_LANES, type CallName } from './protocol.js'

/** Unanswered calls of one lane. */
export const WINDOW = 64
/** More than this in the socket's buffer, bytes, and nothing is added to it. */
export const HIGH_WATER_BYTES = 65_536

export interface QueuedCall {
  readonly no: number
  readonly name: CallName
  readonly text: string
}

export interface CallLanes {
  add(call: QueuedCall): void
  /** Next calls that may leave, while `hasRoom`. */
  drain(hasRoom: () => boolean, write: (call: QueuedCall) => void): void
  /** The call was answered or given up. Returns whether it had left. */
  settle(no: number): boolean
  /** Whether something waits that its window would let go. */
  hasReady(): boolean
}

type LaneName = (typeof CALL_LANES)[CallName]

export function createCallLanes(): CallLanes {
  const lanes = (['receipt', 'intent', 'question'] as const satisfies readonly LaneName[]).map((name) => ({ name, waiting: new Map<number, QueuedCall>(), open: new Set<number>() }))
  const isReady = (lane: (typeof lanes)[number]) => lane.waiting.size > 0 && lane.open.size < WINDOW

  return {
    add(call) {
      lanes.find(({ name }) => name === CALL_LANES[call.name])!.waiting.set(call.no, call)
    },
    drain(hasRoom, write) {
      while (lanes.some(isReady)) {
        for (const lane of lanes) {
          if (!isReady(lane)) continue
          if (!hasRoom()) return
          const next = lane.waiting.values().next().value as QueuedCall
          lane.waiting.delete(next.no)
          lane.open.add(next.no)
          write(next)
        }
      }
    },
    settle(no) {
      for (const lane of lanes) {
        if (lane.open.delete(no)) return true
        lane.waiting.delete(no)
      }
      return false
    },
    hasReady: () => lanes.some(isReady),
  }
}

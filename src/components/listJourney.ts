/**
 * Going to a place in the list: it is written, the rows there are rendered and measured, and it is computed again until it holds still.
 * Only then has the list settled, and may anything in it count as read.
 */
import type { ListPlace } from './listPlace.js'
import type { ListPosition } from './listPosition.js'
import type { ListRows } from './listRows.js'

/** Passes of writing and measuring before one paint. Two are usual; more means that rows change as they are measured. */
export const MAX_PASSES = 8
/** Frames in which the place must hold still before it is settled: the first delivers late measurements. */
const STILL_FRAMES = 2

interface JourneyHost {
  readonly position: ListPosition
  rows(): ListRows
  /** Renders the list again. `now`: before this returns. */
  render(now: boolean): void
  isCommitting(): boolean
  /** In a closed panel no place is anywhere yet. */
  isClosed(): boolean
  begun(): void
  /** The place is where it should be, for now. */
  arrived(): void
  /** It holds still, or there is no such place any more. */
  settled(): void
}

export interface ListJourney {
  /** Whether the list moves by itself. */
  isGoing(): boolean
  aim(place: ListPlace): void
  /** After a commit: further, if it moved. */
  pursue(): void
  /** Stays where it is. */
  settle(): void
  /** The list is attached, or no more. */
  resume(): void
  pause(): void
}

interface Target {
  readonly place: ListPlace
  passes: number
  stillFrames: number
}

export function createListJourney(host: JourneyHost): ListJourney {
  const { position } = host
  let target: Target | null = null
  let frame = 0

  const pursue = (now = !host.isCommitting()): boolean => {
    if (target === null || host.isClosed()) return false
    const offset = position.offsetOf(target.place, host.rows())
    if (offset === null) return settle()
    const isThere = position.isAt(offset)
    if (!isThere && target.passes < MAX_PASSES) {
      target.passes++
      position.jump(target.place, offset, host.rows())
      host.render(now)
      return false
    }
    host.arrived()
    return isThere
  }
  const settle = (): false => {
    target = null
    host.settled()
    return false
  }
  const tick = () => {
    frame = 0
    if (target === null) return
    target.passes = 0
    const isThere = pursue()
    if (target === null) return
    target.stillFrames = isThere ? target.stillFrames + 1 : 0
    if (target.stillFrames >= STILL_FRAMES) settle()
    else nextFrame()
  }
  const nextFrame = () => {
    if (frame === 0 && position.scroller !== null) frame = requestAnimationFrame(tick)
  }

  return {
    isGoing: () => target !== null,
    aim(place) {
      target = { place, passes: 0, stillFrames: 0 }
      host.begun()
      if (!host.isCommitting()) pursue(false)
      nextFrame()
    },
    pursue: () => void pursue(),
    settle: () => void settle(),
    resume() {
      if (target !== null) nextFrame()
    },
    pause() {
      cancelAnimationFrame(frame)
      frame = 0
    },
  }
}

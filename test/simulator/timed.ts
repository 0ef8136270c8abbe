/** Places of a wire on which only time orders: the server's, of the message; where several have the same one, their ids decide, which grow here as the hub's numbers do. */
import type { Point } from 'readback/core'
import type { Hub } from 'readback/transport/memory'

/** `shared`: messages of one moment have one time. `own`: each has its own, so that somebody can join or leave between any two. */
export type Timing = 'shared' | 'own'

interface Known {
  readonly order: number
  readonly time: number
  readonly id: string
}

export interface TimedPlaces {
  /** As the wire says it. */
  out(point: Point, c: string): Point
  /** As the hub says it. */
  into(point: Point, c: string): Point
}

export function timedPlaces(hub: Hub, timing: Timing): TimedPlaces {
  const byId = new Map<string, Known>()
  /** By conversation and epoch, in order. */
  const inOrder = new Map<string, Known[]>()

  function knownIn(c: string, epoch: number): readonly Known[] {
    // A place is a whole number; what tabs wait for may be a part of a millisecond.
    for (const { id, at, time } of hub.log(c)) {
      if (byId.has(id)) continue
      const list = listOf(c, at.epoch)
      const last = list.at(-1)
      const known = { id, order: at.order, time: timing === 'own' && last ? Math.max(Math.floor(time), last.time + 2) : Math.floor(time) }
      byId.set(id, known)
      list.push(known)
    }
    return listOf(c, epoch)
  }

  function listOf(c: string, epoch: number): Known[] {
    const key = `${c} ${epoch}`
    const list = inOrder.get(key) ?? []
    inOrder.set(key, list)
    return list
  }

  return {
    out(point, c) {
      const list = knownIn(c, point.epoch)
      const known = byId.get(point.id)
      if (known) return { ...point, order: known.time }
      if (point.id !== '') return point
      // Where no message is yet: behind the one before.
      const before = list.findLast(({ order }) => order < point.order)
      return { ...point, order: before ? before.time + 1 : 0 }
    },
    into(point, c) {
      const list = knownIn(c, point.epoch)
      const known = byId.get(point.id)
      if (known) return { ...point, order: known.order }
      const next = list.find(({ time, id }) => time > point.order || (time === point.order && id >= point.id))
      return { ...point, order: next?.order ?? (list.at(-1)?.order ?? 0) + 1, id: '' }
    },
  }
}

/** An id of the hub, of which a later one is the greater text too. */
export const growingId = (n: number): string => `h${String(n).padStart(7, '0')}`

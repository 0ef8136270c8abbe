/** A wire that has no cursor: what was missed it keeps in a queue for each device, or not at all; and perhaps nobody can ask it for history either. */
import type { IncomingReceipt, Stop, Transport, TransportEvent } from 'readback/core'
import type { Hub } from 'readback/transport/memory'
import { CONVERSATIONS, type CatchUpWorld } from './schedule.js'
import type { VirtualTime } from './virtualTime.js'

/** What the server keeps for one device, as a queue: it lets go of what was handed over long enough ago that it is stored by now. */
export interface Mailbox {
  /** From where on all is handed over again; undefined: nothing has been. */
  since(): string | undefined
  /** The device is known from now on: what was there before is not kept for it. */
  begin(there: Iterable<string>): void
  isKept(id: string): boolean
  note(cursor: string): void
}

/** Longer than a device takes to store what it was handed. */
const KEPT_MS = 30_000

export function createMailbox({ now }: Pick<VirtualTime, 'now'>): Mailbox {
  let before: ReadonlySet<string> | null = null
  let handed: { readonly cursor: string; readonly at: number }[] = []
  return {
    since() {
      const isSure = handed.findLastIndex(({ at }) => at <= now() - KEPT_MS)
      handed = handed.slice(Math.max(0, isSure))
      return handed[0]?.cursor
    },
    begin: (there) => void (before ??= new Set(there)),
    isKept: (id) => !before?.has(id),
    note: (cursor) => void handed.push({ cursor, at: now() }),
  }
}

/** What the device at the end of a line has to do with it. */
export interface LineEnd {
  readonly mailbox?: Mailbox
  /** Runs it once what was told before has been handed over, at a tab that may be frozen, or has died. */
  whenHanded(fn: () => void): void
  /** A message came by itself. */
  onMessage(id: string): void
  /** Somebody's reading was told, over a wire that tells of it once. */
  onReceipt?(receipt: IncomingReceipt): void
}

interface Surroundings {
  readonly hub: Hub
  readonly time: VirtualTime
  readonly latencyMs: number
}

/** Whether the wire hands over what was missed, since the last connect: until its cursor comes. */
function createReplay({ time, latencyMs }: Pick<Surroundings, 'time' | 'latencyMs'>) {
  let isUnderWay = false
  let stopTimer: Stop = () => {}
  const end = () => void (isUnderWay = false)
  return {
    isUnderWay: () => isUnderWay,
    begin(isOnline: boolean) {
      isUnderWay = isOnline
      // That of a connection before says nothing of this one.
      stopTimer()
    },
    end,
    /** Whoever has no conversation is told nothing, and no cursor. */
    endSoon() {
      if (isUnderWay) stopTimer = time.clock.setTimer(end, latencyMs + 1)
    },
  }
}

/** A wire that keeps nothing: what it would tell again is lost, before anything of it can be late. What is said from then on comes. */
export function withoutReplay(line: Transport, { time, latencyMs }: Omit<Surroundings, 'hub'>): Transport {
  const replay = createReplay({ time, latencyMs })
  return {
    ...line,
    on: (listener) =>
      line.on((event) => {
        if (event.type === 'state') {
          replay.begin(event.state.status === 'online')
          replay.endSoon()
        }
        if (event.type === 'cursor') replay.end()
        if (!replay.isUnderWay() || event.type === 'state' || event.type === 'presence') listener(event)
      }),
  }
}

export function withoutCursor(line: Transport, { how, history, receipts }: CatchUpWorld, { hub, time, latencyMs }: Surroundings, end?: LineEnd): Transport {
  let isNew = true
  const replay = createReplay({ time, latencyMs })
  const isLost = (event: TransportEvent) => {
    if (event.type === 'gap') return replay.isUnderWay() && isNew
    return how === 'queue' && event.type === 'message' && !(end?.mailbox?.isKept(event.message?.id) ?? true)
  }
  const { history: ask, ...others } = line
  return {
    ...(history ? line : (others as Transport)),
    capabilities: { ...line.capabilities, catchUp: how, receiptsCatchUp: receipts, history },
    connect({ since: _none, ...options }) {
      const since = how === 'queue' ? end?.mailbox?.since() : undefined
      isNew = since === undefined
      replay.end()
      return line.connect({ ...options, ...(since === undefined ? {} : { since }) })
    },
    on: (listener) =>
      line.on((event) => {
        // It may be nonsense.
        if (typeof event?.type !== 'string') return listener(event)
        if (event.type === 'state') {
          replay.begin(event.state.status === 'online')
          if (replay.isUnderWay()) end?.mailbox?.begin(CONVERSATIONS.flatMap((id) => hub.log(id).map((message) => message.id)))
          listener(event)
          return replay.endSoon()
        }
        if (event.type === 'cursor' && typeof event.cursor === 'string') {
          replay.end()
          isNew = false
          return end?.whenHanded(() => end.mailbox?.note(event.cursor))
        }
        // What is missing there nobody could ask for.
        if (isLost(event) || (event.type === 'gap' && !history)) return
        listener(event)
        if (event.type === 'message' && event.message) end?.whenHanded(() => end.onMessage(event.message.id))
      }),
  }
}

/** One device on the hub: what an app hands to its client. The calls are in `deviceCalls.ts`; this file keeps the connection. */
import type { Stop } from '../../model/index.js'
import { handOverTo } from '../handOver.js'
import { TransportError } from '../transportError.js'
import type { ConnectionReason, ConnectionState, ConnectOptions, Transport, TransportEvent } from '../transport.js'
import { makeConversation } from './conversationRules.js'
import { cursorText, parseCursor } from './cursor.js'
import { createEventLane } from './eventLane.js'
import { deviceCalls } from './deviceCalls.js'
import type { HubWorld } from './hubWorld.js'
import { eventsFor, firstSight, missedSince } from './hubViews.js'
import type { HubState } from './hubState.js'
import type { JournalRow } from './hubRecords.js'
import type { Decision } from './messageRules.js'
import { notSent, refusal, undecided } from '../refusal.js'
import { raiseEpochs } from './resetRules.js'

/** First wait before another attempt, milliseconds; it doubles. */
const RETRY_MS = 500
const LONGEST_RETRY_MS = 30_000

/** A device as the hub sees it. */
export interface Device {
  readonly transport: Transport
  /** Null while closed. */
  userId(): string | null
  isOnline(): boolean
  /** Takes the device's network away or gives it back. */
  setNetwork(on: boolean): void
  /** The network of the whole user changed: looks again. */
  networkChanged(): void
  /** Breaks the connection; the device dials again by itself. */
  disconnect(reason: ConnectionReason): void
  /** Hands over something that is not kept. */
  whisper(event: TransportEvent): void
}

/** One connection from dialling to its end. */
export interface Link {
  readonly options: ConnectOptions
  /** Names what was done over this connection. Only over the same one does the answer come, and with it no event. */
  readonly origin: string
  online: boolean
  ended: boolean
  /** Calls that wait for an answer: how each is rejected, and the hub's last row when it began. */
  readonly waiting: Map<(error: Error) => void, number>
}

export function createDevice(world: HubWorld): Device {
  const { clock, core, faults } = world
  const name = world.random.id()
  const listeners = new Set<(event: TransportEvent) => void>()
  const lane = createEventLane(clock, handOver)
  let options: ConnectOptions | null = null
  let link: Link | null = null
  let dialled = 0
  let network = true
  let stopRetry: Stop | null = null
  let stopHearing: Stop | null = null
  /** Row up to which everything was handed over; null before the first. */
  let handedOver: number | null = null
  /** Something on this connection was lost, so nothing after it counts as handed over. */
  let lossy = false
  let settleConnect: { resolve(): void; reject(error: Error): void } | null = null

  function handOver(event: TransportEvent): void {
    handOverTo(listeners, event)
  }

  function tellState(state: ConnectionState): void {
    lane.push([{ type: 'state', state }], 0)
  }

  function hasNetwork(): boolean {
    return network && options !== null && world.hasNetwork(options.userId)
  }

  async function dial(reason: ConnectionReason, attempt: number): Promise<void> {
    const own: Link = { options: options!, origin: `${name}/${(dialled += 1)}`, online: false, ended: false, waiting: new Map() }
    link = own
    tellState({ status: 'connecting', reason, attempt })
    if (!hasNetwork()) return goOffline(own, 'network')
    try {
      await during(own, world.travel())
      await authorize(own)
      await during(own, knock(own))
      await during(own, core.run((state) => attach(state, own)))
    } catch (error) {
      if (own.ended) return
      const failure = error instanceof TransportError ? error : undecided('transport/server', `Connecting failed: ${String(error)}. It is tried again.`)
      if (failure.retry === 'no') giveUp(own, failure)
      else retryLater(own, failure, attempt)
    }
  }

  async function authorize(own: Link): Promise<void> {
    const { userId, token } = own.options
    if (world.accepts(userId, await during(own, token('connect')))) return
    if (world.accepts(userId, await during(own, token('expired')))) return
    throw refusal('transport/unauthorized', `The hub did not accept the token of "${userId}". Nothing is sent or received until the app gives another one and connects again.`)
  }

  async function knock(own: Link): Promise<void> {
    const fault = faults.take({ on: 'connect', userId: own.options.userId })
    if (!fault) return
    if (fault.do === 'hang') await new Promise(() => {})
    if (fault.do === 'delay') return world.wait(fault.delayMs ?? 1000)
    throw new TransportError(fault.code ?? 'transport/server', `The hub refused the connection of "${own.options.userId}", as scripted.`, { stored: fault.stored ?? 'no', retry: fault.retry ?? 'yes' })
  }

  /** The one moment at which what was missed ends and what is live begins. */
  function attach(state: HubState, own: Link): Decision<void> {
    const { userId, conversations, since } = own.options
    const { groupSize = Infinity } = world.capabilities.limits
    // One that is too large keeps nobody from being online; what is sent to it is refused.
    const missing = conversations.filter((one) => one.members.includes(userId) && !state.conversations.has(one.id) && new Set(one.members).size <= groupSize)
    const records = missing.flatMap((one) => makeConversation(state, one, userId, {}))
    const cursor = parseCursor(handedOver === null ? since : cursorText(state, handedOver))
    const isKnown = cursor !== null && cursor.hubId === state.hubId && cursor.seq <= state.seq
    if (cursor && !isKnown) records.push(...raiseEpochs(state, userId, cursor.epoch, missing.map(({ id }) => id)))
    return { records, answer: undefined, onStored: () => goOnline(own, isKnown ? cursor.seq : null) }
  }

  function goOnline(own: Link, known: number | null): void {
    if (own.ended) return
    const { userId } = own.options
    const state = core.peek()
    own.online = true
    lossy = false
    tellState({ status: 'online' })
    const missed = known === null ? firstSight(state, userId, world.catchUp) : missedSince(state, userId, known, world.catchUp)
    deliver([...missed, ...world.presenceFor(userId)], state.seq)
    stopHearing = core.subscribe((rows, _ours, now) => deliver(rows.flatMap((row) => live(now, row)), rows.at(-1)!.seq))
    world.presenceChanged(userId)
    settleConnect?.resolve()
    settleConnect = null
  }

  function live(state: HubState, row: JournalRow): readonly TransportEvent[] {
    return row.records.filter((record) => record.origin !== link?.origin).flatMap((record) => eventsFor(state, options?.userId ?? '', row.seq, record))
  }

  /** Hands events over, with the scripted faults among them, and then the cursor that covers them. */
  function deliver(events: readonly TransportEvent[], seq: number): void {
    const userId = options?.userId ?? ''
    const intact: TransportEvent[] = []
    for (const event of events) {
      const fault = faults.take({ on: 'event', userId, event })
      intact.push(...(fault ? troubled(event, fault.do, fault.delayMs ?? 1000) : [event]))
      // What is behind it is lost with the connection: nothing comes without what came before it.
      if (fault?.do === 'disconnect') break
    }
    const counts = !lossy
    lane.push(intact, world.latencyMs(), () => {
      if (!counts) return
      handedOver = seq
      if (events.length > 0) handOver({ type: 'cursor', cursor: cursorText(core.peek(), seq) })
    })
  }

  function troubled(event: TransportEvent, action: string, delayMs: number): readonly TransportEvent[] {
    if (action === 'repeat') return [event, event]
    if (action === 'disconnect') queueMicrotask(() => device.disconnect('network'))
    if (action === 'delay') {
      const own = link
      clock.setTimer(() => {
        if (own === link) lane.push([event], 0)
      }, delayMs)
    }
    // It stays uncovered by any cursor, so a reconnect brings it again.
    lossy = true
    return []
  }

  function breakLink(own: Link): void {
    own.ended = true
    own.online = false
    if (link === own) link = null
    stopHearing?.()
    stopHearing = null
    lane.clear()
    const lost = undecided('transport/offline', 'The connection broke before an answer came, so the hub may have it. The same localId is tried again.')
    for (const [reject, since] of own.waiting) {
      tellAgainFrom(since)
      reject(lost)
    }
    own.waiting.clear()
  }

  /** What the hub made of a call without an answer is told at the next connect, whether the call is tried again or not. */
  function tellAgainFrom(seq: number): void {
    lossy = true
    if (handedOver !== null) handedOver = Math.min(handedOver, seq)
  }

  function goOffline(own: Link, reason: ConnectionReason, retryInMs?: number): void {
    breakLink(own)
    tellState({ status: 'offline', reason, ...(retryInMs === undefined ? {} : { retryInMs }) })
    world.presenceChanged(own.options.userId)
  }

  function retryLater(own: Link, failure: TransportError, attempt: number): void {
    const asked = typeof failure.retry === 'object' ? failure.retry.afterMs : 0
    const backoff = Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** (attempt - 1)) * (0.5 + world.random.next() / 2)
    const waitMs = Math.round(Math.max(asked, backoff))
    goOffline(own, failure.code === 'transport/offline' ? 'network' : 'server', waitMs)
    stopRetry = clock.setTimer(() => {
      stopRetry = null
      if (options && hasNetwork()) void dial('server', attempt + 1)
    }, waitMs)
  }

  function redial(reason: ConnectionReason): void {
    stopRetry?.()
    stopRetry = null
    queueMicrotask(() => {
      if (options && !link && hasNetwork()) void dial(reason, 1)
    })
  }

  function giveUp(own: Link, failure: TransportError): void {
    goOffline(own, 'unauthorized')
    settleConnect?.reject(failure)
    settleConnect = null
    options = null
  }

  function during<T>(own: Link, work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (own.ended) reject(notSent('The connection was closed.'))
      else own.waiting.set(reject, core.peek().seq)
      const leave = () => own.waiting.delete(reject)
      // Listened to in either case: what fails when nobody waits any more bothers nobody.
      work.then((value) => { leave(); resolve(value) }, (error: unknown) => { leave(); reject(error as Error) })
    })
  }

  const transport: Transport = {
    capabilities: world.capabilities,
    connect(given) {
      if (options) return Promise.reject(refusal('transport/connected', `This transport already serves "${options.userId}". Close it before connecting again, or take another one from the hub.`))
      options = given
      handedOver = null
      world.deviceOpened(device)
      return new Promise((resolve, reject) => {
        settleConnect = { resolve, reject }
        queueMicrotask(() => {
          if (options === given && !link) void dial('starting', 1)
        })
      })
    },
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      const userId = options?.userId
      options = null
      stopRetry?.()
      stopRetry = null
      if (link) breakLink(link)
      lane.clear()
      settleConnect?.reject(notSent('The transport was closed before it was online.'))
      settleConnect = null
      if (userId !== undefined) world.presenceChanged(userId)
    },
    ...deviceCalls(world, { link: () => link, userId: () => options?.userId ?? null, during, disconnect: () => device.disconnect('network'), unanswered: tellAgainFrom }),
  }

  const device: Device = {
    transport,
    userId: () => options?.userId ?? null,
    isOnline: () => link?.online ?? false,
    setNetwork(on) {
      network = on
      device.networkChanged()
    },
    networkChanged() {
      if (link && !hasNetwork()) goOffline(link, 'network')
      redial('network')
    },
    disconnect(reason) {
      if (link) goOffline(link, reason)
      redial(reason)
    },
    whisper(event) {
      if (link?.online) lane.push([event], world.latencyMs())
    },
  }
  return device
}

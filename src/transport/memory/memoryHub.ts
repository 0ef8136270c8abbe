/** Joins the parts of the hub. */
import { systemClock, systemPorts, systemRandom, type UserId } from '../../model/index.js'
import type { Transport, TransportEvent } from '../transport.js'
import { createFaultTable } from './faults.js'
import { createHubBots } from './hubBots.js'
import { hubCommands } from './hubCommands.js'
import { createHubCore } from './hubCore.js'
import { createHubPresence } from './hubPresence.js'
import { createHubTabs } from './hubTabs.js'
import type { Hub, HubState, MemoryHubOptions } from './hubTypes.js'
import { readStatesView } from './hubViews.js'
import type { HubWorld } from './hubWorld.js'
import { openHubJournal } from './indexedDbJournal.js'
import { memoryJournal, type Journal } from './journal.js'
import { memoryCapabilities } from './memoryCapabilities.js'
import { createDevice, type Device } from './memoryTransport.js'

const DEFAULT_NAME = 'readback-hub'
const DEFAULT_BACKFILL = 200
const DEFAULT_REPLAY_LIMIT = 5_000
const DEFAULT_ANSWER_TIMEOUT_MS = 10_000

/**
 * A back end in the page, for demos, stories and tests: order, idempotency, receipts, history, bots and scripted faults.
 * It does nothing until somebody connects, posts, or a bot is added.
 * @public
 */
export function memoryHub(options: MemoryHubOptions = {}): Hub {
  const name = options.name ?? DEFAULT_NAME
  const persist = options.persist ?? false
  const clock = options.clock ?? systemClock
  const random = options.random ?? systemRandom
  const ports = persist ? systemPorts() : null
  const devices = new Set<Device>()
  const offline = new Set<UserId>()
  const stateListeners = new Set<() => void>()
  const faults = createFaultTable()
  let latencyMs = options.latencyMs ?? 0
  let state: HubState = { storage: persist ? 'opening' : 'memory' }

  const core = createHubCore({ openJournal, newHubId: () => random.id().replaceAll('.', '-'), onFailure: (cause) => setState({ storage: 'failing', warning: `The hub could not write to its database: ${String(cause)}. What was not accepted is tried again.` }) })
  const tabs = createHubTabs({
    tab: random.id(), clock, openChannel: () => (options.openChannel ?? ports!.openChannel)(name),
    onRows: () => void core.pull().catch(() => {}), onWhisper: tellHere, onPresence: (userIds, answer) => presence.heard(userIds, answer),
  })
  const presence = createHubPresence({
    peek: core.peek, tabs: () => tabs, tellHere,
    isHere: (userId) => (bots.has(userId) && !offline.has(userId)) || [...devices].some((device) => device.userId() === userId && device.isOnline()),
  })
  const world: HubWorld = {
    core, clock, random, faults,
    capabilities: memoryCapabilities(options.limits),
    catchUp: { backfill: options.backfill ?? DEFAULT_BACKFILL, replayLimit: Math.max(options.replayLimit ?? DEFAULT_REPLAY_LIMIT, options.backfill ?? DEFAULT_BACKFILL) },
    answerTimeoutMs: options.answerTimeoutMs ?? DEFAULT_ANSWER_TIMEOUT_MS,
    latencyMs: () => latencyMs,
    travel: () => wait(latencyMs),
    wait,
    accepts: options.accepts ?? (() => true),
    hasNetwork: (userId) => !offline.has(userId),
    deviceOpened: (device) => devices.add(device),
    whisper(to, event) {
      void Promise.resolve().then(() => tellHere(to, event))
      tabs.whisper(to, event)
    },
    presenceFor: presence.eventsFor,
    presenceChanged(userId, wish) {
      for (const device of devices) if (device.userId() === null) devices.delete(device)
      presence.look(userId, wish)
    },
  }
  const bots = createHubBots(world, `${name}:bot`, () => (state.storage === 'ready' ? (options.locks === undefined ? ports!.locks : options.locks) : null))
  const transports = new WeakMap<Transport, Device>()
  core.subscribe((_rows, ours) => {
    if (state.storage === 'failing') setState({ storage: 'ready' })
    if (ours) tabs.tellRows()
  })

  function setState(next: HubState): void {
    state = next
    for (const listener of [...stateListeners]) listener()
  }

  async function openJournal(): Promise<Journal> {
    if (!persist) return memoryJournal()
    try {
      const journal = await openHubJournal({ name, clock, factory: options.indexedDB })
      setState({ storage: 'ready' })
      // Only now: on a server, and without a database, there are no other tabs, and an open channel would keep the process alive.
      tabs.open()
      presence.greet()
      return journal
    } catch (cause) {
      setState({ storage: 'unavailable', warning: `The hub "${name}" has no database (${cause instanceof Error ? cause.message : String(cause)}). It works in this tab until the tab is closed.` })
      return memoryJournal()
    }
  }

  function wait(ms: number): Promise<void> {
    return ms > 0 ? new Promise((resolve) => { clock.setTimer(resolve, ms) }) : Promise.resolve()
  }

  function tellHere(to: readonly UserId[], event: TransportEvent): void {
    for (const device of devices) {
      const userId = device.userId()
      if (userId !== null && to.includes(userId)) device.whisper(event)
    }
  }

  function devicesOf(who: UserId | Transport): readonly Device[] {
    if (typeof who === 'string') return [...devices].filter((device) => device.userId() === who)
    const device = transports.get(who)
    return device ? [device] : []
  }

  return {
    name,
    faults,
    transport() {
      const device = createDevice(world)
      transports.set(device.transport, device)
      return device.transport
    },
    addBot: (bot) => bots.add(bot),
    setLatency(ms) {
      latencyMs = Math.max(0, ms)
    },
    setOnline(who, on) {
      if (typeof who !== 'string') return transports.get(who)?.setNetwork(on)
      if (on) offline.delete(who)
      else offline.add(who)
      for (const device of devicesOf(who)) device.networkChanged()
      presence.look(who)
      if (on) bots.wake(who)
    },
    disconnect(who) {
      for (const device of devicesOf(who)) device.disconnect('network')
    },
    ...hubCommands(world),
    log: (id) => [...(core.peek().conversations.get(id)?.entries ?? [])],
    readStates(id, userId) {
      const conversation = core.peek().conversations.get(id)
      return conversation ? readStatesView(conversation, userId) : []
    },
    getState: () => state,
    subscribe(listener) {
      stateListeners.add(listener)
      return () => stateListeners.delete(listener)
    },
    async dispose() {
      bots.stop()
      await Promise.all([...devices].map((device) => device.transport.close()))
      tabs.close()
      core.dispose()
      stateListeners.clear()
    },
  }
}

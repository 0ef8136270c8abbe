/** Joins the parts of the hub. */
import { systemClock, systemPorts, systemRandom, type MessageBody, type UserId } from '../../model/index.js'
import type { Transport, TransportEvent } from '../transport.js'
import { addMember, makeConversation, removeMember, requireConversation } from './conversationRules.js'
import { createFaultTable } from './faults.js'
import { createHubBots } from './hubBots.js'
import { createHubCore } from './hubCore.js'
import { createHubPresence } from './hubPresence.js'
import { createHubTabs } from './hubTabs.js'
import type { Hub, HubReceipt, HubSeed, HubState, MemoryHubOptions } from './hubTypes.js'
import { messageById } from './hubState.js'
import { readStatesView } from './hubViews.js'
import type { HubWorld } from './hubWorld.js'
import { OPEN_TIMEOUT_MS, openIndexedDbJournal } from './indexedDbJournal.js'
import { memoryJournal, type Journal } from './journal.js'
import { memoryCapabilities } from './memoryCapabilities.js'
import { createDevice, type Device } from './memoryTransport.js'
import { acceptDraft } from './messageRules.js'
import { acceptReport } from './receiptRules.js'
import { resetConversation } from './resetRules.js'
import { seedRecords } from './seedRecords.js'

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
  const channel = persist ? (options.openChannel ?? ports!.openChannel)(name) : null
  const tabs = createHubTabs({
    tab: random.id(), channel, onWhisper: tellHere, onPresence: (userIds, answer) => presence.heard(userIds, answer),
    // A hub that nobody uses yet reads the rows when somebody does.
    onRows: () => { if (state.storage !== 'opening') core.pull().catch(() => {}) },
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
  const locks = persist ? (options.locks === undefined ? ports!.locks : options.locks) : null
  const bots = createHubBots(world, `${name}:bot`, locks)
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
      const journal = await withinTime(openDatabase())
      setState({ storage: 'ready' })
      return journal
    } catch (cause) {
      setState({ storage: 'unavailable', warning: `The hub "${name}" has no database (${cause instanceof Error ? cause.message : String(cause)}). It works in this tab until the tab is closed.` })
      return memoryJournal()
    }
  }

  async function openDatabase(): Promise<Journal> {
    // Reading the property can throw in a sandboxed frame, so it is done here.
    const factory = options.indexedDB === undefined ? globalThis.indexedDB : options.indexedDB
    if (!factory) throw new Error('this browser offers no IndexedDB')
    return openIndexedDbJournal(factory, name)
  }

  function withinTime(opening: Promise<Journal>): Promise<Journal> {
    return new Promise((resolve, reject) => {
      let late = false
      const stop = clock.setTimer(() => {
        late = true
        reject(new Error(`opening it took longer than ${OPEN_TIMEOUT_MS} ms`))
      }, OPEN_TIMEOUT_MS)
      opening.then((journal) => {
        stop()
        if (late) journal.close()
        else resolve(journal)
      }, (error: unknown) => {
        stop()
        reject(error as Error)
      })
    })
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

  async function seed({ conversation, messages }: HubSeed): Promise<void> {
    await core.run((now) => ({ records: makeConversation(now, conversation, null, {}), answer: undefined }))
    if (requireConversation(core.peek(), conversation.id).entries.length > 0) return
    await core.run((now) => ({ records: seedRecords(requireConversation(now, conversation.id), messages, random), answer: undefined }))
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
    async ensureConversation(given) {
      await core.run((now) => {
        const known = now.conversations.get(given.id)
        return { records: known ? [...new Set(given.members)].flatMap((userId) => addMember(known, userId)) : makeConversation(now, given, null, {}), answer: undefined }
      })
    },
    removeMember: (id, userId) => core.run((now) => ({ records: removeMember(requireConversation(now, id), userId), answer: undefined })),
    async post({ from, conversationId, body, time, localId, ...rest }) {
      const accepted = await core.run((now) => {
        const { kind } = requireConversation(now, conversationId)
        const draft = { localId: localId ?? random.id(), conversation: { id: conversationId, kind }, body: asBody(body), ...rest }
        return acceptDraft(now, { from, draft, id: random.id(), time: time ?? clock.now(), limits: {} })
      })
      return messageById(requireConversation(core.peek(), conversationId), accepted.id)!
    },
    receipt: (given) => core.run((now) => {
      const all = Array.isArray(given) ? (given as readonly HubReceipt[]) : [given as HubReceipt]
      return { records: all.flatMap((one) => receiptRecords(now, one)), answer: undefined }
    }),
    seed,
    reset: (id, { loseLast = 0 } = {}) => core.run((now) => ({ records: resetConversation(requireConversation(now, id), loseLast), answer: undefined })),
    log: (id) => [...(core.peek().conversations.get(id)?.entries ?? [])],
    readStates(id, userId) {
      const conversation = core.peek().conversations.get(id)
      return conversation ? readStatesView(conversation, userId) : []
    },
    ready: () => core.pull(),
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

  function receiptRecords(now: ReturnType<typeof core.peek>, given: HubReceipt) {
    const conversation = requireConversation(now, given.conversationId)
    const upTo = given.upTo !== undefined ? given.upTo : given.ranges ? null : (conversation.entries.at(-1)?.at ?? null)
    const report = {
      conversation: { id: conversation.id, kind: conversation.kind }, kind: given.kind ?? 'read', visibility: given.visibility ?? 'published', upTo, ranges: given.ranges ?? [], messages: [], ageMs: given.ageMs ?? 0,
      ...(given.content === undefined ? {} : { content: given.content }),
    } as const
    return acceptReport(now, { by: given.by, report, now: clock.now(), limits: {} })
  }
}

function asBody(body: MessageBody | string): MessageBody {
  return typeof body === 'string' ? { kind: 'text', text: body } : body
}

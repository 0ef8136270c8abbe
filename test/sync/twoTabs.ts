/**
 * Two tabs over one database, each a handful of atomic steps of the real code: what a tab does between two of them can be interrupted by anything.
 * All orders of these steps are walked through; two orders that lead to the same rows, the same server and the same tabs are one state and have one future.
 */
import type { Accepted, Draft } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock } from 'readback/testing'
import type { SyncContext } from '../../src/sync/context.js'
import { enqueueSend } from '../../src/sync/enqueue.js'
import { storeEnsured } from '../../src/sync/ensure.js'
import { fencedStorage } from '../../src/sync/fencedStorage.js'
import { beatLease, checkLease, claimLease, readLease, sameLease, type Lease } from '../../src/sync/lease.js'
import { runSend, type Outcome } from '../../src/sync/sending.js'
import { contextOf } from './contextOf.js'

/**
 * `lose`: the answer to a send is lost. `claim`: the lock was given, and the lead is taken whatever the lease says. `look`, then `steal`: the lease was silent since,
 * and the lead is taken by force if it still is. `beat`: the leader says that it is alive.
 */
export const ACTIONS = ['enqueue', 'claim', 'look', 'steal', 'beat', 'send', 'ack', 'lose', 'crash'] as const
export type Step = `${0 | 1} ${(typeof ACTIONS)[number]}`
export const STEPS = ([0, 1] as const).flatMap((tab) => ACTIONS.map((action): Step => `${tab} ${action}`))

/** Messages that each tab may write. */
const WRITES = 2

interface Tab {
  ctx: SyncContext
  epoch: number | null
  /** The lease as it was at the last look. */
  seen: Lease | null
  written: number
  /** It belongs to the reign that began it, also where the tab leads anew when the answer comes. */
  flight: { readonly seq: number; readonly localId: string; readonly epoch: number; readonly answer: (accepted: Accepted | Error) => void; readonly outcome: Promise<Outcome | Error> } | null
}

export interface World {
  /** False when the step makes no sense here. */
  take(step: Step): Promise<boolean>
  /** Everything that decides what can happen next, as text. */
  fingerprint(): Promise<string>
  /** What is wrong now, in words; empty when all is well. */
  faults(): Promise<string[]>
  /** One tab leads and sends all there is. */
  drain(): Promise<void>
  readonly server: readonly string[]
  readonly enqueued: readonly string[]
}

export async function createWorld(options: { readonly fenced: boolean } = { fenced: true }): Promise<World> {
  const storage = memoryStorage({ clock: createFakeClock() })
  await storage.open('me')
  const server: string[] = []
  const enqueued: string[] = []
  /** Calls that the server got, in order; a repeat of a local id is stored once. */
  const calls: string[] = []
  /** What a tab did that did not lead any more. */
  const trespasses: string[] = []
  const holds = (n: number, epoch: number | null, lease: Lease | undefined) => epoch !== null && epoch === lease?.epoch && lease.holder === `tab${n}`
  const leads = async (n: number, epoch = tabs[n]!.epoch) => holds(n, epoch, await storage.read(readLease))
  const tabs = [0, 1].map((n): Tab => ({ ctx: contextOf('me', storage, { id: `r${n}` }), epoch: null, seen: null, written: 0, flight: null }))
  await storeEnsured(tabs[0]!.ctx, { id: 'c', kind: 'direct', members: ['me', 'bo'] })

  function leaderContext(tab: Tab, n: number): SyncContext {
    const { epoch } = tab
    const check = (tx: Parameters<typeof checkLease>[0]) => checkLease(tx, { epoch: epoch!, holder: `tab${n}` })
    return options.fenced ? { ...tab.ctx, storage: fencedStorage(storage, check, () => void (tab.epoch = tab.epoch === epoch ? null : tab.epoch)) } : tab.ctx
  }

  async function send(tab: Tab, n: number): Promise<boolean> {
    const entries = await storage.read((tx) => tx.outbox.list({ conversationId: 'c', lane: 'intent' }))
    const head = entries[0]
    if (head?.action !== 'send' || tab.epoch === null || tab.flight) return false
    const { epoch } = tab
    const ctx = leaderContext(tab, n)
    const mayCall = await leads(n)
    let called: (() => void) | null = null
    const reached = new Promise<void>((resolve) => (called = resolve))
    let answer!: (accepted: Accepted | Error) => void
    const transport = { ...ctx.transport, send: (draft: Draft) => new Promise<Accepted>((resolve, reject) => {
      calls.push(draft.localId)
      if (!mayCall) trespasses.push(`tab ${n} sent ${draft.localId}`)
      if (!server.includes(draft.localId)) server.push(draft.localId)
      answer = (given) => (given instanceof Error ? reject(given) : resolve(given))
      called!()
    }) }
    const outcome = runSend({ ...ctx, transport }, head, new AbortController().signal).catch((error: Error) => error)
    const first = await Promise.race([reached.then(() => 'called' as const), outcome])
    if (first === 'called') tab.flight = { seq: head.seq, localId: head.localId, epoch, answer, outcome }
    return true
  }

  async function settleFlight(tab: Tab, accepted: (localId: string) => Accepted | Error): Promise<boolean> {
    const { flight } = tab
    if (!flight) return false
    tab.flight = null
    const n = tabs.indexOf(tab)
    const mayWrite = await leads(n, flight.epoch)
    const before = JSON.stringify(await rows())
    const entry = await storage.read((tx) => tx.outbox.get(flight.seq))
    flight.answer(accepted(entry?.action === 'send' ? entry.localId : 'gone'))
    await flight.outcome
    if (!mayWrite && JSON.stringify(await rows()) !== before) trespasses.push(`tab ${n} wrote`)
    return true
  }

  async function take(step: Step): Promise<boolean> {
    const n = Number(step[0]) as 0 | 1
    const tab = tabs[n]!
    switch (step.slice(2) as (typeof ACTIONS)[number]) {
      case 'enqueue': {
        if (tab.written >= WRITES) return false
        const localId = `${n}${tab.written++}`
        await enqueueSend(tab.ctx, 'c', { localId, body: { kind: 'text', text: localId } })
        enqueued.push(localId)
        return true
      }
      case 'claim':
        if (tab.epoch !== null) return false
        tab.epoch = await storage.write((tx) => claimLease(tx, `tab${n}`))
        tab.seen = null
        return true
      case 'look': {
        if (tab.epoch !== null) return false
        const lease = await storage.read(readLease)
        if (tab.seen && sameLease(tab.seen, lease)) return false
        tab.seen = lease
        return true
      }
      case 'steal': {
        const { seen } = tab
        if (!seen) return false
        const isSilent = sameLease(seen, await storage.read(readLease))
        tab.seen = null
        tab.epoch = await storage.write((tx) => claimLease(tx, `tab${n}`, seen))
        if (isSilent !== (tab.epoch !== null)) trespasses.push(isSilent ? `tab ${n} could not take a silent lead` : `tab ${n} robbed a tab that was alive`)
        return true
      }
      case 'beat': {
        if (tab.epoch === null) return false
        const isLeader = await leads(n)
        const isTold = await storage.write((tx) => beatLease(tx, { epoch: tab.epoch!, holder: `tab${n}` })).then(() => true, () => false)
        if (isLeader !== isTold) trespasses.push(isLeader ? `tab ${n} was not let beat` : `tab ${n} beat for another`)
        if (!isTold) tab.epoch = null
        return true
      }
      case 'send':
        return send(tab, n)
      case 'ack':
        return settleFlight(tab, (localId) => ({ localId, id: `id${localId}`, at: { epoch: 0, order: server.indexOf(localId) + 1, id: `id${localId}` } }))
      case 'lose':
        return settleFlight(tab, () => new Error('No answer.'))
      case 'crash':
        if (tab.epoch === null && !tab.flight && !tab.seen) return false
        tab.epoch = null
        tab.seen = null
        tab.flight = null
        return true
    }
  }

  async function rows() {
    return storage.read(async (tx) => ({
      messages: [...(await tx.messages.page({ conversationId: 'c', limit: 99 })), ...(await tx.messages.echoes('c'))],
      outbox: await tx.outbox.list(),
      lease: await tx.meta.get<Lease>('lease'),
    }))
  }

  return {
    server, enqueued, take,
    async fingerprint() {
      const { messages, outbox, lease } = await rows()
      const flightOf = ({ flight }: Tab, n: number) => flight && [flight.localId, outbox.some(({ seq }) => seq === flight.seq), holds(n, flight.epoch, lease)]
      return JSON.stringify([
        messages.map(({ localId, outgoing }) => [localId, outgoing ?? '']), outbox.map((entry) => (entry.action === 'send' ? entry.localId : '?')), server, furthestOf(calls, enqueued),
        tabs.map((tab, n) => [tab.written, tab.epoch !== null, holds(n, tab.epoch, lease), tab.seen && lease ? sameLease(tab.seen, lease) : tab.seen && !lease, flightOf(tab, n)]),
      ])
    },
    async faults() {
      const { messages, outbox, lease } = await rows()
      const queued = outbox.flatMap((entry) => (entry.action === 'send' ? [entry.localId] : []))
      const kept = messages.map(({ localId }) => localId)
      const sending = messages.filter(({ outgoing }) => outgoing === 'sending').map(({ localId }) => localId)
      const accepted = messages.filter(({ at }) => at !== null).map(({ localId }) => localId)
      const valid = tabs.filter((tab, n) => holds(n, tab.epoch, lease))
      return [
        ...(new Set(kept).size === kept.length && kept.length === enqueued.length ? [] : [`rows ${kept.join()} of ${enqueued.join()}`]),
        ...(same(sending, queued) ? [] : [`sending ${sending.join()} but queued ${queued.join()}`]),
        ...(accepted.every((localId) => server.includes(localId)) ? [] : [`accepted ${accepted.join()} but the server has ${server.join()}`]),
        ...(same(server, enqueued.slice(0, server.length)) ? [] : [`the server has ${server.join()} of ${enqueued.join()}`]),
        ...(valid.length <= 1 ? [] : ['two valid leaders']),
        ...misplacedCalls(calls, enqueued),
        ...trespasses,
      ]
    },
    async drain() {
      for (const tab of tabs) Object.assign(tab, { epoch: null, seen: null, flight: null })
      await take('0 claim')
      for (let step = 0; step < 20; step++) if (!(await take('0 send')) || !(await take('0 ack'))) break
    },
  }
}

const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((item, i) => item === b[i])

/** The place of the furthest message that the server was called for; -1: of none. As the walk ends at the first call out of place, whether the next one is depends on this alone. */
const furthestOf = (calls: readonly string[], enqueued: readonly string[]) => Math.max(-1, ...calls.map((localId) => enqueued.indexOf(localId)))

/** A message is sent again only while nothing after it was: a former leader never repeats what is long settled. */
function misplacedCalls(calls: readonly string[], enqueued: readonly string[]): string[] {
  return calls.some((localId, i) => enqueued.indexOf(localId) < furthestOf(calls.slice(0, i), enqueued)) ? [`calls ${calls.join()}`] : []
}

/** Walks every order of steps up to `depth`. @returns how many states and moves there were, and the first fault with the way that led to it */
export async function explore(depth: number, options?: { readonly fenced: boolean }): Promise<{ states: number; moves: number; fault: string | null }> {
  const seen = new Set<string>()
  let frontier: Step[][] = [[]]
  let moves = 0
  for (let level = 0; level < depth; level++) {
    const next: Step[][] = []
    for (const path of frontier) {
      for (const step of STEPS) {
        const world = await createWorld(options)
        for (const before of path) await world.take(before)
        if (!(await world.take(step))) continue
        moves++
        const way = [...path, step]
        const faults = await world.faults()
        if (faults.length > 0) return { states: seen.size, moves, fault: `${way.join(' → ')}: ${faults.join('; ')}` }
        const print = await world.fingerprint()
        if (seen.has(print)) continue
        seen.add(print)
        next.push(way)
        await world.drain()
        const left = await world.faults()
        if (left.length > 0 || !same(world.server, world.enqueued)) return { states: seen.size, moves, fault: `${way.join(' → ')}, drained: ${left.join('; ')} ${world.server.join()} of ${world.enqueued.join()}` }
      }
    }
    frontier = next
  }
  return { states: seen.size, moves, fault: null }
}

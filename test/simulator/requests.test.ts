/** What reading costs the wire, with a real client on virtual time: over every kind of wire, whoever is told. */
import { joinProgress, type Progress, type ReceiptVisibility, type Report } from 'readback/core'
import { memoryHub, type Hub } from 'readback/transport/memory'
import { describe, expect, it } from 'vitest'
import { loadEngine } from '../../src/client/loadEngine.js'
import { startDevice } from './device.js'
import { covers } from './oracle.js'
import { createPrng, type Prng } from './prng.js'
import { openReader } from './reader.js'
import type { WireWorld } from './schedule.js'
import { VIEW } from './screen.js'
import type { Tab } from './tab.js'
import { createVirtualTime, type VirtualTime } from './virtualTime.js'
import { createWire } from './wire.js'

interface Scene {
  readonly time: VirtualTime
  readonly hub: Hub
  readonly bob: Tab
  /** Kind and visibility of each that left, in order. */
  readonly reports: string[]
  /** All that were ever told, in order. */
  readonly told: Report[]
  post(): Promise<unknown>
  /** A list on screen: whatever is shown and was not read dwells, and is read. */
  readShown(): void
}

interface Costs {
  readonly scope: WireWorld['scope']
  /** Events overtake each other. */
  readonly late: boolean
  readonly receipts: ReceiptVisibility
}

const SETTINGS: readonly ReceiptVisibility[] = ['public', 'private', 'off']
const EVERY: readonly Costs[] = (['ranges', 'point', 'message'] as const).flatMap((scope) => [false, true].flatMap((late) => SETTINGS.map((receipts) => ({ scope, late, receipts }))))

async function start({ scope, late, receipts }: Costs): Promise<Scene> {
  // A client's first start loads it, in real time; virtual time must not wait for that.
  await loadEngine()
  const time = createVirtualTime()
  const hub = memoryHub({ clock: time.clock })
  await hub.ensureConversation({ id: 'team', kind: 'group', members: ['ann', 'bob'] })
  const wire = createWire(hub, time, { wire: { scope, late, sparse: false, garbled: false }, latencyMs: 0 })
  const bob = (await startDevice({ hub, wire, time, seed: 1, index: 0, user: 'bob' })).tabs[0]!
  await time.pass(2_000)
  await bob.client.setReceipts(receipts)
  const reports: string[] = []
  const told: Report[] = []
  hub.faults.add({ on: 'report', do: 'delay', times: Infinity, match: ({ report }) => {
    reports.push(`${report!.kind} ${report!.visibility}`)
    told.push(report!)
    return false
  } })
  const { source, readStates } = bob.shown.get('team')!
  return {
    time, hub, bob, reports, told,
    post: () => hub.post({ conversationId: 'team', from: 'ann', body: 'hello' }),
    readShown() {
      const rows = source.getSnapshot().messages.filter((message) => !readStates.isRead(message))
      for (const message of rows) void bob.client.markRead([message])
    },
  }
}

/** Ten a second, each up to so many milliseconds late. */
async function postLive({ time, post }: Scene, messages: number, irregularMs: number, onShown: () => void): Promise<void> {
  const random: Prng = createPrng(1)
  let lateMs = 0
  for (let n = 0; n < messages; n += 1) {
    await post()
    const next = random.int(irregularMs)
    await time.pass(100 - lateMs + next)
    lateMs = next
    onShown()
  }
}

function unreadOf({ bob }: Scene) {
  return bob.client.getState().conversations[0]!.unread
}

/** What was told again though nothing had changed: a message that was named before, or a state that says nothing new. */
function repeated(told: readonly Report[]): readonly string[] {
  const named = new Set<string>()
  const known = new Map<string, Progress>()
  return told.flatMap(({ kind, visibility, upTo, ranges, messages }) => {
    const key = `${kind} ${visibility}`
    const before = known.get(key) ?? { upTo: null, ranges: [] }
    const after = joinProgress(before, { upTo, ranges })
    known.set(key, after)
    const again = messages.map(({ id }) => `${key} ${id}`).filter((name) => named.has(name))
    for (const { id } of messages) named.add(`${key} ${id}`)
    return after === before ? [...again, `${key}: nothing new`] : again
  })
}

/** Of so many messages, whether the newest was told as delivered. */
function isDelivered({ hub }: Scene, messages: number): boolean {
  const at = hub.log('team')[messages - 1]!.at
  return hub.readStates('team', 'ann').some(({ by, kind, upTo = null, ranges = [] }) => by === 'bob' && kind === 'delivered' && covers({ upTo, ranges }, at))
}

describe('requests', () => {
  it.each(EVERY)('[RD10] [RS16] [I16] reading ten messages a second as they come costs at most a tenth as many reports, whoever is told, and each message is told once of a kind and to whom: $scope, overtaking $late, $receipts', async (costs) => {
    const scene = await start(costs)
    const { time, bob, reports, readShown } = scene
    const messages = 500
    await postLive(scene, 10, 30, readShown)
    reports.length = 0
    await postLive(scene, messages, 30, readShown)
    expect(reports.length).toBeLessThanOrEqual(messages / 10)
    // The last of those that are late.
    for (let n = 0; n < 50; n += 1) {
      await time.pass(100)
      readShown()
    }
    expect(unreadOf(scene)).toEqual({ count: 0, exact: true })
    expect(repeated(scene.told)).toEqual([])
    await bob.client.dispose()
  }, 60_000)

  it.each(EVERY.filter(({ late }) => !late))('[RD10] so it is where a list on screen is read by who lets each message dwell, a screen of ten in a second: $scope, $receipts', async (costs) => {
    const scene = await start(costs)
    const { time, bob, reports } = scene
    const messages = 500
    const reader = openReader({ tab: bob, user: 'bob', shown: bob.shown.get('team')!, world: time.clock, name: 'bob', heights: [VIEW / 10], onRead: (read) => void bob.client.markRead(read) })
    const follow = () => reader.act('scroll', 1, 0)
    await postLive(scene, 10, 30, follow)
    reports.length = 0
    await postLive(scene, messages, 30, follow)
    expect(reports.length).toBeLessThanOrEqual(messages / 10)
    await time.pass(5_000)
    reader.check()
    reader.close()
    expect(unreadOf(scene)).toEqual({ count: 0, exact: true })
    expect(repeated(scene.told)).toEqual([])
    await bob.client.dispose()
  }, 60_000)

  it.each(SETTINGS)('[RD10] reading ten messages a second costs as much with the first and the last of it: %s', async (receipts) => {
    const scene = await start({ scope: 'ranges', late: false, receipts })
    const messages = 1_000
    await postLive(scene, messages, 100, scene.readShown)
    await scene.time.pass(5_000)
    expect(unreadOf(scene)).toEqual({ count: 0, exact: true })
    expect(scene.reports.length).toBeLessThanOrEqual(messages / 10)
    await scene.bob.client.dispose()
  }, 60_000)

  it.each(EVERY.filter(({ receipts }) => receipts !== 'off'))('[RD10] what nobody reads costs as little to be told as delivered, and the first of it at once: $scope, overtaking $late, $receipts', async (costs) => {
    const scene = await start(costs)
    const { time, bob, reports } = scene
    const messages = 200
    await scene.post()
    await time.pass(costs.late ? 4_000 : 0)
    expect(reports).toEqual(['delivered published'])
    bob.visibility.setVisible(false)
    await postLive(scene, messages, 30, () => {})
    expect(reports.length).toBeLessThanOrEqual(1 + messages / 10)
    await time.pass(6_000)
    expect(new Set(reports)).toEqual(new Set(['delivered published']))
    expect(isDelivered(scene, messages + 1)).toBe(true)
    await bob.client.dispose()
  }, 60_000)

  it.each(EVERY.filter(({ late, receipts }) => !late && receipts === 'public'))('[RD10] what was read is not told as delivered besides: $scope', async (costs) => {
    const scene = await start(costs)
    await postLive(scene, 50, 30, scene.readShown)
    await scene.time.pass(5_000)
    // The first came before anybody could read it.
    expect(scene.reports.filter((report) => report === 'delivered published')).toHaveLength(1)
    await scene.bob.client.dispose()
  })

  it('[RD10] what came is told as delivered once reading stops, though nobody is told of the reading', async () => {
    const scene = await start({ scope: 'ranges', late: false, receipts: 'private' })
    await postLive(scene, 50, 30, scene.readShown)
    expect(isDelivered(scene, 50)).toBe(false)
    await scene.time.pass(2_500)
    expect(isDelivered(scene, 50)).toBe(true)
    await scene.bob.client.dispose()
  })

  it('[RD10] where reading goes on and on what came is told as delivered within a minute', async () => {
    const scene = await start({ scope: 'ranges', late: false, receipts: 'private' })
    await postLive(scene, 640, 30, scene.readShown)
    expect(isDelivered(scene, 600)).toBe(true)
    await scene.bob.client.dispose()
  }, 60_000)

  it('[RD8] when the page is hidden what was delivered waits for nothing either', async () => {
    const scene = await start({ scope: 'ranges', late: false, receipts: 'private' })
    await postLive(scene, 50, 30, scene.readShown)
    scene.bob.visibility.setVisible(false)
    await scene.time.pass(100)
    expect(isDelivered(scene, 50)).toBe(true)
    await scene.bob.client.dispose()
  })

  it('[RD10] reading a screen of ten each second costs one report a screen', async () => {
    const { time, bob, reports, post } = await start({ scope: 'ranges', late: false, receipts: 'public' })
    const messages = 50
    for (let n = 0; n < messages; n += 1) await post()
    await time.pass(5_000)
    reports.length = 0
    const rows = bob.shown.get('team')!.source.getSnapshot().messages
    expect(rows).toHaveLength(messages)
    for (let screen = 0; screen < messages / 10; screen += 1) {
      for (const row of rows.slice(screen * 10, screen * 10 + 10)) void bob.client.markRead([row])
      await time.pass(1_000)
    }
    await time.pass(5_000)
    expect(reports).toHaveLength(messages / 10)
    await bob.client.dispose()
  }, 30_000)

  it.each(EVERY)('[RD10] a backlog read offline leaves in a hundredth as many reports, whoever is told: $scope, overtaking $late, $receipts', async (costs) => {
    const scene = await start(costs)
    const { time, hub, bob, reports, post, readShown } = scene
    const messages = 500
    for (let n = 0; n < messages; n += 1) await post()
    await time.pass(5_000)
    hub.setOnline(bob.transport, false)
    await time.pass(1_000)
    reports.length = 0
    for (let page = 0; page < 10; page += 1) {
      readShown()
      await time.pass(500)
      await bob.shown.get('team')!.source.loadOlder!()
    }
    hub.setOnline(bob.transport, true)
    await time.pass(60_000)
    expect(unreadOf(scene)).toEqual({ count: 0, exact: true })
    expect(reports.length).toBeLessThanOrEqual(messages / 100)
    await bob.client.dispose()
  }, 60_000)
})

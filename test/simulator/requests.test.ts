/** What reading costs the wire, with a real client on virtual time. */
import { memoryHub, type Hub } from 'readback/transport/memory'
import { describe, expect, it } from 'vitest'
import { loadEngine } from '../../src/client/loadEngine.js'
import { startDevice } from './device.js'
import { createPrng } from './prng.js'
import type { Tab } from './tab.js'
import { createVirtualTime, type VirtualTime } from './virtualTime.js'
import { createWire } from './wire.js'

interface Scene {
  readonly time: VirtualTime
  readonly hub: Hub
  readonly bob: Tab
  readonly reports: string[]
  /** A list on screen: whatever is shown and was not read dwells, and is read. */
  readShown(): void
}

async function start(): Promise<Scene> {
  // A client's first start loads it, in real time; virtual time must not wait for that.
  await loadEngine()
  const time = createVirtualTime()
  const hub = memoryHub({ clock: time.clock })
  await hub.ensureConversation({ id: 'team', kind: 'group', members: ['ann', 'bob'] })
  const bob = (await startDevice({ hub, wire: createWire(hub, time), time, seed: 1, index: 0, user: 'bob' })).tabs[0]!
  await time.pass(2_000)
  const reports: string[] = []
  hub.faults.add({ on: 'report', do: 'delay', times: Infinity, match: ({ report }) => {
    reports.push(report!.kind)
    return false
  } })
  const { source, readStates } = bob.shown.get('team')!
  return {
    time, hub, bob, reports,
    readShown() {
      const rows = source.getSnapshot().messages.filter((message) => !readStates.isRead(message))
      for (const message of rows) void bob.client.markRead([message])
    },
  }
}

describe('requests', () => {
  it.each([{ irregularMs: 30 }, { irregularMs: 100 }])('[RD10] reading ten messages a second as they come, each up to $irregularMs ms late, costs a tenth as many reports, those of delivery included', async ({ irregularMs }) => {
    const { time, hub, bob, reports, readShown } = await start()
    const random = createPrng(1)
    const messages = 300
    let lateMs = 0
    for (let n = 0; n < messages; n += 1) {
      await hub.post({ conversationId: 'team', from: 'ann', body: `${n}` })
      const next = random.int(irregularMs)
      await time.pass(100 - lateMs + next)
      lateMs = next
      readShown()
    }
    await time.pass(5_000)
    expect(bob.client.getState().conversations[0]!.unread).toEqual({ count: 0, exact: true })
    expect(reports.length).toBeLessThanOrEqual(messages / 10)
    await bob.client.dispose()
  }, 30_000)

  it('[RD10] reading a screen of ten each second costs one report a screen', async () => {
    const { time, hub, bob, reports } = await start()
    const messages = 50
    for (let n = 0; n < messages; n += 1) await hub.post({ conversationId: 'team', from: 'ann', body: `${n}` })
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

  it('[RD10] a backlog read offline leaves in a hundredth as many reports', async () => {
    const { time, hub, bob, reports, readShown } = await start()
    const messages = 1_000
    for (let n = 0; n < messages; n += 1) await hub.post({ conversationId: 'team', from: 'ann', body: `${n}` })
    await time.pass(5_000)
    hub.setOnline(bob.transport, false)
    await time.pass(1_000)
    reports.length = 0
    for (let page = 0; page < 20; page += 1) {
      readShown()
      await time.pass(500)
      await bob.shown.get('team')!.source.loadOlder!()
    }
    hub.setOnline(bob.transport, true)
    await time.pass(60_000)
    expect(bob.client.getState().conversations[0]!.unread).toEqual({ count: 0, exact: true })
    expect(reports.length).toBeLessThanOrEqual(messages / 100)
    await bob.client.dispose()
  }, 30_000)
})

import { createChatClient, type ChatStorage, type Point, type TransportEvent } from 'readback/core'
import { createFakeClock, createFakeVisibility } from 'readback/testing'
import { memoryStorage } from 'readback/storage/memory'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { loadCursor } from '../../src/sync/storeEvents.js'
import { scriptedTransport } from './scriptedTransport.js'

const at = (order: number): Point => ({ epoch: 0, order, id: `m${order}` })
const member = (userId: string) => ({ userId, role: 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] })
const receipt = (by: string, changes: object = {}): TransportEvent => ({ type: 'receipt', conversationId: 'c', by, kind: 'read', visibility: 'published', upTo: at(1), ...changes }) as TransportEvent

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()))
})

/** A disk whose writes can be held back, as one that is slow, or that a crash comes before. */
function slowDisk(disk: ChatStorage) {
  let open = Promise.resolve()
  let letGo = () => {}
  let writes = 0
  return {
    storage: { ...disk, write: async (...args: Parameters<ChatStorage['write']>) => {
      await open
      writes += 1
      return disk.write(...args)
    } } as ChatStorage,
    hold: () => void (open = new Promise((resolve) => (letGo = resolve))),
    letGo: () => letGo(),
    writes: () => writes,
  }
}

/** A group with one own message, on screen. */
async function start(people = 3) {
  const wire = scriptedTransport()
  const disk = memoryStorage()
  const slow = slowDisk(disk)
  const clock = createFakeClock()
  const visibility = createFakeVisibility()
  const client = createChatClient({ userId: 'me', transport: wire, storage: slow.storage, policy: { groupStatus: 'any', maxGroupSize: 1_000 }, ports: { clock, visibility, locks: null, openChannel: () => null } })
  ends.push(async () => {
    slow.letGo()
    await client.dispose()
  })
  await client.start()
  const names = Array.from({ length: people }, (_, i) => `u${i}`)
  wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', members: ['me', ...names].map(member), rosterComplete: true } })
  wire.emit({ type: 'message', message: { conversationId: 'c', id: 'm1', at: at(1), from: 'me', localId: 'l1', time: 1, body: { kind: 'text', text: 'hi' } } })
  wire.emit({ type: 'cursor', cursor: 'before' })
  const source = client.messages('c')
  source.subscribe(() => {})
  const readStates = client.readStates('c')
  let told = 0
  readStates.subscribe(() => (told += 1))
  await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(1))
  await vi.waitFor(async () => expect(await disk.read((tx) => loadCursor(tx))).toBe('before'))
  clock.advance(5_000)
  const own = source.getSnapshot().messages[0]!
  return {
    wire, disk, slow, clock, visibility, client, names,
    read: () => {
      const tally = readStates.getTally(own)
      return tally.tracked ? tally.read : null
    },
    status: () => readStates.getStatus(own),
    told: () => told,
    stored: async () => (await disk.read((tx) => tx.readStates.list('c'))).filter((state) => state.read.upTo !== null).length,
    settle: () => new Promise((resolve) => setTimeout(resolve, 5)),
  }
}

describe('receipts on screen before they are stored', () => {
  it('[RS1] are shown while the disk is busy, and stored when it is not, once', async () => {
    const scene = await start()
    scene.slow.hold()
    scene.wire.emit(receipt('u0'))
    expect([scene.read(), scene.status(), await scene.stored()]).toEqual([1, 'read', 0])
    scene.slow.letGo()
    await vi.waitFor(async () => expect(await scene.stored()).toBe(1))
    expect([scene.read(), scene.status()]).toEqual([1, 'read'])
  })

  it('come again after a crash: no cursor behind them is stored before they are', async () => {
    const scene = await start()
    scene.slow.hold()
    scene.wire.emit(receipt('u0'))
    scene.wire.emit({ type: 'cursor', cursor: 'behind' })
    await scene.settle()
    expect([scene.read(), await scene.stored(), await scene.disk.read((tx) => loadCursor(tx))]).toEqual([1, 0, 'before'])
    scene.slow.letGo()
    await vi.waitFor(async () => {
      scene.clock.advance(100)
      expect(await scene.disk.read((tx) => loadCursor(tx))).toBe('behind')
    })
    expect(await scene.stored()).toBe(1)
  })

  it('a flood of five hundred is a few tellings and a few writes', async () => {
    const scene = await start(500)
    const [tellings, writes] = [scene.told(), scene.slow.writes()]
    for (const name of scene.names) scene.wire.emit(receipt(name))
    await vi.waitFor(async () => {
      scene.clock.advance(100)
      expect(await scene.stored()).toBe(500)
    })
    expect(scene.read()).toBe(500)
    expect(scene.told() - tellings).toBeLessThanOrEqual(4)
    // The first at once, the others together; and the lease of the leading tab.
    expect(scene.slow.writes() - writes).toBeLessThanOrEqual(4)
  })

  it('are those of members, up to the newest message, and of others none', async () => {
    const scene = await start()
    scene.slow.hold()
    scene.wire.emit(receipt('stranger'))
    scene.wire.emit(receipt('u0', { upTo: at(2) }))
    scene.wire.emit(receipt('u1', { visibility: 'ownDevices' }))
    scene.wire.emit(receipt('u2', { ranges: [{ from: at(2), to: at(3) }], upTo: undefined }))
    expect(scene.read()).toBe(0)
    scene.slow.letGo()
    await scene.settle()
    expect(scene.read()).toBe(0)
  })

  it('[I1] are stored when the client stops, and are no loss to who starts it again', async () => {
    const scene = await start()
    // The first is stored at once; those that follow wait for more.
    for (const name of scene.names) scene.wire.emit(receipt(name))
    await scene.client.stop()
    await scene.disk.open('me')
    expect(await scene.stored()).toBe(3)
  })

  it('[I1] are stored at once when the page is hidden: it may be frozen or discarded without another word', async () => {
    const scene = await start()
    for (const name of scene.names) scene.wire.emit(receipt(name))
    await scene.settle()
    expect(await scene.stored()).toBe(1)
    scene.visibility.setVisible(false)
    await vi.waitFor(async () => expect(await scene.stored()).toBe(3))
  })

  it('stay on screen when it is read anew from a database that has them not yet', async () => {
    const scene = await start()
    scene.slow.hold()
    scene.wire.emit(receipt('u0'))
    scene.wire.emit(receipt('u1'))
    scene.clock.advance(80)
    expect(scene.read()).toBe(2)
    await scene.client.openAt('c', 'newest')
    await vi.waitFor(() => expect(scene.read()).toBe(2))
    expect(await scene.stored()).toBe(0)
  })
})

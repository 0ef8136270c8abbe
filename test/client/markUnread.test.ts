/** A conversation that its user marks as unread: until they clear it, or read in it on a later visit. */
import { createChatClient, type ChatClient, type ChatStorage, type Stop } from 'readback/core'
import { createFakeClock } from 'readback/testing'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub, type Hub } from 'readback/transport/memory'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, describe, expect, it, vi } from 'vitest'

const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

async function hubOf(count: number): Promise<Hub> {
  const hub = memoryHub()
  await hub.seed({ conversation: { id: 'c', kind: 'group', members: ['ada', 'bo'] }, messages: Array.from({ length: count }, (_, n) => ({ from: 'bo', body: `${n}`, time: 1_000 * n })) })
  return hub
}

interface Scene {
  readonly client: ChatClient
  /** The user opens the conversation. Returns how they leave it. */
  visit(): Promise<() => void>
  mark(): { readonly rev: number; readonly on: boolean } | undefined
  unread(): number | undefined
}

async function start(hub: Hub, count: number, storage: ChatStorage = memoryStorage()): Promise<Scene> {
  const clock = createFakeClock()
  const client = createChatClient({ userId: 'ada', storage, transport: hub.transport(), ports: { clock, locks: null, openChannel: () => null } })
  running.push(client)
  await client.start()
  const known = () => client.getState().conversations.find(({ id }) => id === 'c')
  await vi.waitFor(() => expect(known()?.unread?.count).toBe(count))
  return {
    client,
    async visit() {
      const source = client.messages('c')
      const leave: Stop = source.subscribe(() => {})
      await vi.waitFor(() => expect(source.getSnapshot().status).toBe('ready'))
      return () => {
        leave()
        // A window that nobody listens to any more is kept for a moment.
        clock.advance(5_000)
      }
    },
    mark: () => known()?.manualUnread,
    unread: () => known()?.unread?.count,
  }
}

const shown = ({ client }: Scene) => client.messages('c').getSnapshot().messages

describe('marking as unread', () => {
  it('[RS33] shows at once, moves no count and no read state, and survives a reload', async () => {
    const options = { indexedDB: new IDBFactory(), IDBKeyRange }
    const hub = await hubOf(2)
    const first = await start(hub, 2, dexieStorage(options))
    await first.visit()
    await first.client.markRead(shown(first))
    await first.client.markUnread('c')
    expect([first.mark(), first.unread()]).toEqual([{ rev: 1, on: true }, 0])
    await first.client.dispose()
    const again = await start(hub, 0, dexieStorage(options))
    expect(again.mark()).toEqual({ rev: 1, on: true })
  })

  it('[RS33] is refused for a conversation that is not here, and before the start', async () => {
    const { client } = await start(await hubOf(0), 0)
    await expect(client.markUnread('none')).rejects.toMatchObject({
      code: 'client/unknownConversation',
      message: 'There is no conversation "none" here, so it cannot be marked as unread. Call client.ensureConversation({ id, kind, members }) first, or wait until the back end has listed it.',
    })
    const idle = createChatClient({ userId: 'ada', storage: memoryStorage(), transport: memoryHub().transport() })
    await expect(idle.markUnread('c')).rejects.toMatchObject({ code: 'client/notStarted' })
  })

  it.each([0, 2])('[RS33] ends with `clearUnread`, also where no message ever was (%i messages)', async (count) => {
    const scene = await start(await hubOf(count), count)
    await scene.client.markUnread('c')
    await scene.client.clearUnread('c')
    expect([scene.mark(), scene.unread()]).toEqual([{ rev: 2, on: false }, 0])
  })
})

describe('what is marked as unread while it is open', () => {
  it('[RS33] stays so whatever is read until the user leaves, and ends with the first reading after they came back', async () => {
    const scene = await start(await hubOf(3), 3)
    const leave = await scene.visit()
    const [first, second, third] = shown(scene)
    await scene.client.markRead([first!])
    await scene.client.markUnread('c')
    await scene.client.markRead([second!])
    await scene.client.react('c', second!.ids[0]!, '+', true)
    expect([scene.mark()?.on, scene.unread()]).toEqual([true, 1])
    leave()
    await scene.visit()
    expect(scene.mark()?.on).toBe(true)
    await scene.client.markRead([third!])
    expect([scene.mark(), scene.unread()]).toEqual([{ rev: 2, on: false }, 0])
  })

  it('[RS33] ends with coming back where everything is read, for no reading would end it', async () => {
    const scene = await start(await hubOf(1), 1)
    const leave = await scene.visit()
    await scene.client.markRead(shown(scene))
    await scene.client.markUnread('c')
    await scene.client.markReached('c')
    expect(scene.mark()?.on).toBe(true)
    leave()
    await scene.visit()
    await scene.client.markReached('c')
    expect(scene.mark()).toEqual({ rev: 2, on: false })
  })

  it('[RS33] is not ended by entering alone where something is left to read', async () => {
    const scene = await start(await hubOf(2), 2)
    await scene.client.markUnread('c')
    await scene.visit()
    await scene.client.markReached('c')
    expect([scene.mark()?.on, scene.unread()]).toEqual([true, 2])
    await scene.client.markRead(shown(scene).slice(0, 1))
    expect([scene.mark()?.on, scene.unread()]).toEqual([false, 1])
  })
})

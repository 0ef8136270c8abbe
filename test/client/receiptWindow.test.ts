import { createChatClient, type ChatClient, type Message, type PageVisibility } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, expect, it, vi } from 'vitest'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
const onScreen: PageVisibility = { isVisible: () => true, hasFocus: () => true, subscribe: () => () => {} }

const running: ChatClient[] = []
afterEach(() => Promise.all(running.splice(0).map((client) => client.dispose())))

it('[RS19] what is read past the window is told to nobody else, and my other device knows; what is read in time is told', async () => {
  const hub = memoryHub({ limits: { receiptWindowMs: 60_000 } })
  await hub.seed({ conversation: PAIR, messages: [{ from: 'ada', body: 'long ago', time: Date.now() - 120_000 }] })
  const device = async (userId: string) => {
    const client = createChatClient({ userId, transport: hub.transport(), storage: memoryStorage(), policy: { flushMs: 10, maxFlushMs: 20 }, ports: { visibility: onScreen, locks: null, openChannel: () => null } })
    running.push(client)
    await client.start()
    const source = client.messages(PAIR.id)
    source.subscribe(() => {})
    const dropped: string[] = []
    client.on('dropped', ({ reason }) => dropped.push(reason))
    const rows = async (count: number): Promise<readonly Message[]> => vi.waitFor(() => {
      expect(source.getSnapshot().messages).toHaveLength(count)
      return source.getSnapshot().messages
    })
    return { client, dropped, rows, unread: () => client.getState().conversations[0]?.unread }
  }
  const [bo, other, ada] = [await device('bo'), await device('bo'), await device('ada')]
  await other.rows(1)
  await bo.client.markRead(await bo.rows(1))
  await vi.waitFor(() => expect(other.unread()).toEqual({ count: 0, exact: true }))
  // Delivered and read, each once.
  await vi.waitFor(() => expect(bo.dropped).toEqual(['report/refused', 'report/refused']))
  expect(hub.readStates(PAIR.id, 'ada').filter(({ kind }) => kind === 'read')).toEqual([])

  await ada.client.send(PAIR.id, { body: { kind: 'text', text: 'now' } })
  await bo.client.markRead((await bo.rows(2)).slice(1))
  await vi.waitFor(() => expect(hub.readStates(PAIR.id, 'ada').filter(({ kind }) => kind === 'read')).toMatchObject([{ by: 'bo', upTo: { order: 2 } }]))
  // Nothing that was refused is tried again and again.
  expect(bo.dropped).toHaveLength(2)
})

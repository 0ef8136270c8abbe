import { createChatClient, type ChatClient } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, expect, it, vi } from 'vitest'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})
const makeClient = (hub: ReturnType<typeof memoryHub>, userId: string) => {
  const client = createChatClient({ userId, transport: hub.transport(), storage: memoryStorage(), policy: { flushMs: 10, maxFlushMs: 20 }, ports: { visibility: { isVisible: () => true, hasFocus: () => true, subscribe: () => () => {} }, locks: null, openChannel: () => null } })
  running.push(client)
  return client
}

/** Ada has sent something and looks at her list of conversations only; Bo reads. */
async function start() {
  const hub = memoryHub()
  const ada = makeClient(hub, 'ada')
  const bo = makeClient(hub, 'bo')
  await ada.ensureConversation(PAIR)
  await ada.start()
  await ada.send(PAIR.id, { body: { kind: 'text', text: 'hello' } })
  await bo.start()
  const source = bo.messages(PAIR.id)
  source.subscribe(() => {})
  await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(1))
  const last = () => ada.getState().conversations[0]!.lastMessage!
  return { hub, ada, last, read: () => bo.markRead(source.getSnapshot().messages), status: () => ada.readStates(PAIR.id).getStatus(last()) }
}

it('[RS10] the list of conversations follows how far its last message got, though the conversation was never opened here', async () => {
  const { ada, read, status } = await start()
  let told = 0
  const stop = ada.readStates(PAIR.id).subscribe(() => (told += 1))
  await vi.waitFor(() => expect(status()).toBe('delivered'))
  const before = told
  await read()
  await vi.waitFor(() => expect(status()).toBe('read'))
  expect(told).toBeGreaterThan(before)
  stop()
})

it('[RS10] and knows it when it comes later, also after the client was stopped', async () => {
  const { ada, read, last, status } = await start()
  await read()
  await vi.waitFor(async () => expect((await ada.statusRows(last().ids[0]!)).map((row) => row.status)).toEqual([3]))
  ada.readStates(PAIR.id).subscribe(() => {})
  await vi.waitFor(() => expect(status()).toBe('read'))
  await ada.stop()
  await ada.start()
  await vi.waitFor(() => expect(status()).toBe('read'))
})

it('[RS10] and goes on when the conversation was opened and is closed again', async () => {
  const { ada, read, status } = await start()
  ada.readStates(PAIR.id).subscribe(() => {})
  const close = ada.messages(PAIR.id).subscribe(() => {})
  await vi.waitFor(() => expect(ada.messages(PAIR.id).getSnapshot().status).toBe('ready'))
  close()
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  await read()
  await vi.waitFor(() => expect(status()).toBe('read'))
})

it('[RS10] nothing of it is kept when nobody looks any more', async () => {
  const { ada, read, status } = await start()
  ada.readStates(PAIR.id).subscribe(() => {})()
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  const before = status()
  await read()
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(status()).toBe(before)
})

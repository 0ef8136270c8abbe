/** What is under way when an account is signed out ends there: it shows nothing of it afterwards, and touches no row of whoever comes next. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type ChatClient, type ChatStorage } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryStorage } from 'readback/storage/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { scriptedTransport } from '../sync/scriptedTransport.js'

const TEAM = { id: 'team', kind: 'group', members: ['ada', 'eve', 'bo'] } as const
const running: ChatClient[] = []
afterEach(async () => {
  await Promise.allSettled(running.splice(0).map((client) => client.dispose()))
})

async function start(userId: string, storage: ChatStorage) {
  const wire = scriptedTransport()
  const seen = new Set<() => void>()
  let isVisible = true
  const client = createChatClient({ userId, transport: wire, storage, ports: { locks: null, openChannel: () => null, visibility: { isVisible: () => isVisible, hasFocus: () => isVisible, subscribe: (listener) => (seen.add(listener), () => seen.delete(listener)) } } })
  running.push(client)
  await client.ensureConversation(TEAM)
  await client.start()
  const look = () => {
    for (const visible of [false, true]) {
      isVisible = visible
      for (const tell of seen) tell()
    }
  }
  return { client, wire, look }
}

async function fill({ client, wire }: Awaited<ReturnType<typeof start>>, rows: number) {
  const source = client.messages(TEAM.id)
  source.subscribe(() => {})
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'), 8_000)
  for (let order = 1; order <= rows; order++) wire.emit({ type: 'message', message: { conversationId: TEAM.id, id: `m${order}`, at: { epoch: 0, order, id: `m${order}` }, from: 'bo', localId: `l${order}`, time: order, body: { kind: 'text', text: `${order}` } } })
  await vi.waitFor(() => expect(source.getSnapshot().messages.length).toBeGreaterThan(50))
  await client.clearUnread(TEAM.id)
}

it('[I26] history that is being pruned when the account is signed out is not pruned in the rows of the next', async () => {
  const inner = memoryStorage()
  let atWrite: (() => Promise<void>) | null = null
  const storage: ChatStorage = {
    ...inner,
    async write(fn, options) {
      const result = await inner.write(fn, options)
      await atWrite?.()
      return result
    },
  }
  const ada = await start('ada', storage)
  await fill(ada, 700)
  let eve: Awaited<ReturnType<typeof start>> | null = null
  atWrite = async () => {
    atWrite = null
    await ada.client.signOut({ data: 'keep' })
    eve = await start('eve', storage)
    await fill(eve, 700)
  }
  await ada.client.pruneHistory(TEAM.id, { before: Infinity }).catch(() => {})
  expect(eve).not.toBeNull()
  expect(await inner.read(async (tx) => (await tx.messages.page({ conversationId: TEAM.id, limit: 2_000 })).length)).toBe(700)
}, 20_000)

it.each(['a list that opens', 'a tab that is looked at again'] as const)('[I26] what is read for %s when the account is signed out is not shown after it', async (what) => {
  const inner = dexieStorage({ indexedDB: new IDBFactory(), IDBKeyRange })
  let hold: Promise<void> | null = null
  const storage: ChatStorage = {
    ...inner,
    async read(fn) {
      const result = await inner.read(fn)
      await hold
      return result
    },
  }
  const ada = await start('ada', storage)
  await fill(ada, 60)
  let go: () => void = () => {}
  hold = new Promise((resolve) => (go = resolve))
  if (what === 'a list that opens') ada.client.openAt(TEAM.id, 'newest').catch(() => {})
  else ada.look()
  await new Promise((resolve) => setTimeout(resolve, 50))
  const leaving = ada.client.signOut({ data: 'wipe' })
  await leaving
  go()
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(ada.client.getState().conversations).toEqual([])
  expect(ada.client.messages(TEAM.id).getSnapshot().messages).toEqual([])
  expect(ada.client.getState().pendingCount).toBe(0)
})

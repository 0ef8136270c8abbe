import { ChatError, createChatClient, type ChatStorage, type HistoryQuery, type IncomingMessage, type Message } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import type { FakeClock } from 'readback/testing'
import { expect, it, onTestFinished, vi } from 'vitest'
import { CLOSED_WINDOW } from '../../src/store/windowTypes.js'
import { createChanges, noteRow, showChanges } from '../../src/sync/changes.js'
import { storeEnsured } from '../../src/sync/ensure.js'
import { createWindowLoader } from '../../src/sync/windowLoader.js'
import { contextOf } from './contextOf.js'
import { scriptedTransport } from './scriptedTransport.js'

it('a list that was asked to go elsewhere while it opened ends there, though the first page is read last', async () => {
  const inner = memoryStorage()
  let held: (() => void) | null = null
  let holdNext = false
  const storage: ChatStorage = {
    ...inner,
    get name() {
      return inner.name
    },
    async read(fn) {
      const isHeld = holdNext
      holdNext = false
      const result = await inner.read(fn)
      if (isHeld) await new Promise<void>((resolve) => (held = resolve))
      return result
    },
  }
  const wire = scriptedTransport()
  const client = createChatClient({ userId: 'me', transport: wire, storage, ports: { locks: null, openChannel: () => null } })
  await client.ensureConversation({ id: 'c', kind: 'group', members: ['me', 'bo'] })
  await client.start()
  for (let order = 1; order <= 150; order++) wire.emit({ type: 'message', message: { conversationId: 'c', id: `m${order}`, at: { epoch: 0, order, id: `m${order}` }, from: 'bo', localId: `l${order}`, time: order, body: { kind: 'text', text: `${order}` } } })
  await vi.waitFor(() => expect(client.getState().conversations[0]?.unread?.count).toBe(99), 5_000)
  const source = client.messages('c')
  holdNext = true
  source.subscribe(() => {})
  await client.openAt('c', 'newest')
  const last = () => source.getSnapshot().messages.at(-1)?.at?.order
  expect([last(), source.getSnapshot().hasNewer]).toEqual([150, false])
  await vi.waitFor(() => expect(held).not.toBeNull())
  held!()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect([last(), source.getSnapshot().hasNewer]).toEqual([150, false])
  await client.dispose()
})

const at = (order: number) => ({ epoch: 0, order, id: `m${order}` })
const old = (order: number): IncomingMessage => ({ conversationId: 'c', id: `m${order}`, at: at(order), from: 'bo', localId: `l${order}`, time: order, body: { kind: 'text', text: `${order}` } })

/** A conversation of which only is known that its first two messages are missing, opened. */
async function openEmpty() {
  const asked: unknown[] = []
  const wire = Object.assign(scriptedTransport(), {
    history: async (_: string, range: HistoryQuery) => {
      // The newest is asked for where no head is told.
      if (!range.before) return { messages: [], contiguousTo: null, hasMore: false }
      asked.push(range)
      return { messages: [old(1), old(2)], contiguousTo: null, hasMore: false }
    },
  })
  const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
  onTestFinished(() => client.dispose())
  await client.ensureConversation({ id: 'c', kind: 'group', members: ['me', 'bo'] })
  await client.start()
  wire.emit({ type: 'gap', conversationId: 'c', after: null, before: { epoch: 0, order: 3, id: '' } })
  const source = client.messages('c')
  source.subscribe(() => {})
  await vi.waitFor(() => expect(source.getSnapshot()).toMatchObject({ status: 'ready', messages: [], hasOlder: true }))
  return { wire, source, asked, shown: () => source.getSnapshot().messages.map((row) => row.at?.order) }
}

it('an empty list shows what comes of the missing history below it', async () => {
  const { wire, shown } = await openEmpty()
  wire.emit({ type: 'message', message: old(2) })
  await vi.waitFor(() => expect(shown()).toEqual([2]))
})

it('an empty list fetches the missing history below it', async () => {
  const { source, shown, asked } = await openEmpty()
  await source.loadOlder!()
  expect(shown()).toEqual([1, 2])
  expect(asked).toMatchObject([{ before: { order: 3 } }])
})

it.each([['comes', true], ['does not come', false]])('what was written while missing history was fetched is not shown as it was then, when that %s after others have changed it', async (_what, isFetched) => {
  const storage = memoryStorage()
  await storage.open('me')
  const ctx = contextOf('me', storage)
  const clock = ctx.ports.clock as FakeClock
  await storeEnsured(ctx, { id: 'c', kind: 'group', members: ['me', 'bo'] })
  const row = (order: number): Message => ({ conversationId: 'c', from: 'bo', localId: `l${order}`, ids: [`m${order}`], at: at(order), time: order, body: { kind: 'text', text: `${order}` } })
  await storage.write(async (tx) => {
    await tx.messages.put([row(5)])
    await tx.gaps.replace('c', [{ conversationId: 'c', after: null, before: at(5) }])
  })
  let end = (_error?: Error) => {}
  const fetched = new Promise<void>((resolve, reject) => (end = (error) => (error ? reject(error) : resolve())))
  const loader = createWindowLoader(ctx, () => () => fetched, () => {})
  ctx.store.setState({ windows: new Map([['c', CLOSED_WINDOW]]) })
  await loader.open('c', 'newest')
  const loaded = loader.loadOlder('c')
  const mine: Message = { ...row(6), from: 'me', localId: 'mine', ids: [], at: null, outgoing: 'sending' }
  const changes = createChanges()
  await storage.write(async (tx) => tx.messages.put([mine]))
  noteRow(changes, mine)
  loader.noteChanges(changes)
  showChanges(ctx.store, 'me', changes)
  // In another tab, of which this one hears nothing.
  const { outgoing: _, ...sent } = { ...mine, ids: ['m6'], at: at(6) }
  await storage.write(async (tx) => tx.messages.put([sent]))
  await loader.refreshAll()
  if (isFetched) await storage.write(async (tx) => tx.messages.put([row(4)]))
  end(isFetched ? undefined : new ChatError('transport/timeout', 'Nobody answers.'))
  await vi.waitFor(() => {
    // It rests after a failure.
    clock.advance(5_000)
    expect(ctx.store.getState().windows.get('c')!.loading).toBe('none')
  })
  await loaded
  expect(ctx.store.getState().windows.get('c')!.messages.at(-1)).toEqual(sent)
})

it('[I28] a conversation that the database could not give when it was opened is shown once it can, with no user action', async () => {
  const inner = memoryStorage()
  await inner.open('me')
  let isBusy = true
  const storage: ChatStorage = { ...inner, name: inner.name, read: (fn) => (isBusy ? Promise.reject(new ChatError('storage/timeout', 'Busy.', { retryable: true })) : inner.read(fn)) }
  const ctx = contextOf('me', storage)
  await storeEnsured(ctx, { id: 'c', kind: 'group', members: ['me', 'bo'] })
  const loader = createWindowLoader(ctx, () => null, () => {})
  await expect(loader.open('c', 'firstUnread')).rejects.toMatchObject({ code: 'storage/timeout' })
  const status = () => ctx.store.getState().windows.get('c')!.status
  expect(status()).toBe('failed')
  isBusy = false
  await loader.refreshAll()
  expect(status()).toBe('ready')
})

import { forceCloseDatabase, IDBKeyRange } from 'fake-indexeddb'
import { ChatError, type ChatStorage, type Message } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { createFakeClock } from 'readback/testing'
import { describe, expect, it } from 'vitest'
import { abortAfter, abortFor, failedRequest, faultyFactory, forget, holdTables, openPlain, putRaw, slowCommit } from './faultyFactory.js'

const NAME = 'readback/me'

async function setup(options: { readonly open?: boolean } = {}) {
  const factory = faultyFactory()
  const clock = createFakeClock()
  const storage = dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, clock })
  const states: string[] = []
  storage.subscribe(() => states.push(storage.getState().status))
  if (options.open !== false) await storage.open('me')
  return { factory, clock, storage, states }
}

/** Until `holds`, in real time: fake-indexeddb works with timers of its own. */
async function until(holds: () => boolean): Promise<void> {
  for (let round = 0; !holds(); round++) {
    if (round > 2_500) throw new Error('It did not come to pass.')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Long enough for everything that can go on to do so, counted in turns of the event loop: milliseconds would depend on the load of the machine. */
async function pause(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
}

const message = (order: number, change: object = {}) =>
  ({ conversationId: 'c', from: 'anna', localId: `l${order}`, ids: [`m${order}`], at: { epoch: 0, order, id: `m${order}` }, time: order, body: { kind: 'text', text: 't' }, ...change }) as Message

const orders = async (storage: ChatStorage, limit = 99) => (await storage.read((tx) => tx.messages.page({ conversationId: 'c', limit }))).map((row) => row.at?.order)

async function refusal(work: Promise<unknown>): Promise<ChatError> {
  const error: unknown = await work.then(() => null, (reason: unknown) => reason)
  expect(error).toBeInstanceOf(ChatError)
  return error as ChatError
}

describe('[I33] [F33] rows that do not parse', () => {
  it('are moved to quarantine after the read that met them, and a page is filled without them', async () => {
    const { factory, storage, clock } = await setup()
    await storage.write((tx) => tx.messages.put([1, 2, 3, 4, 5, 6].map((order) => message(order))))
    const other = await openPlain(factory, NAME)
    await putRaw(other, 'messages', [message(4, { body: 'torn' }), message(5, { time: 'flipped' }), message(6, { ids: [6] })])
    expect(await orders(storage, 3)).toEqual([1, 2, 3])
    await pause()
    const kept = await storage.read((tx) => tx.quarantine.list())
    expect(kept.map(({ table, reason, at }) => ({ table, reason, at }))).toEqual([
      { table: 'messages', reason: 'ids is an unfit list', at: clock.now() },
      { table: 'messages', reason: 'time is an unfit string', at: clock.now() },
      { table: 'messages', reason: 'body is an unfit string', at: clock.now() },
    ])
    await storage.write((tx) => tx.messages.put([message(4)]))
    expect(await orders(storage)).toEqual([1, 2, 3, 4])
    expect(await storage.read((tx) => tx.quarantine.list())).toHaveLength(3)
  })

  it('a message that waits to be sent takes its file along, and one of the wire takes nobody’s', async () => {
    const { factory, storage } = await setup()
    await storage.write(async (tx) => {
      await tx.messages.put([1, 2].map((order) => message(order, order === 1 ? { ids: [], at: null, echoOrder: 1 } : {})))
      for (const localId of ['l1', 'l2']) await tx.blobs.put(localId, 'c', new Blob(['a picture']))
    })
    await putRaw(await openPlain(factory, NAME), 'messages', [message(1, { ids: [], body: 'torn', at: { epoch: Infinity, order: 1, id: '' } }), message(2, { body: 'torn' })])
    await storage.read((tx) => Promise.all([tx.messages.echoes('c'), tx.messages.page({ conversationId: 'c', limit: 9 })]))
    await pause()
    expect(await storage.read((tx) => tx.quarantine.list())).toHaveLength(2)
    expect(await storage.read((tx) => Promise.all(['l1', 'l2'].map(async (localId) => (await tx.blobs.get(localId)) !== undefined)))).toEqual([false, true])
  })

  it('are a conversation only for what cannot be counted anew', async () => {
    const { factory, storage } = await setup()
    const whole = { id: 'c', kind: 'group', head: null, lastMessage: null, lastActivityAt: 0, unread: null, manualUnread: { rev: 0, on: false }, rosterComplete: true, draft: 'kept' } as const
    await putRaw(await openPlain(factory, NAME), 'conversations', [{ ...whole, lastMessage: { torn: true }, unread: { count: -1 } }, { ...whole, id: 'd', kind: 'torn' }])
    expect(await storage.read((tx) => tx.conversations.list())).toEqual([whole])
  })

  it('are kept from every other table too', async () => {
    const { factory, storage } = await setup()
    const other = await openPlain(factory, NAME)
    await putRaw(other, 'conversations', [{ id: 'c', kind: 'group' }])
    await putRaw(other, 'members', [{ conversationId: 'c', userId: 'u', value: { userId: 'u' } }])
    await putRaw(other, 'readStates', [{ conversationId: 'c', memberId: 'u', value: null }])
    await putRaw(other, 'ownStates', [{ conversationId: 'c', value: { synced: [] } }])
    await putRaw(other, 'outbox', [{ seq: 1, conversationId: 'c', lane: 'intent', action: 'fly', attempts: 0, notBefore: 0 }])
    await putRaw(other, 'held', [{ key: 'k', conversationId: 'c', heldAt: 'now' }])
    await putRaw(other, 'gaps', [{ conversationId: 'c', n: 0, value: { conversationId: 'c', after: 1, before: null } }])
    const seen = await storage.read(async (tx) => [
      await tx.conversations.list(),
      await tx.members.list('c'),
      await tx.readStates.list('c'),
      (await tx.readStates.getOwn('c')) ?? [],
      await tx.outbox.list(),
      await tx.held.list(),
      await tx.gaps.list('c'),
    ])
    // What was missing is missing still, as far as anybody knows.
    expect(seen).toEqual([[], [], [], [], [], [], [{ conversationId: 'c', after: null, before: null }]])
    await pause()
    const tables = (await storage.read((tx) => tx.quarantine.list())).map((row) => row.table)
    expect(tables.sort()).toEqual(['conversations', 'gaps', 'held', 'members', 'outbox', 'ownStates', 'readStates'])
  })
})

describe('[I27] a transaction that does not settle', () => {
  it('is aborted after 5 s, those that wait behind it too, and nothing of them is kept', async () => {
    const { factory, storage, clock } = await setup()
    const letGo = await holdTables(await openPlain(factory, NAME))
    const waiting = [storage.write((tx) => tx.meta.put('a', 1)), storage.write((tx) => tx.meta.put('b', 1)), storage.read((tx) => tx.meta.get('a'))].map(refusal)
    await pause()
    clock.advance(5_000)
    const errors = await Promise.all(waiting)
    expect(errors.map(({ code, retryable }) => [code, retryable])).toEqual([['storage/timeout', true], ['storage/timeout', true], ['storage/timeout', true]])
    expect(errors[0]?.message).toBe('A write did not finish within 5000 ms and was given up. Another tab may hold the database while it is frozen or busy. Try again, or ask for the other tabs to be closed.')
    await letGo()
    expect(await storage.read(async (tx) => [await tx.meta.get('a'), await tx.meta.get('b')])).toEqual([undefined, undefined])
    await storage.write((tx) => tx.meta.put('a', 2))
    expect(await storage.read((tx) => tx.meta.get('a'))).toBe(2)
  })

  it('does not make those late in turn that were handed in later', async () => {
    const { factory, storage, clock } = await setup()
    const letGo = await holdTables(await openPlain(factory, NAME))
    const codes: string[] = []
    const late = (error: unknown) => codes.push((error as ChatError).code)
    void storage.write((tx) => tx.meta.put('a', 1)).catch(late)
    clock.advance(4_000)
    void storage.write((tx) => tx.meta.put('b', 1)).catch(late)
    clock.advance(1_000)
    await pause()
    expect(codes).toEqual(['storage/timeout'])
    clock.advance(4_000)
    await pause()
    expect(codes).toEqual(['storage/timeout', 'storage/timeout'])
    await letGo()
    expect(clock.pending).toBe(0)
  })

  it('is not one that waits in line behind writes that go through', async () => {
    const { storage, clock } = await setup()
    const slow = (key: string) => {
      let go = false
      const done = storage.write(async (tx) => {
        while (!go) await tx.meta.get('spin')
        await tx.meta.put(key, 1)
      })
      return { done, release: () => (go = true) }
    }
    const writes = ['a', 'b', 'c'].map(slow)
    for (const { done, release } of writes) {
      await pause()
      clock.advance(4_000)
      release()
      await done
    }
    expect(await storage.read((tx) => tx.meta.get('c'))).toBe(1)
  })

  it('is told as late when its completion is never told, and does not hold up the next', async () => {
    const { factory, storage, clock } = await setup()
    factory.onTransaction = (transaction) => {
      factory.onTransaction = null
      Object.defineProperty(transaction, 'oncomplete', { set() {}, get: () => null })
    }
    const lost = refusal(storage.write((tx) => tx.meta.put('a', 1)))
    await pause()
    clock.advance(5_000)
    expect((await lost).code).toBe('storage/timeout')
    await storage.write((tx) => tx.meta.put('b', 1))
    expect(await storage.read((tx) => tx.meta.get('b'))).toBe(1)
  })
})

describe('[I29] tables that another tab holds, frozen in a transaction', () => {
  it('[F7] are told as blocked within 3 s, and ready as soon as they can be had, though nobody asks', async () => {
    const { factory, storage, clock, states } = await setup()
    const letGo = await holdTables(await openPlain(factory, NAME))
    const waiting = refusal(storage.read((tx) => tx.meta.get('a')))
    await pause()
    clock.advance(2_500)
    expect(storage.getState().status).toBe('blocked')
    clock.advance(2_500)
    expect((await waiting).code).toBe('storage/timeout')
    await pause()
    expect(storage.getState().status).toBe('blocked')
    await letGo()
    await until(() => storage.getState().status === 'ready')
    expect(states).toEqual(['opening', 'ready', 'blocked', 'reopening', 'ready'])
    expect(clock.pending).toBe(0)
  })

  it('are told of, too, where it is the handle that answers nothing any more: another one takes its place', async () => {
    const { factory, storage, clock, states } = await setup()
    const dead = factory.handles.length - 1
    factory.onTransaction = (transaction, handle) => {
      if (handle <= dead) forget(transaction)
    }
    const waiting = storage.write((tx) => tx.meta.put('a', 1)).catch(() => {})
    await pause()
    clock.advance(2_500)
    await until(() => storage.getState().status === 'ready')
    expect(states).toEqual(['opening', 'ready', 'blocked', 'reopening', 'ready'])
    clock.advance(2_500)
    await waiting
    await storage.write((tx) => tx.meta.put('b', 1))
  })

  it('are ready for what waits for them no longer than it takes', async () => {
    const { factory, storage, clock, states } = await setup()
    const letGo = await holdTables(await openPlain(factory, NAME))
    const waiting = storage.write((tx) => tx.meta.put('a', 1))
    await pause()
    clock.advance(2_500)
    await letGo()
    await waiting
    await until(() => storage.getState().status === 'ready')
    expect(states).toEqual(['opening', 'ready', 'blocked', 'reopening', 'ready'])
  })

  it('and only reads there: it is said until they can be written, too', async () => {
    const { factory, storage, clock, states } = await setup()
    const letGo = await holdTables(await openPlain(factory, NAME), 'readonly')
    const waiting = refusal(storage.write((tx) => tx.meta.put('a', 1)))
    await pause()
    clock.advance(2_500)
    clock.advance(2_500)
    expect((await waiting).code).toBe('storage/timeout')
    await pause()
    expect(storage.getState().status).toBe('blocked')
    await letGo()
    await until(() => storage.getState().status === 'ready')
    expect(states).toEqual(['opening', 'ready', 'blocked', 'reopening', 'ready'])
  })

  it('are no reason to say so where a transaction of this tab has them', async () => {
    const { storage, clock, states } = await setup()
    let isOver = false
    const long = storage.write(async (tx) => {
      while (!isOver) await tx.meta.get('spin')
    })
    const waiting = storage.read((tx) => tx.meta.get('a'))
    await pause()
    clock.advance(4_000)
    isOver = true
    await Promise.all([long, waiting])
    expect(states).toEqual(['opening', 'ready'])
    expect(clock.pending).toBe(0)
  })

  it('are no matter any more when the database is closed meanwhile', async () => {
    const { factory, storage, clock } = await setup()
    const letGo = await holdTables(await openPlain(factory, NAME))
    const waiting = refusal(storage.read((tx) => tx.meta.get('a')))
    await pause()
    clock.advance(2_500)
    const closing = storage.close()
    clock.advance(2_500)
    await Promise.all([waiting, closing])
    await letGo()
    await pause()
    expect([storage.getState().status, clock.pending]).toEqual(['closed', 0])
  })
})

describe('[I27] a write that is still being committed when its time is over', () => {
  async function committing() {
    const made = await setup()
    let end!: (reason?: string) => void
    made.factory.onTransaction = (transaction) => {
      made.factory.onTransaction = null
      end = slowCommit(transaction)
    }
    let settled = ''
    const write = made.storage.write((tx) => tx.blobs.put('l', 'c', new Blob(['a large file'])), { durability: 'strict' })
    write.then(() => (settled = 'kept'), ({ code }: ChatError) => (settled = code))
    await pause()
    made.clock.advance(5_000)
    await pause()
    return { ...made, end, settled: () => settled }
  }

  it('is waited for, and told as kept', async () => {
    const { storage, end, settled } = await committing()
    expect(settled()).toBe('')
    end()
    await pause()
    expect(settled()).toBe('kept')
    expect(await storage.read((tx) => tx.blobs.get('l'))).toBeDefined()
  })

  it('is told as not kept where the browser finds no room for it then', async () => {
    const { storage, end, settled } = await committing()
    end('QuotaExceededError')
    await pause()
    expect([settled(), storage.getState().status]).toEqual(['storage/full', 'full'])
    expect(await storage.read((tx) => tx.blobs.get('l'))).toBeUndefined()
  })

  it('keeps neither what waits behind it nor closing longer than their own time', async () => {
    const { storage, clock, end, settled } = await committing()
    const behind = refusal(storage.write((tx) => tx.meta.put('a', 1)))
    clock.advance(5_000)
    expect((await behind).code).toBe('storage/timeout')
    await storage.close()
    end()
    await pause()
    expect(settled()).toBe('kept')
    await storage.open('me')
    expect(await storage.read((tx) => tx.meta.get('a'))).toBeUndefined()
    expect(await storage.read((tx) => tx.blobs.get('l'))).toBeDefined()
  })
})

describe('no room', () => {
  it('[I27] is told with a code, keeps nothing, and is over with the next write that succeeds', async () => {
    const { factory, storage, states } = await setup()
    factory.onTransaction = (transaction) => {
      if (transaction.mode === 'readwrite') abortAfter(transaction, 'put', 'QuotaExceededError')
    }
    const error = await refusal(storage.write((tx) => tx.messages.put([message(1)])))
    expect([error.code, error.retryable, storage.getState().status]).toEqual(['storage/full', true, 'full'])
    expect(await orders(storage)).toEqual([])
    expect(storage.getState().status).toBe('full')
    factory.onTransaction = null
    await storage.write((tx) => tx.messages.put([message(1)]))
    expect(await orders(storage)).toEqual([1])
    expect(states).toEqual(['opening', 'ready', 'full', 'ready'])
  })

  it('[F25] is over by itself when somebody else has made room, though nothing is written here', async () => {
    const { factory, storage, clock, states } = await setup()
    let tries = 0
    factory.onTransaction = (transaction) => {
      if (transaction.mode !== 'readwrite') return
      tries++
      abortAfter(transaction, 'put', 'QuotaExceededError')
    }
    await refusal(storage.write((tx) => tx.messages.put([message(1)])))
    clock.advance(10_000)
    await until(() => tries === 2)
    await pause()
    expect(storage.getState().status).toBe('full')
    factory.onTransaction = null
    clock.advance(10_000)
    await until(() => storage.getState().status === 'ready')
    expect(states).toEqual(['opening', 'ready', 'full', 'ready'])
    expect(await storage.read((tx) => tx.meta.get('room'))).toBeUndefined()
    expect(clock.pending).toBe(0)
  })
})

describe('[I28] a dead handle', () => {
  it('[F29] is replaced, and the transaction done again on the new one (Safari: "server lost")', async () => {
    const { factory, storage, states } = await setup()
    await storage.write((tx) => tx.meta.put('a', 1))
    const dead = factory.handles.length - 1
    factory.onTransaction = (transaction, handle) => {
      if (handle <= dead) queueMicrotask(() => abortFor(transaction, 'UnknownError'))
    }
    let runs = 0
    await storage.write((tx) => {
      runs++
      return tx.meta.put('b', 1)
    })
    expect(runs).toBe(2)
    expect(await storage.read(async (tx) => [await tx.meta.get('a'), await tx.meta.get('b')])).toEqual([1, 1])
    expect(states).toEqual(['opening', 'ready', 'reopening', 'ready'])
  })

  it('[F30] that refuses to begin a transaction is replaced as well, and no handle is left over', async () => {
    const { factory, storage } = await setup()
    for (let round = 0; round < 5; round++) {
      const dead = factory.handles.length - 1
      factory.onTransaction = (_, handle) => {
        if (handle <= dead) throw new DOMException('The database connection is closing.', 'InvalidStateError')
      }
      await storage.write((tx) => tx.meta.put('round', round))
    }
    factory.onTransaction = null
    expect(await storage.read((tx) => tx.meta.get('round'))).toBe(4)
    await storage.close()
    await pause()
    // An upgrade goes through at once only if nobody holds a connection.
    const upgraded = await openPlain(factory, NAME, 999)
    expect(upgraded.version).toBe(999)
  })

  it('of which every successor is dead too ends in an error with a code, and heals by itself', async () => {
    const { factory, storage, clock } = await setup()
    factory.onTransaction = (transaction) => queueMicrotask(() => abortFor(transaction, 'UnknownError'))
    const error = await refusal(storage.write((tx) => tx.meta.put('a', 1)))
    expect([error.code, error.retryable]).toEqual(['storage/lost', true])
    factory.onTransaction = null
    for (let round = 0; round < 20 && storage.getState().status !== 'ready'; round++) {
      clock.advance(1_000)
      await pause()
    }
    await storage.write((tx) => tx.meta.put('a', 2))
    expect(await storage.read((tx) => tx.meta.get('a'))).toBe(2)
  })

  it('is tried again with pauses while opening fails, and ready when it works', async () => {
    const { factory, storage, clock } = await setup()
    await storage.write((tx) => tx.meta.put('a', 1))
    let tries = 0
    factory.onOpen = () => {
      tries++
      return failedRequest('UnknownError')
    }
    forceCloseDatabase(factory.handles.at(-1) as never)
    await until(() => storage.getState().status === 'reopening' && tries > 0)
    await pause()
    const during = refusal(storage.write((tx) => tx.meta.put('a', 2)))
    for (let round = 0; round < 8; round++) {
      clock.advance(1_000)
      await pause()
    }
    expect((await during).code).toBe('storage/timeout')
    factory.onOpen = null
    for (let round = 0; round < 20 && storage.getState().status !== 'ready'; round++) {
      clock.advance(1_000)
      await pause()
    }
    expect(await storage.read((tx) => tx.meta.get('a'))).toBe(1)
  })

  it('because the browser closed it is noticed and replaced before anybody asks', async () => {
    const { factory, storage, states } = await setup()
    await storage.write((tx) => tx.meta.put('a', 1))
    forceCloseDatabase(factory.handles.at(-1) as never)
    await until(() => states.includes('reopening') && storage.getState().status === 'ready')
    expect(await storage.read((tx) => tx.meta.get('a'))).toBe(1)
  })
})

describe('other tabs', () => {
  it('[F34] may delete the database: it closes at once and opens an empty one', async () => {
    const { factory, storage, states } = await setup()
    await storage.write((tx) => tx.meta.put('a', 1))
    await new Promise<void>((resolve, reject) => {
      const request = factory.plain.deleteDatabase(NAME)
      request.onsuccess = () => resolve()
      request.onblocked = () => reject(new Error('It was in the way.'))
    })
    await until(() => storage.getState().status === 'ready' && states.includes('reopening'))
    expect(await storage.read((tx) => tx.meta.get('a'))).toBeUndefined()
  })

  it('[I30] may upgrade the database: this older code then reads it, writes nothing, and changes nothing of it', async () => {
    const { factory, storage } = await setup()
    await storage.write((tx) => tx.messages.put([message(1)]))
    const upgraded = await openPlain(factory, NAME, 20)
    await until(() => storage.getState().status === 'readOnly')
    expect(await orders(storage)).toEqual([1])
    const error = await refusal(storage.write((tx) => tx.meta.put('a', 1)))
    expect([error.code, error.retryable]).toEqual(['storage/readOnly', false])
    upgraded.close()
    await storage.close()
    expect((await openPlain(factory, NAME)).version).toBe(20)
  })

  it('[I30] a newer database whose tables have changed is not patched to look like an old one', async () => {
    const { factory, storage } = await setup({ open: false })
    const request = factory.plain.open(NAME, 20)
    request.onupgradeneeded = () => request.result.createObjectStore('messages', { keyPath: 'other' })
    await new Promise((resolve) => (request.onsuccess = resolve))
    request.result.close()
    await storage.open('me')
    expect(storage.getState().status).toBe('readOnly')
    expect((await refusal(storage.read((tx) => tx.conversations.list()))).code).toBe('storage/failed')
    await storage.close()
    const after = await openPlain(factory, NAME)
    expect([after.version, [...after.objectStoreNames]]).toEqual([20, ['messages']])
  })
})

describe('[I29] opening', () => {
  it('[F35] without IndexedDB goes on in memory, says why, and keeps its rows while the page lives', async () => {
    const storage = dexieStorage({ clock: createFakeClock() })
    await storage.open('me')
    expect(storage.getState()).toEqual({ status: 'memory', reason: 'unavailable' })
    await storage.write((tx) => tx.messages.put([message(1)]))
    await storage.close()
    await storage.open('me')
    expect(await orders(storage)).toEqual([1])
    const other = dexieStorage({ clock: createFakeClock() })
    await other.open('me')
    expect(other.name).not.toBe(storage.name)
    await storage.wipe()
    await storage.open('me')
    expect(await orders(storage)).toEqual([])
  })

  it.each([
    ['throws', () => { throw new DOMException('Forbidden.', 'SecurityError') }],
    ['fails', () => failedRequest('QuotaExceededError')],
    ['keeps failing', () => failedRequest('UnknownError')],
  ] as const)('[F28] that %s goes on in memory and says so', async (_, onOpen) => {
    const { factory, storage, clock } = await setup({ open: false })
    factory.onOpen = onOpen
    const opening = storage.open('me')
    for (const pauseMs of [0, 200, 400, 800]) {
      clock.advance(pauseMs)
      await pause()
    }
    await opening
    expect(storage.getState()).toEqual({ status: 'memory', reason: 'failed' })
    await storage.write((tx) => tx.messages.put([message(1)]))
    expect(await orders(storage)).toEqual([1])
  })

  it('[F1] that fails just after a crash, while its files are still held, is tried again before anything goes into memory', async () => {
    const { factory, storage, clock, states } = await setup({ open: false })
    let fails = 0
    factory.onOpen = () => {
      // Dexie itself tries a few times at once.
      fails += 1
      return failedRequest('UnknownError')
    }
    const opening = storage.open('me')
    await pause()
    expect(fails).toBeGreaterThan(0)
    clock.advance(200)
    await pause()
    factory.onOpen = null
    clock.advance(400)
    await opening
    expect(storage.getState()).toEqual({ status: 'ready' })
    expect(states).not.toContain('memory')
  })

  it('[F28] behind a tab that holds an old version settles as blocked within 3 s, and is ready once that tab lets go', async () => {
    const { factory, storage, clock, states } = await setup({ open: false })
    const old = await openPlain(factory, NAME, 1)
    const opening = storage.open('me')
    const waiting = storage.write((tx) => tx.meta.put('a', 1))
    await pause()
    clock.advance(2_500)
    await opening
    expect(storage.getState().status).toBe('blocked')
    const late = refusal(storage.read((tx) => tx.meta.get('a')))
    clock.advance(2_500)
    expect((await refusal(waiting)).code).toBe('storage/timeout')
    clock.advance(2_500)
    expect((await late).code).toBe('storage/timeout')
    old.close()
    await until(() => storage.getState().status === 'ready')
    expect(states).toEqual(['opening', 'blocked', 'ready'])
    expect(await storage.read((tx) => tx.meta.get('a'))).toBeUndefined()
    expect(clock.pending).toBe(0)
  })

  it('[A11] [F28] that fails a few times, and then hangs, is blocked within 3 s of its beginning', async () => {
    const { factory, storage, clock, states } = await setup({ open: false })
    const hanging = new EventTarget() as IDBOpenDBRequest
    factory.onOpen = () => failedRequest('UnknownError')
    const opening = storage.open('me')
    for (const pauseMs of [0, 200, 400]) {
      clock.advance(pauseMs)
      await pause()
    }
    factory.onOpen = () => hanging
    clock.advance(800)
    await pause()
    clock.advance(1_100)
    await opening
    expect(states).toEqual(['opening', 'blocked'])
    await storage.close()
    expect(clock.pending).toBe(0)
  })

  it('that is overtaken by close() leaves no connection and no timer', async () => {
    const { factory, storage, clock } = await setup({ open: false })
    await Promise.all([storage.open('me'), storage.close(), storage.open('you'), storage.close()])
    await pause()
    expect(storage.getState().status).toBe('closed')
    expect(clock.pending).toBe(0)
    expect((await openPlain(factory, NAME, 999)).version).toBe(999)
  })
})

describe('wipe', () => {
  it('that another tab blocks says so, and what it has deleted when that tab is gone', async () => {
    const { factory, storage, clock } = await setup()
    await storage.write((tx) => tx.meta.put('a', 1))
    const other = await openPlain(factory, NAME)
    const wiping = refusal(storage.wipe())
    await pause()
    clock.advance(5_000)
    expect([(await wiping).code, (await wiping).retryable]).toEqual(['storage/blocked', true])
    other.close()
    await storage.open('me')
    expect(await storage.read((tx) => tx.meta.get('a'))).toBeUndefined()
  })
})

describe('a function that awaits something else', () => {
  it('is told so with a code', async () => {
    const { storage } = await setup()
    const error = await refusal(storage.write(async (tx) => {
      await tx.meta.put('a', 1)
      await pause()
      await tx.meta.put('b', 1)
    }))
    expect(error.code).toBe('storage/misuse')
    expect(await storage.read((tx) => tx.meta.get('b'))).toBeUndefined()
  })
})

describe('[I23] [F31] an abort at each request', () => {
  it('keeps nothing, wherever it strikes', async () => {
    const { factory, storage } = await setup()
    await storage.write((tx) => tx.messages.put([message(1)]))
    for (let strikeAt = 1, completed = false; !completed; strikeAt++) {
      let requests = 0
      factory.onTransaction = (transaction) => {
        if (transaction.mode !== 'readwrite') return
        const objectStore = transaction.objectStore.bind(transaction)
        transaction.objectStore = (name) => {
          if (++requests === strikeAt) abortFor(transaction, 'DataError')
          return objectStore(name)
        }
      }
      const outcome = await storage.write(async (tx) => {
        await tx.messages.put([message(1, { time: 99 }), message(2)])
        await tx.messages.byIds('c', ['m1', 'm2'])
        await tx.meta.put('a', 1)
        await tx.outbox.list()
        await tx.messages.delete([message(1)])
      }).then(() => null, (error: unknown) => error)
      factory.onTransaction = null
      completed = outcome === null
      if (completed) expect(strikeAt).toBeGreaterThan(5)
      else expect([strikeAt, outcome instanceof ChatError, await storage.read(async (tx) => [(await tx.messages.get(message(1)))?.time, await tx.meta.get('a')])]).toEqual([strikeAt, true, [1, undefined]])
    }
    expect(await orders(storage)).toEqual([2])
  })
})

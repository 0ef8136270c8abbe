/** fake-indexeddb whose trouble can be switched on. */
import { IDBFactory } from 'fake-indexeddb'

interface FakeTransaction extends IDBTransaction {
  _state: string
  _markFinished(): void
  _abort(errorName: string | null): void
}

export interface FaultyFactory {
  readonly indexedDB: IDBFactory
  /** The same databases without faults. */
  readonly plain: IDBFactory
  /** Called with each new transaction; may throw in its place. Set by a test, and told how often handles were opened. */
  onTransaction: ((transaction: IDBTransaction, handle: number) => void) | null
  /** In place of open(). */
  onOpen: (() => IDBOpenDBRequest) | null
  readonly handles: IDBDatabase[]
}

export function faultyFactory(): FaultyFactory {
  const plain = new IDBFactory()
  const factory: FaultyFactory = { plain, onTransaction: null, onOpen: null, handles: [], indexedDB: undefined as never }
  function open(name: string, version?: number): IDBOpenDBRequest {
    if (factory.onOpen) return factory.onOpen()
    const request = version === undefined ? plain.open(name) : plain.open(name, version)
    request.addEventListener('success', () => watch(request.result))
    return request
  }
  function watch(database: IDBDatabase): void {
    const handle = factory.handles.push(database) - 1
    const begin = database.transaction.bind(database)
    database.transaction = (...args: Parameters<IDBDatabase['transaction']>) => {
      const transaction = begin(...args)
      try {
        factory.onTransaction?.(transaction, handle)
      } catch (error) {
        transaction.abort()
        throw error
      }
      return transaction
    }
  }
  const indexedDB = { open, deleteDatabase: (name: string) => plain.deleteDatabase(name), cmp: (a: unknown, b: unknown) => plain.cmp(a, b), databases: () => plain.databases() }
  return Object.assign(factory, { indexedDB: indexedDB as IDBFactory })
}

/** Aborts as a browser does for a reason of its own: the reason is told to the transaction only. */
export function abortFor(transaction: IDBTransaction, reason: string): void {
  ;(transaction as FakeTransaction)._abort(reason)
}

/** Aborts just after the first request of `kind` on any table has succeeded. */
export function abortAfter(transaction: IDBTransaction, kind: 'put' | 'add', reason: string): void {
  const objectStore = transaction.objectStore.bind(transaction)
  transaction.objectStore = (name) => {
    const store = objectStore(name)
    if (Object.hasOwn(store, kind)) return store
    const original = store[kind].bind(store)
    store[kind] = (...args: Parameters<IDBObjectStore['put']>) => {
      const request = original(...args)
      request.addEventListener('success', () => abortFor(transaction, reason))
      return request
    }
    return store
  }
}

/** The database knows nothing of it any more, and nobody says so. */
export function forget(transaction: IDBTransaction): void {
  const { transactions } = (transaction.db as IDBDatabase & { _rawDatabase: { transactions: IDBTransaction[] } })._rawDatabase
  transactions.splice(transactions.indexOf(transaction), 1)
}

/** All its requests succeed, but it is committed for as long as a large file takes. Gives how to end that; with `reason`, as a browser that finds no room then. */
export function slowCommit(transaction: IDBTransaction): (reason?: string) => void {
  const native = transaction as FakeTransaction
  const [markFinished, dispatch] = [native._markFinished.bind(native), native.dispatchEvent.bind(native)]
  let end!: (reason?: string) => void
  const ended = new Promise<string | undefined>((resolve) => (end = resolve))
  native._markFinished = () => (native._state = 'committing')
  native.dispatchEvent = (event) => {
    if (event.type !== 'complete') return dispatch(event)
    void ended.then((reason) => {
      native._markFinished = markFinished
      if (reason !== undefined) return native._abort(reason)
      markFinished()
      dispatch(event)
    })
    return true
  }
  return end
}

/** A request that fails. */
export function failedRequest(name: string): IDBOpenDBRequest {
  const request = new EventTarget() as EventTarget & { error: DOMException; onerror: ((event: Event) => void) | null }
  request.error = new DOMException('Opening failed.', name)
  setImmediate(() => request.onerror?.({ target: request, preventDefault() {}, stopPropagation() {} } as unknown as Event))
  return request as unknown as IDBOpenDBRequest
}

export async function openPlain(factory: FaultyFactory, name: string, version?: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = version === undefined ? factory.plain.open(name) : factory.plain.open(name, version)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** What a tab does that is frozen in the middle of a transaction: it holds the tables. Gives how to let go. */
export async function holdTables(database: IDBDatabase, mode: IDBTransactionMode = 'readwrite'): Promise<() => Promise<void>> {
  const transaction = database.transaction([...database.objectStoreNames], mode)
  let held = true
  const store = transaction.objectStore('meta')
  const spin = () => {
    if (held) store.get('x').onsuccess = spin
  }
  await new Promise<void>((resolve) => {
    store.get('x').onsuccess = () => {
      spin()
      resolve()
    }
  })
  return async () => {
    held = false
    await new Promise<void>((resolve) => transaction.addEventListener('complete', () => resolve()))
  }
}

/** Puts rows past all checks. */
export async function putRaw(database: IDBDatabase, table: string, rows: readonly unknown[]): Promise<void> {
  const transaction = database.transaction([table], 'readwrite')
  for (const row of rows) transaction.objectStore(table).put(row)
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error)
  })
}

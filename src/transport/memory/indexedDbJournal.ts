/** The hub's own database: one store of rows by number. A read-write transaction is serial across tabs, and so is the sequence. */
import type { Clock } from '../../model/index.js'
import type { Journal } from './journal.js'
import type { JournalRow } from './hubRecords.js'

const STORE = 'journal'

/** Opening takes no longer than this, milliseconds; then the hub goes on in memory and says so. */
const OPEN_TIMEOUT_MS = 5_000

export interface HubJournalOptions {
  readonly name: string
  readonly clock: Clock
  /** Absent: the browser's; null: there is none. */
  readonly factory: IDBFactory | null | undefined
}

/** Opens the hub's database, or rejects with the reason within a few seconds: some browsers never answer. */
export function openHubJournal({ name, clock, factory }: HubJournalOptions): Promise<Journal> {
  return new Promise((resolve, reject) => {
    let late = false
    const stop = clock.setTimer(() => {
      late = true
      reject(new Error(`opening it took longer than ${OPEN_TIMEOUT_MS} ms`))
    }, OPEN_TIMEOUT_MS)
    openFrom(factory, name).finally(stop).then((journal) => (late ? journal.close() : resolve(journal)), reject)
  })
}

async function openFrom(given: IDBFactory | null | undefined, name: string): Promise<Journal> {
  // Reading the property can throw in a sandboxed frame; in an async function that is a rejection.
  const factory = given === undefined ? globalThis.indexedDB : given
  if (!factory) throw new Error('this browser offers no IndexedDB')
  return openIndexedDbJournal(factory, name)
}

/** Opens (or makes) database `name`. Rejects when the browser refuses it. */
async function openIndexedDbJournal(factory: IDBFactory, name: string): Promise<Journal> {
  let database: IDBDatabase | null = await open(factory, name)
  let closed = false
  const connection = async () => {
    if (closed) throw new Error(`The database "${name}" of this hub is closed.`)
    database ??= await open(factory, name)
    // Closed under us (cleared site data, another version): the next use opens it again.
    database.onclose = () => { database = null }
    database.onversionchange = () => {
      database?.close()
      database = null
    }
    return database
  }
  /** A handle whose request failed may be dead for good without a word (WebKit): the next use takes another one. */
  function letGo(cause: unknown): never {
    database?.close()
    database = null
    throw cause
  }
  async function append(...[known, decide]: Parameters<Journal['append']>): Promise<void> {
    const after = known.at(-1)?.seq ?? 0
    const transaction = (await connection()).transaction(STORE, 'readwrite', { durability: 'strict' })
    const done = finished(transaction)
    const store = transaction.objectStore(STORE)
    // Everything happens inside the callback: a transaction ends when it is left idle.
    const unseen = store.getAll(IDBKeyRange.lowerBound(after, true)) as IDBRequest<JournalRow[]>
    const last = store.count(after)
    last.onsuccess = () => {
      if (last.result === 0) for (const row of known) store.put(row)
      for (const row of decide(unseen.result)) store.add(row)
    }
    await done
  }

  return {
    append: (known, decide) => append(known, decide).catch(letGo),
    async drop(seqs) {
      const transaction = (await connection()).transaction(STORE, 'readwrite')
      const done = finished(transaction)
      const store = transaction.objectStore(STORE)
      for (const seq of seqs) store.delete(seq)
      await done
    },
    close() {
      closed = true
      database?.close()
      database = null
    },
  }
}

function open(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'seq' })
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error(`The database "${name}" could not be opened.`))
  })
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('The transaction was aborted.'))
  })
}

/**
 * The databases of one browser, as tabs of two builds of an app see them: the same code, of which the newer build knows one version of the schema more.
 * There is only one released schema, so the newer one has the same tables: what is tried is what a build does with a version that it does not know.
 */
import type { IDBFactory } from 'fake-indexeddb'
import type { BrowserSide, Gate } from './tabSchedule.js'

export type Build = 'older' | 'newer'

/** Between two versions of a schema, as Dexie counts them in the database. */
const ONE_VERSION = 10
/** Of the databases of the older build. */
export const OLDER_VERSION = 10

/**
 * @param kept - what stands beside the databases, of all tabs
 * @param onBreach - the older build has changed a database of the newer one, or what stands beside it
 */
export function seenBy(build: Build, plain: IDBFactory, kept: Map<string, string>, gate: Gate, onBreach: (what: string) => void): BrowserSide {
  const open = new Set<IDBDatabase>()
  /** It has met a database that it does not know. */
  let mayOnlyRead = false
  let isOver = false

  function openDatabase(name: string, version?: number): IDBOpenDBRequest {
    const request = version === undefined ? plain.open(name) : plain.open(name, build === 'newer' ? version + ONE_VERSION : version)
    const begin = () => {
      if (isOver) request.result.close()
      else if (!open.has(request.result)) watch(request.result)
    }
    request.addEventListener('upgradeneeded', begin)
    request.addEventListener('success', begin)
    return request
  }

  function watch(database: IDBDatabase): void {
    open.add(database)
    const { version } = database
    if (build === 'newer') Object.defineProperty(database, 'version', { value: version - ONE_VERSION })
    else if (version > OLDER_VERSION) forbidWrites(database)
    deafenWhileFrozen(database)
  }

  function forbidWrites(database: IDBDatabase): void {
    mayOnlyRead = true
    const transaction = database.transaction.bind(database)
    database.transaction = (tables, mode, options) => {
      if (mode === 'readwrite') onBreach(`the older build writes into ${JSON.stringify(tables)} of the newer one`)
      return transaction(tables, mode, options)
    }
  }

  /** Who is told of reading was chosen, and stored, just before the newer build came: it may still be put beside the rows, or it would not outlive them. */
  function requireOwn(name: string): void {
    if (mayOnlyRead && !name.endsWith('/receipts')) onBreach(`the older build changes ${name} beside the database of the newer one`)
  }

  /** A frozen tab is not asked to make room for a newer version: it hears of it when it wakes. */
  function deafenWhileFrozen(database: IDBDatabase): void {
    let listener: IDBDatabase['onversionchange'] = null
    Object.defineProperty(database, 'onversionchange', {
      get: () => listener,
      set(next: IDBDatabase['onversionchange']) {
        listener = next
      },
    })
    database.addEventListener('versionchange', (event) => {
      const tell = () => listener?.call(database, event)
      if (gate.closed) gate.waiting.push(tell)
      else tell()
    })
  }

  return {
    indexedDB: {
      open: openDatabase,
      deleteDatabase(name: string) {
        onBreach(`the ${build} build deletes ${name}`)
        return plain.deleteDatabase(name)
      },
      cmp: (a: unknown, b: unknown) => plain.cmp(a, b),
      databases: () => plain.databases(),
    } as unknown as IDBFactory,
    keepsakes: {
      get: (name) => kept.get(name) ?? null,
      set(name, value) {
        requireOwn(name)
        kept.set(name, value)
      },
      remove(name) {
        requireOwn(name)
        kept.delete(name)
      },
    },
    end() {
      isOver = true
      for (const database of open) database.close()
    },
  }
}

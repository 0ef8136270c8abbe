/**
 * An IDBFactory that remembers the connections it made, so that a dead one can be replaced for certain.
 * Dexie opens a new handle on its own when a transaction cannot be begun (InvalidStateError); a retired factory closes such a latecomer at once, so that it never blocks an upgrade.
 * Dexie asks without a version only after a VersionError: then the database is newer than this code, and nothing here may change it.
 */
export interface TrackedFactory {
  readonly indexedDB: Pick<IDBFactory, 'open' | 'deleteDatabase' | 'cmp'> & Partial<Pick<IDBFactory, 'databases'>>
  /** Whether the database has a schema version greater than this code knows. */
  isNewer(): boolean
  /** Why the browser threw the files of this database away before it made it anew; null where it did not, or does not say (only Chromium does). */
  lossReason(): string | null
  /** Closes every connection, those under way too. */
  retire(): void
}

/** What Chromium adds to the event. */
interface Loss {
  readonly dataLoss?: unknown
  readonly dataLossMessage?: unknown
}

export function trackFactory(native: IDBFactory): TrackedFactory {
  const connections = new Set<IDBDatabase>()
  let newer = false
  let loss: string | null = null
  let retired = false

  function open(name: string, version?: number): IDBOpenDBRequest {
    if (version === undefined) newer = true
    // Dexie adds indexes that it misses by raising the version; to a newer database that would be damage.
    else if (newer) throw new DOMException('The database is newer than this code and is not changed by it.', 'VersionError')
    const request = version === undefined ? native.open(name) : native.open(name, version)
    request.addEventListener('upgradeneeded', (event) => {
      const { oldVersion, dataLoss, dataLossMessage } = event as IDBVersionChangeEvent & Loss
      if (oldVersion === 0 && dataLoss === 'total') loss = String(dataLossMessage)
    })
    request.addEventListener('success', () => {
      if (retired) request.result.close()
      else connections.add(request.result)
    })
    return request
  }

  return {
    indexedDB: {
      open,
      deleteDatabase: (name) => native.deleteDatabase(name),
      cmp: (a, b) => native.cmp(a, b),
      ...(typeof native.databases === 'function' ? { databases: () => native.databases() } : {}),
    },
    isNewer: () => newer,
    lossReason: () => loss,
    retire() {
      retired = true
      for (const connection of connections) connection.close()
      connections.clear()
    },
  }
}

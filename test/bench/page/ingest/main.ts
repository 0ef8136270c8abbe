/** 100,000 messages through our storage, and the same rows into the same tables by bare Dexie; and what hostile texts cost. */
import { Dexie } from 'dexie'
import type { Message } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { BY_PLACE } from '../../../../src/storage/dexie/schema'
import { messageOf } from '../readback/stored'
import { rowAt } from '../rows'
import { textCosts } from './texts'

const CHUNK_ROWS = 1_000

const made = (from: number, size: number): Message[] => Array.from({ length: CHUNK_ROWS }, (_, i) => messageOf(rowAt(from + i, { kind: 'direct', size, members: 2 }), from + i))

async function timed(size: number, put: (rows: Message[]) => Promise<unknown>): Promise<number> {
  let spent = 0
  for (let from = 0; from < size; from += CHUNK_ROWS) {
    const rows = made(from, size)
    const started = performance.now()
    await put(rows)
    spent += performance.now() - started
  }
  return spent
}

/** Wall time in milliseconds: most of it is the database's own process. */
const bench = {
  async ours(size: number) {
    const storage = dexieStorage({ name: 'ingest' })
    await storage.open('me')
    const ms = await timed(size, (rows) => storage.write((tx) => tx.messages.put(rows)))
    await storage.wipe()
    return ms
  },
  async bare(size: number) {
    const db = new Dexie('bare', { chromeTransactionDurability: 'relaxed' })
    db.version(1).stores({ messages: `[conversationId+from+localId], ${BY_PLACE}, *ids` })
    await db.open()
    const ms = await timed(size, (rows) => db.transaction('rw', db.table('messages'), () => db.table('messages').bulkAdd(rows)))
    await db.delete()
    return ms
  },
  texts: textCosts,
}

Object.assign(globalThis, { bench })

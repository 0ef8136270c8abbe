/** Messages that wait to be sent, but whose row in the outbox did not parse: they go to the end of the line again, as nobody else would ever send them. */
import type { Message } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import { createChanges, noteRow, type Changes } from './changes.js'
import type { SyncContext } from './context.js'

/** Looks only where a row of the outbox was put aside. Null: nothing was to be done. */
export async function requeueTorn(ctx: SyncContext): Promise<Changes | null> {
  // What a read meets that does not parse is put aside before the next write.
  await ctx.storage.read((tx) => tx.outbox.list())
  return ctx.storage.write(async (tx) => {
    const rows = await strays(tx)
    if (rows.length === 0) return null
    const changes = createChanges()
    changes.outbox = true
    for (const row of rows) {
      const { conversationId, localId, from } = row
      const failed = row.outgoing === 'failed' ? { failed: row.failure ?? { code: 'outbox/givenUp', message: 'It failed before.' } } : {}
      const next: Message = { ...row, echoOrder: await tx.outbox.add({ lane: 'intent', action: 'send', conversationId, localId, from, attempts: 0, notBefore: 0, ...failed }) }
      await tx.messages.put([next])
      noteRow(changes, next)
    }
    return changes
  })
}

async function strays(tx: StorageTx): Promise<readonly Message[]> {
  if (!(await tx.quarantine.list()).some(({ table }) => table === 'outbox')) return []
  const queued = new Set((await tx.outbox.list({ lane: 'intent' })).flatMap((entry) => (entry.action === 'send' ? [entry.localId] : [])))
  const found: Message[] = []
  for (const { id } of await tx.conversations.list()) found.push(...(await tx.messages.echoes(id)).filter(({ outgoing, localId }) => outgoing !== undefined && !queued.has(localId)))
  return found
}

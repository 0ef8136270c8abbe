/** How often the account was signed out here, as a row: a tab that no news reached signs out when it finds that this has grown. */
import type { ChatStorage, StorageTx } from '../storage/index.js'

/** Name of the meta row. */
const SIGN_OUTS_KEY = 'signOuts'

export function readSignOuts(storage: ChatStorage): Promise<number> {
  return storage.read(countOf)
}

export async function noteSignOut(storage: ChatStorage): Promise<void> {
  await storage.write(async (tx) => tx.meta.put(SIGN_OUTS_KEY, (await countOf(tx)) + 1), { durability: 'strict' })
}

async function countOf(tx: StorageTx): Promise<number> {
  const count = await tx.meta.get<unknown>(SIGN_OUTS_KEY)
  return Number.isSafeInteger(count) ? (count as number) : 0
}

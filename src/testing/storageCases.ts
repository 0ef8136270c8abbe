/**
 * What every storage must do. Runner-free: each case rejects with a plain Error that says what was expected.
 *
 * ```ts
 * for (const { title, run } of storageCases(setup)) it(title, run)
 * ```
 */
import type { ChatStorage } from '../storage/storage.js'
import type { CaseBody, CaseContext, StorageUnderTest } from './storage/case.js'
import { hostileCases } from './storage/hostileCases.js'
import { lifeCases } from './storage/lifeCases.js'
import { messageCases } from './storage/messageCases.js'
import { pageCases } from './storage/pageCases.js'
import { tableCases } from './storage/tableCases.js'
import { transactionCases } from './storage/transactionCases.js'

export type { StorageUnderTest } from './storage/case.js'

/** @public */
export interface StorageCase {
  readonly title: string
  run(): Promise<void>
}

/**
 * The cases, each with a storage of its own from `setup`, torn down whether it holds or not.
 * @public
 */
export function storageCases(setup: () => Promise<StorageUnderTest>): readonly StorageCase[] {
  const bodies = [...pageCases, ...messageCases, ...transactionCases, ...tableCases, ...hostileCases, ...lifeCases]
  return bodies.map((body) => ({ title: body.title, run: () => runCase(setup, body) }))
}

async function runCase(setup: () => Promise<StorageUnderTest>, body: CaseBody): Promise<void> {
  const subject = await setup()
  const opened: ChatStorage[] = [subject.storage]
  const open = async (storage: ChatStorage) => {
    opened.push(storage)
    await storage.open('me')
    return storage
  }
  const context: CaseContext = {
    storage: subject.storage,
    async reload() {
      await subject.storage.close()
      return open(subject.reopen ? await subject.reopen() : subject.storage)
    },
    second: async () => (subject.reopen ? open(await subject.reopen()) : null),
  }
  try {
    await subject.storage.open('me')
    await body.run(context)
  } finally {
    await Promise.allSettled(opened.map((storage) => storage.close()))
    await subject.teardown()
  }
}

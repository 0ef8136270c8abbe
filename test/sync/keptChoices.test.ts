import type { Keepsakes } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it } from 'vitest'
import type { SyncContext } from '../../src/sync/context.js'
import { newConversation } from '../../src/sync/conversationRows.js'
import { takeOverChoices } from '../../src/sync/keptChoices.js'
import { receiptVisibility, userVisibility } from '../../src/sync/queueReport.js'

it('[I34] rows that have not taken the choices over yet tell nobody: between the loss of a database and the finding of it, messages come and are read', async () => {
  const storage = memoryStorage({ reason: 'failed' })
  const kept = JSON.stringify({ own: 'private', here: [['pair', 'off'], ['open', 'public']], rest: null })
  const keepsakes: Keepsakes = { get: (name) => (name === 'db/ada/receipts' ? kept : null), set() {}, remove() {} }
  const ctx = { me: 'ada', databaseName: 'db', storage, ports: { keepsakes } } as unknown as SyncContext
  await storage.open('ada')
  const asked = () => storage.read(async (tx) => [
    await userVisibility(tx, ctx),
    ...(await Promise.all(['pair', 'open', 'other'].map((id) => receiptVisibility(tx, ctx, newConversation(id, 'direct'))))),
  ])
  expect(await asked()).toEqual(['private', 'off', 'public', 'private'])
  // Taken over, the rows decide: one without a setting follows the user.
  await storage.write((tx) => takeOverChoices(tx, ctx))
  expect(await asked()).toEqual(['private', 'private', 'private', 'private'])
})

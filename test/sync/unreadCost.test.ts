/** What a count of unread messages looks at does not grow with what was read. */
import { expect, it } from 'vitest'
import type { Message, StorageTx } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { NO_OWN_STATE, readMine } from '../../src/receipts/index.js'
import { newConversation } from '../../src/sync/conversationRows.js'
import { countUnreadRows } from '../../src/sync/unread.js'
import { at } from './oneReader.js'

const row = (order: number): Message => ({ conversationId: 'c', from: 'ada', localId: `l${order}`, ids: [`m${order}`], at: at(order), time: order, body: { kind: 'text', text: 'x' } })

async function looked(stored: number): Promise<{ readonly rows: number; readonly count: number }> {
  const storage = memoryStorage()
  await storage.open('me')
  await storage.write((tx) => tx.messages.put(Array.from({ length: stored }, (_, n) => row(n + 1))))
  // The newest were read one by one, all but the last two; what is below them was not.
  const own = readMine(NO_OWN_STATE, { ranges: [{ from: at(11), to: at(stored - 2) }] }, { kind: 'read', publish: true, readMode: 'perMessage' })
  let rows = 0
  const counted = await storage.read((tx) => {
    const messages: StorageTx['messages'] = { ...tx.messages, page: async (query) => {
      const page = await tx.messages.page(query)
      rows += page.length
      return page
    } }
    return countUnreadRows({ ...tx, messages }, { me: 'me', transport: { capabilities: { dense: true, history: true, read: {} } } as never }, { ...newConversation('c', 'group'), head: at(stored) }, own)
  })
  expect(counted.exact).toBe(true)
  return { rows, count: counted.count }
}

it('[RS13] stretches that were read are not walked through', async () => {
  expect(await looked(4_000)).toEqual(await looked(600))
  expect((await looked(4_000)).count).toBe(12)
})

/** The archive knows messages, not places: what was read at the second place of one stays as it is. */
import type { Message } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it } from 'vitest'
import { emptyMemberState, progressOfPoints } from '../../src/receipts/index.js'
import { archiveReceipts } from '../../src/sync/archiving.js'
import type { SyncContext } from '../../src/sync/context.js'
import { at } from './oneReader.js'

const mine = (order: number, changes: Partial<Message> = {}): Message => ({ conversationId: 'c', from: 'me', localId: `l${order}`, ids: [`m${order}`], at: at(order), time: order, body: { kind: 'text', text: `${order}` }, ...changes })

it('[RS30] [RS24] who read a message where else it stands is not forgotten with the stretch around it', async () => {
  const storage = memoryStorage()
  await storage.open('me')
  Object.assign(storage, { getState: () => ({ status: 'ready' }) })
  const whole = (from: number, to: number) => ({ upTo: null, ranges: [{ from: at(from), to: at(to) }] })
  await storage.write(async (tx) => {
    await tx.conversations.put([{ id: 'c', kind: 'group', head: at(9), lastMessage: null, lastActivityAt: 0, unread: { count: 0, exact: true }, manualUnread: { rev: 0, on: false }, rosterComplete: true }])
    await tx.messages.put([mine(1), mine(2, { otherPlaces: [at(6)] }), mine(5), mine(7)])
    await tx.readStates.put('c', [
      { ...emptyMemberState('ada'), read: progressOfPoints([at(1)]) },
      { ...emptyMemberState('bo'), read: whole(5, 7) },
    ])
  })
  await archiveReceipts({ policy: { archiveAfterMs: 10, silentAfterMs: null }, storage, ports: { clock: { now: () => 1e9 } }, transport: { capabilities: { dense: false } } } as unknown as SyncContext)
  const states = await storage.read((tx) => tx.readStates.list('c'))
  expect(states.map(({ memberId, read }) => [memberId, read.ranges])).toEqual([['ada', []], ['bo', whole(5, 7).ranges]])
})

/** The archive knows messages that are here: what was read at the second place of one, or of one that cannot be shown, stays as it is. */
import type { Message, Progress } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it } from 'vitest'
import { emptyMemberState, progressOfPoints } from '../../src/receipts/index.js'
import type { StorageTx } from '../../src/storage/index.js'
import { archiveReceipts } from '../../src/sync/archiving.js'
import type { SyncContext } from '../../src/sync/context.js'
import { addHoles } from '../../src/sync/holes.js'
import { at } from './oneReader.js'

const mine = (order: number, changes: Partial<Message> = {}): Message => ({ conversationId: 'c', from: 'me', localId: `l${order}`, ids: [`m${order}`], at: at(order), time: order, body: { kind: 'text', text: `${order}` }, ...changes })

const whole = (from: number, to: number) => ({ upTo: null, ranges: [{ from: at(from), to: at(to) }] })

/** One read a message alone, and one a stretch; what of that is live once the old is archived. */
async function stillLive({ rows, stretch, note }: { rows: readonly Message[]; stretch: Progress; note?: (tx: StorageTx) => Promise<void> }) {
  const storage = memoryStorage()
  await storage.open('me')
  Object.assign(storage, { getState: () => ({ status: 'ready' }) })
  await storage.write(async (tx) => {
    await tx.conversations.put([{ id: 'c', kind: 'group', head: at(9), lastMessage: null, lastActivityAt: 0, unread: { count: 0, exact: true }, manualUnread: { rev: 0, on: false }, rosterComplete: true }])
    await tx.messages.put(rows)
    await note?.(tx)
    await tx.readStates.put('c', [
      { ...emptyMemberState('ada'), read: progressOfPoints([at(1)]) },
      { ...emptyMemberState('bo'), read: stretch },
    ])
  })
  await archiveReceipts({ policy: { archiveAfterMs: 10, silentAfterMs: null }, storage, ports: { clock: { now: () => 1e9 } }, transport: { capabilities: { dense: false, inOrder: true } } } as unknown as SyncContext)
  return (await storage.read((tx) => tx.readStates.list('c'))).map(({ memberId, read }) => [memberId, read.ranges])
}

it('[RS30] [RS24] who read a message where else it stands is not forgotten with the stretch around it', async () => {
  const rows = [mine(1), mine(2, { otherPlaces: [at(6)] }), mine(5), mine(7)]
  expect(await stillLive({ rows, stretch: whole(5, 7) })).toEqual([['ada', []], ['bo', whole(5, 7).ranges]])
})

it.each([
  ['within the stretch', [at(6), at(6)], whole(5, 7).ranges],
  ['around it', [at(3), at(9)], whole(5, 7).ranges],
  ['beside it', [at(8), at(8)], []],
] as const)('[RS24] nor who read one that cannot be shown here, %s', async (_, [from, to], left) => {
  const stretch = whole(5, 7)
  expect(await stillLive({ rows: [mine(1), mine(5), mine(7)], stretch, note: (tx) => addHoles(tx, 'c', [{ from, to }]) })).toEqual([['ada', []], ['bo', left]])
})

/** What the composer offers, against what sending takes: with a real client, over wires and policies of all kinds. */
import fc from 'fast-check'
import { createChatClient, type Member, type MemberRole, type TransportEvent } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it, onTestFinished, vi } from 'vitest'
import { isReceiptOffered } from '../../src/components/receiptOffer.js'
import { scriptedTransport } from '../sync/scriptedTransport.js'

const ROLES = ['owner', 'admin', 'member'] as const
const at = (order: number) => ({ epoch: 0, order, id: `m${order}` })
const aMember = (userId: string) => fc.record({
  userId: fc.constant(userId), role: fc.constantFrom<MemberRole>(...ROLES),
  intervals: fc.constantFrom([{ joinedAt: null, leftAt: null }], [{ joinedAt: null, leftAt: at(1) }], [{ joinedAt: null, leftAt: at(1) }, { joinedAt: at(2), leftAt: null }], []),
})
const aScene = fc.record({
  me: fc.option(aMember('me'), { nil: undefined }),
  others: fc.tuple(aMember('ann'), aMember('bob'), aMember('cat')),
  policy: fc.record({ requesters: fc.oneof(fc.constant([...ROLES]), fc.subarray([...ROLES])), maxGroupSize: fc.integer({ min: 2, max: 4 }), maxRequestsPerDay: fc.integer({ min: 1, max: 4 }), groupReceipts: fc.constantFrom('asWire', 'onRequest') }, { requiredKeys: [] }),
  wire: fc.constantFrom<'always' | 'onRequest' | 'none'>('always', 'onRequest', 'onRequest', 'none'),
  groupSize: fc.option(fc.integer({ min: 2, max: 4 }), { nil: undefined }),
  read: fc.constantFrom<'ranges' | 'none'>('ranges', 'ranges', 'ranges', 'none'),
  asked: fc.array(fc.record({ from: fc.constantFrom('me', 'ann'), agoHours: fc.integer({ min: 0, max: 40 }) }), { maxLength: 4 }),
})
type Scene = typeof aScene extends fc.Arbitrary<infer T> ? T : never

async function offeredAndTaken({ me, others, policy, wire: groupReceipts, groupSize, read, asked }: Scene) {
  const { limits } = scriptedTransport().capabilities
  const wire = scriptedTransport({ groupReceipts, read: { direct: 'ranges', group: read }, limits: { ...limits, ...(groupSize !== undefined && { groupSize }) } })
  const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), policy, ports: { locks: null, openChannel: () => null } })
  onTestFinished(() => client.dispose())
  const members: readonly Member[] = [...(me ? [me] : []), ...others]
  client.messages('c').subscribe(() => {})
  await client.start()
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  const emit = (event: unknown) => wire.emit(event as TransportEvent)
  emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', members, rosterComplete: true } })
  asked.forEach(({ from, agoHours }, n) => emit({ type: 'message', message: { conversationId: 'c', id: `m${n + 1}`, at: at(n + 1), from, localId: `l${n}`, time: Date.now() - agoHours * 3_600_000, receiptRequested: true, body: { kind: 'text', text: 'x' } } }))
  emit({ type: 'message', message: { conversationId: 'c', id: 'm9', at: at(9), from: 'ann', localId: 'l9', time: Date.now(), body: { kind: 'text', text: 'last' } } })
  await vi.waitFor(() => expect(client.messages('c').getSnapshot().messages).toHaveLength(asked.length + 1))
  const offered = isReceiptOffered(client, 'c', members)
  const taken = await client.send('c', { body: { kind: 'text', text: 'please read' }, receiptRequested: true }).then(() => true, (error: { code: string }) => error.code)
  // Where nobody has to ask, nothing is offered, and asking is nothing.
  const isAsked = groupReceipts !== 'always' || client.policy.groupReceipts === 'onRequest'
  return { offered, taken, isAsked }
}

it('[RS19] is what sending takes, whoever is in the group, asked before, and whatever wire and policy say', async () => {
  const seen = new Set<string>()
  for (const scene of fc.sample(aScene, { numRuns: 60, seed: 20_261_201 })) {
    const { offered, taken, isAsked } = await offeredAndTaken(scene)
    if (isAsked) expect([offered, scene], String(taken)).toEqual([taken === true, scene])
    seen.add(String(taken))
  }
  expect([...seen].toSorted()).toEqual(['receipt/dailyLimit', 'receipt/forbidden', 'receipt/notEnabled', 'receipt/tooLarge', 'true'])
}, 60_000)

/** What the composer and the outbox both ask with: what is not known yet, and what the wire says, beside the policy. */
import { createReceiptPolicy, whyRequestRefused, type Member } from 'readback'
import { describe, expect, it } from 'vitest'
import { nextRequest } from '../../src/receipts/nextRequest.js'

const NOW = 1_700_000_000_000
const HOUR_MS = 3_600_000
const gone = { joinedAt: null, leftAt: { epoch: 0, order: 1, id: 'm1' } }
const member = (userId: string, role: Member['role'] = 'member', interval: Member['intervals'][number] = { joinedAt: null, leftAt: null }): Member => ({ userId, role, intervals: [interval] })
const wire = { groupReceipts: 'onRequest', read: { group: 'ranges' }, limits: {} } as const
const refusal = (changes: { members?: readonly Member[]; askedAt?: readonly number[]; wire?: Partial<Parameters<typeof nextRequest>[1]>; policy?: Parameters<typeof createReceiptPolicy>[0] }) =>
  whyRequestRefused(...nextRequest({ me: 'me', conversation: { id: 'c', kind: 'group' }, members: changes.members ?? [member('me', 'owner')], askedAt: changes.askedAt ?? [], now: NOW }, { ...wire, ...changes.wire }, createReceiptPolicy(changes.policy)))

describe('asking with my next message', () => {
  it.each<[string, Parameters<typeof refusal>[0], ReturnType<typeof refusal>]>([
    ['is left to the back end where my role is not known', { members: [member('ann')] }, null],
    ['is left to the back end where I am said to have left', { members: [member('me', 'member', gone), member('ann')] }, null],
    ['is not for a role that is known and may not', { members: [member('me')] }, 'forbidden'],
    ['is for nobody where the policy has nobody', { members: [], policy: { requesters: [] } }, 'forbidden'],
    ['is nothing on a wire without receipts in groups', { wire: { groupReceipts: 'none' } }, 'notEnabled'],
    ['is nothing on a wire that carries no reading in groups', { wire: { read: { group: 'none' } } }, 'notEnabled'],
    ['ends at the size of the wire', { members: [member('me', 'owner'), member('ann'), member('bob')], wire: { limits: { groupSize: 2 } } }, 'tooLarge'],
    ['counts nobody who left', { members: [member('me', 'owner'), member('ann'), member('bob', 'member', gone)], wire: { limits: { groupSize: 2 } } }, null],
    ['ends at the number of a day', { askedAt: [NOW - HOUR_MS], policy: { maxRequestsPerDay: 1 } }, 'dailyLimit'],
    ['forgets what was asked the day before', { askedAt: [NOW - 25 * HOUR_MS], policy: { maxRequestsPerDay: 1 } }, null],
  ])('[RS19] %s', (_title, changes, expected) => {
    expect(refusal(changes)).toBe(expected)
  })
})

import { applyReceipt, createReceiptPolicy, emptyMemberState, type Message, type ReceiptPolicy, type TransportCapabilities } from 'readback'
import { createFakeClock } from 'readback/testing'
import { memoryHub } from 'readback/transport/memory'
import { describe, expect, it } from 'vitest'
import { createReceiptIndex } from '../../src/receipts/receiptIndex.js'
import { createChatStore, withEntry } from '../../src/store/chatStore.js'
import { computeShown } from '../../src/store/computeShown.js'
import { createReadStateSource, type ReadStateSourceOptions } from '../../src/store/readStateSource.js'
import { newConversation } from '../../src/sync/conversationRows.js'
import { createReadView } from '../../src/sync/readViews.js'
import { NO_OWN_STATE } from '../../src/receipts/index.js'

const DAY_MS = 86_400_000
const member = (userId: string) => ({ userId, role: 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] })
const message = (order: number, changes: Partial<Message> = {}): Message => ({ conversationId: 'c', from: 'me', localId: `l${order}`, ids: [`m${order}`], at: { epoch: 0, order, id: `m${order}` }, time: Date.UTC(2026, 0, 1), body: { kind: 'text', text: '' }, ...changes })

/** A group of three in which Bo has read up to the first message. */
function open(policy: Partial<ReceiptPolicy> = {}, capabilities: Partial<TransportCapabilities> = {}) {
  const clock = createFakeClock(Date.UTC(2026, 0, 1))
  const store = createChatStore()
  const members = ['me', 'bo', 'cy'].map(member)
  const index = createReceiptIndex()
  index.setRoster(members)
  index.setState(applyReceipt(emptyMemberState('bo'), { kind: 'read', upTo: message(1).at }))
  store.setState({
    conversations: new Map([['c', { ...newConversation('c', 'group'), rosterComplete: true }]]),
    readViews: new Map([['c', createReadView({ index, members, own: NO_OWN_STATE, version: 1, me: 'me' })]]),
  })
  const options: ReadStateSourceOptions = { store, id: 'c', me: 'me', policy: createReceiptPolicy(policy), capabilities: { ...memoryHub().transport().capabilities, ...capabilities }, clock, computed: () => computeShown, retain: () => () => {} }
  const source = createReadStateSource(options)
  const setReceipts = (receipts: 'public' | 'private') => store.setState(({ conversations }) => ({ conversations: withEntry(conversations, 'c', { ...conversations.get('c')!, receipts }) }))
  /** What a list makes when the conversation was closed for a while. */
  const again = () => createReadStateSource(options)
  return { clock, store, source, setReceipts, again }
}

describe('createReadStateSource', () => {
  it('[RS19] where receipts have to be asked for, only messages that asked have a number', () => {
    for (const { source } of [open({ groupReceipts: 'onRequest' }), open({}, { groupReceipts: 'onRequest' })]) {
      expect(source.getTally(message(1))).toEqual({ tracked: false, reason: 'notRequested' })
      expect(source.getTally(message(2, { receiptRequested: true }))).toMatchObject({ tracked: true, read: 0, of: 2 })
    }
  })

  it('[RS19] three days later none is expected any more, and those that came in time still count', () => {
    const { clock, source } = open({ groupReceipts: 'onRequest' })
    clock.advance(3 * DAY_MS + 1)
    expect(source.getTally(message(2, { receiptRequested: true }))).toEqual({ tracked: false, reason: 'expired' })
    expect(source.getTally(message(1, { receiptRequested: true }))).toMatchObject({ tracked: true, read: 1, of: 2 })
  })

  it('[RS19] receipts that need not be asked for do not end, unless the wire says so', () => {
    const always = open()
    always.clock.advance(30 * DAY_MS)
    expect(always.source.getTally(message(2))).toMatchObject({ tracked: true, read: 0 })
    const limited = open({}, { limits: { receiptWindowMs: DAY_MS } })
    limited.clock.advance(2 * DAY_MS)
    expect(limited.source.getTally(message(2))).toEqual({ tracked: false, reason: 'expired' })
  })

  it('[RS22] who tells nobody is shown nothing, by setting, until receipts are on again; listeners hear of it', () => {
    const { source, setReceipts, clock } = open({ reciprocal: true })
    let told = 0
    source.subscribe(() => (told += 1))
    expect(source.getTally(message(1))).toMatchObject({ tracked: true, read: 1 })
    setReceipts('private')
    expect(told).toBe(1)
    expect(source.getTally(message(1))).toEqual({ tracked: false, reason: 'off' })
    clock.advance(20)
    setReceipts('public')
    expect(told).toBe(2)
    expect(source.getTally(message(1))).toMatchObject({ tracked: true, read: 1 })
  })

  it('what was shown as read stays so without another look, whatever comes; another version of the message is looked at', () => {
    const { store, source } = open({ groupStatus: 'any' })
    const read = message(1)
    expect(source.getStatus(read)).toBe('read')
    store.setState({ readViews: new Map() })
    expect(source.getStatus(read)).toBe('read')
    expect(source.getStatus({ ...read, failure: { code: 'outbox/givenUp', message: '' } })).toBe('read')
    expect(source.getStatus(message(2))).toBe('sent')
  })

  it('[RS25] two versions of one message on one page, each with its own count, keep theirs until something moves', () => {
    const { source, store } = open({ groupStatus: 'all' })
    const older = message(2, { readCount: 1 })
    const newer = message(2, { readCount: 2 })
    const tallies = () => [source.getTally(older), source.getTally(newer)]
    const first = tallies()
    expect(first).toMatchObject([{ read: 1 }, { read: 2 }])
    tallies().forEach((tally, index) => expect(tally).toBe(first[index]))
    expect([source.getStatus(older), source.getStatus(newer)]).toEqual(['sent', 'read'])
    store.setState(({ readViews }) => ({ readViews: withEntry(readViews, 'c', { ...readViews.get('c')!, version: 2 }) }))
    tallies().forEach((tally, index) => expect(tally).toBe(first[index]))
    // What was shown of the one, the other does not fall below.
    expect([source.getStatus(older), source.getStatus(newer)]).toEqual(['read', 'read'])
  })

  it('[RS11] what was shown while a conversation was open is shown of it in the list when it was closed, also by another list', () => {
    const { source, store, again } = open({ groupStatus: 'any' })
    expect(source.getStatus(message(1))).toBe('read')
    store.setState({ readViews: new Map() })
    expect(again().getStatus(message(1))).toBe('read')
    expect(again().getTally(message(1))).toMatchObject({ tracked: true, read: 1 })
  })

  it('[RS11] a message that is accepted, fails or is tried again while its conversation is closed shows so in the list', () => {
    const { source, store } = open()
    store.setState({ readViews: new Map() })
    const states = (['sending', 'failed', 'sending', undefined] as const).map((outgoing) => source.getStatus(message(9, { at: null, ids: [], ...(outgoing && { outgoing }) })))
    expect(states).toEqual(['sending', 'failed', 'sending', 'sent'])
  })

  it('[RS22] who tells nobody sees no status rise either, and what was shown stays', () => {
    const { source, setReceipts, clock } = open({ reciprocal: true, groupStatus: 'any' })
    setReceipts('private')
    expect(source.getStatus(message(1))).toBe('sent')
    clock.advance(20)
    setReceipts('public')
    expect(source.getStatus(message(1))).toBe('read')
    setReceipts('private')
    expect(source.getStatus(message(1, { localId: 'l1' }))).toBe('read')
  })

  it('[RS22] who tells nobody is shown no number either that was on screen before the conversation was closed', () => {
    const { source, store, setReceipts } = open({ reciprocal: true, groupStatus: 'any' })
    expect([source.getTally(message(1)), source.getStatus(message(1))]).toMatchObject([{ read: 1 }, 'read'])
    store.setState({ readViews: new Map() })
    setReceipts('private')
    expect([source.getTally(message(1)), source.getStatus(message(1))]).toEqual([{ tracked: false, reason: 'off' }, 'read'])
    setReceipts('public')
    expect(source.getTally(message(1))).toEqual({ tracked: false, reason: 'rosterUnknown' })
  })

  it('[RS32] a message that was recalled has no number and rises no more, and what was shown stays', () => {
    const { source, store } = open({ groupStatus: 'any' })
    const recalled = message(1, { recalledAt: Date.UTC(2026, 0, 1) })
    expect([source.getStatus(recalled), source.getTally(recalled)]).toEqual(['sent', { tracked: false, reason: 'recalled' }])
    expect([source.getStatus(message(1)), source.getStatus({ ...recalled })]).toEqual(['read', 'read'])
    store.setState({ readViews: new Map() })
    // Also where nothing is known of others any more, and its number was on screen.
    expect(source.getTally({ ...recalled })).toEqual({ tracked: false, reason: 'recalled' })
  })

  it('[RS22] without the setting, private receipts hide nothing of others', () => {
    const { source, setReceipts } = open()
    setReceipts('private')
    expect(source.getTally(message(1))).toMatchObject({ tracked: true, read: 1 })
  })
})

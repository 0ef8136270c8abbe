import type { Message, MessageActions, MessageStatus } from 'readback'
import { describe, expect, it } from 'vitest'
import { canReact } from '../../src/components/canReact.js'
import { offersFor } from '../../src/components/messageOffers.js'
import { message } from '../react/fakeClient.js'

const act = () => {}
const ALL: MessageActions = { onReply: act, onReact: act, onEdit: act, onRecall: act, onDeleteForMe: act, onDeleteForAll: act, onDiscard: act, onInfo: act, recallWindowMs: 120_000 }
const SENT_AT = message().time

function offers(rest: Partial<Message>, { own = true, status = 'sent', actions = ALL, ageMs = 1000, canRetry = true }: { own?: boolean; status?: MessageStatus | null; actions?: MessageActions; ageMs?: number; canRetry?: boolean } = {}) {
  return offersFor({ message: message(rest), own, status, actions, canRetry, nowMs: SENT_AT + ageMs })
}

describe('what is offered', () => {
  it('on a message of mine', () => {
    expect(offers({})).toEqual(['reply', 'copy', 'edit', 'info', 'recall', 'deleteForMe', 'deleteForAll'])
  })
  it('on somebody else’s', () => {
    expect(offers({}, { own: false, status: null })).toEqual(['reply', 'copy', 'deleteForMe'])
  })
  it('on somebody else’s to who leads the group: deleting it for all', () => {
    expect(offers({}, { own: false, status: null, actions: { ...ALL, moderates: true } })).toEqual(['reply', 'copy', 'deleteForMe', 'deleteForAll'])
    expect(offers({ ids: [], outgoing: 'sending' }, { actions: { ...ALL, moderates: true } })).not.toContain('deleteForAll')
  })
  it('on one that is on its way, and on one that failed', () => {
    expect(offers({ ids: [], outgoing: 'sending' }, { status: 'sending' })).toEqual(['copy', 'discard'])
    expect(offers({ ids: [], outgoing: 'failed' }, { status: 'failed' })).toEqual(['retry', 'copy', 'discard'])
    expect(offers({ ids: [], outgoing: 'failed' }, { status: 'failed', canRetry: false })).toEqual(['copy', 'discard'])
  })
  it('on an accepted one with which something failed, whoever wrote it', () => {
    const failure = { code: 'outbox/givenUp', message: 'No.', action: 'react' } as const
    expect(offers({ failure })).toEqual(['retry', 'reply', 'copy', 'edit', 'info', 'recall', 'discard', 'deleteForMe', 'deleteForAll'])
    expect(offers({ failure }, { own: false, status: null })).toEqual(['retry', 'reply', 'copy', 'discard', 'deleteForMe'])
  })
  it('recalling as long as the wire takes it', () => {
    expect(offers({}, { ageMs: 120_000 })).toContain('recall')
    expect(offers({}, { ageMs: 120_001 })).not.toContain('recall')
    const { recallWindowMs: _, ...ever } = ALL
    expect(offers({}, { ageMs: 1e12, actions: ever })).toContain('recall')
  })
  it('changing and copying for text alone', () => {
    expect(offers({ body: { kind: 'image', file: {} } })).toEqual(['reply', 'info', 'recall', 'deleteForMe', 'deleteForAll'])
  })
  it('nothing that the wire cannot do', () => {
    expect(offers({}, { actions: {} })).toEqual(['copy'])
    expect(canReact(message(), {})).toBe(false)
  })
  it('no reaction to what the back end does not know', () => {
    expect([canReact(message(), ALL), canReact(message({ ids: [] }), ALL)]).toEqual([true, false])
  })
})

// @vitest-environment jsdom
import { act, cleanup, render } from '@testing-library/react'
import { ChatProvider, createArrayReadStates, MessageRow, ReadStatesContext } from 'readback'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { message } from '../react/fakeClient.js'
import { uncaught } from '../tools/uncaught.js'

afterEach(cleanup)
const mine = message({ from: 'ada', ids: ['m-1', 'm-1b'] })

describe('createArrayReadStates', () => {
  it('says what it was given, by any id of a message, and its own state of what has none yet', () => {
    const states = createArrayReadStates({ 'm-1b': { status: 'read', read: 3, of: 4 }, 'm-2': { isRead: true }, l3: { status: 'sent' } })
    expect([states.getStatus(mine), states.getTally(mine)]).toEqual(['read', { tracked: true, read: 3, of: 4, delivered: 3, viewed: 0 }])
    expect(states.getTally(mine)).toBe(states.getTally(mine))
    const theirs = message({ localId: 'l2', ids: ['m-2'] })
    expect([states.isRead(theirs), states.getStatus(theirs), states.getTally(theirs)]).toEqual([true, null, { tracked: false, reason: 'off' }])
    expect(states.getStatus(message({ localId: 'l3', ids: [] }))).toBe('sent')
    expect(states.getStatus(message({ localId: 'l4', ids: [], outgoing: 'failed' }))).toBe('failed')
    expect(states.isRead(message({ localId: '__proto__', ids: ['constructor'] }))).toBe(false)
  })
  it('tells of what changed, and a row follows', () => {
    const states = createArrayReadStates({ 'm-1': { status: 'sent' } })
    const told = vi.fn()
    const stop = states.subscribe(told)
    const { container } = render(<ChatProvider><ReadStatesContext.Provider value={states}><MessageRow message={mine} own runStart runEnd conversationKind="group" /></ReadStatesContext.Provider></ChatProvider>)
    const shown = () => [container.querySelector('.rb-row')?.getAttribute('data-status'), container.querySelector('.rb-badge')?.getAttribute('data-read')]
    expect(shown()).toEqual(['sent', 'untracked'])
    act(() => states.update({ 'm-1': { status: 'read', read: 2, of: 2 } }))
    expect(shown()).toEqual(['read', 'all'])
    act(() => states.set({}))
    expect([shown()[0], told.mock.calls.length]).toEqual([null, 2])
    stop()
    states.set({})
    expect(told).toHaveBeenCalledTimes(2)
  })
  it('a listener of the host that throws keeps no other from hearing', async () => {
    const errors = uncaught()
    const states = createArrayReadStates()
    const heard = vi.fn()
    states.subscribe(() => {
      throw new Error('of the host')
    })
    states.subscribe(heard)
    states.set({})
    expect(heard).toHaveBeenCalledTimes(1)
    await vi.waitFor(() => expect(errors).toEqual([new Error('of the host')]))
  })
  it('[RS11] news that come late take nothing back; what could not be sent, and is sent again, follows', () => {
    const states = createArrayReadStates({ 'm-1': { status: 'sending' } })
    const shown = (['failed', 'sending', 'read', 'delivered', 'failed'] as const).map((status) => {
      states.update({ 'm-1': { status, read: 1, of: 2 } })
      return states.getStatus(mine)
    })
    expect(shown).toEqual(['failed', 'sending', 'read', 'read', 'read'])
    states.update({ 'm-1': { read: 2, of: 2 } })
    expect([states.getStatus(mine), states.getTally(mine)]).toMatchObject(['read', { read: 2 }])
    states.set({ 'm-1': { status: 'sent' } })
    expect(states.getStatus(mine)).toBe('sent')
  })
})

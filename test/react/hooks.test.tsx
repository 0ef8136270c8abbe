// @vitest-environment jsdom
import { act, cleanup, renderHook } from '@testing-library/react'
import { ChatProvider, useClient, useClientState, useConversation, useMembers, usePresence, useProfile, useProfiles, useTyping } from 'readback'
import type { ReactNode } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { conversation, fakeClient, type FakeClient } from './fakeClient.js'

afterEach(cleanup)

const around = (client: FakeClient) => ({ wrapper: ({ children }: { children: ReactNode }) => <ChatProvider client={client}>{children}</ChatProvider> })

describe('outside a provider', () => {
  it.each<readonly [string, () => unknown]>([
    ['useClient()', () => useClient()],
    ['useClientState()', () => useClientState(({ phase }) => phase)],
    ['useConversation()', () => useConversation('garden')],
    ['useTyping()', () => useTyping('garden')],
    ['useMembers()', () => useMembers('garden')],
  ])('%s says what happened, why, and what to do', (name, hook) => {
    expect(() => renderHook(hook)).toThrow(
      expect.objectContaining({
        code: 'part/outside',
        message: `${name} has no chat client. It takes its conversations from the client of the nearest <ChatProvider>, and there is none above it, or that one was given no client. Wrap it in <ChatProvider client={client}>.`,
      }) as Error,
    )
  })
})

describe('useClientState', () => {
  it('follows its fact, also with a selector that makes objects', () => {
    const client = fakeClient()
    const { result } = renderHook(() => useClientState((state) => ({ pending: state.pendingCount })), around(client))
    expect(result.current).toEqual({ pending: 0 })
    act(() => client.set({ pendingCount: 2 }))
    expect(result.current).toEqual({ pending: 2 })
  })
  it('does not render when the selected value is the same', () => {
    const client = fakeClient()
    let renders = 0
    renderHook(() => {
      renders++
      return useClientState((state) => state.pendingCount)
    }, around(client))
    const before = renders
    act(() => client.set({ phase: 'running' }))
    expect(renders).toBe(before)
  })
  it('leaves no listener behind', () => {
    const client = fakeClient()
    const { unmount } = renderHook(() => useClientState((state) => state.phase), around(client))
    expect(client.listenerCount()).toBe(1)
    unmount()
    expect(client.listenerCount()).toBe(0)
  })
})

describe('facts', () => {
  it('useConversation finds one, and null where there is none', () => {
    const client = fakeClient()
    const garden = conversation('garden')
    const { result } = renderHook(() => [useConversation('garden'), useConversation('toString')], around(client))
    expect(result.current).toEqual([null, null])
    act(() => client.set({ conversations: [garden] }))
    expect(result.current[0]).toBe(garden)
    expect(result.current[1]).toBeNull()
  })
  it('useTyping follows who is typing', () => {
    const client = fakeClient()
    const { result } = renderHook(() => useTyping('garden'), around(client))
    act(() => client.setTypingPeople(['bo']))
    expect(result.current).toEqual(['bo'])
  })
  it('usePresence follows who is there, and knows nothing without a client or a wire that tells', () => {
    const client = fakeClient()
    const { result } = renderHook(() => usePresence('bo'), around(client))
    expect(result.current).toBeNull()
    act(() => client.setPresences({}))
    expect(result.current).toBe('offline')
    act(() => client.setPresences({ bo: 'unavailable' }))
    expect(result.current).toBe('unavailable')
    expect(renderHook(() => usePresence('bo')).result.current).toBeNull()
  })
  it('useProfile keeps its object though the client makes new ones', () => {
    const client = fakeClient({ names: { bo: 'Bo Lindqvist' } })
    const { result } = renderHook(() => useProfile('bo'), around(client))
    const before = result.current
    act(() => client.set({ pendingCount: 1 }))
    expect(before.name).toBe('Bo Lindqvist')
    expect(result.current).toBe(before)
  })
  it('useProfiles falls back to ids without a client, and asks the provider first', () => {
    const profiles = (userId: string) => (userId === 'ada' ? { userId, name: 'Ada' } : undefined)
    const { result } = renderHook(() => useProfiles(['ada', 'bo']), { wrapper: ({ children }: { children: ReactNode }) => <ChatProvider profiles={profiles}>{children}</ChatProvider> })
    expect(result.current).toEqual([{ userId: 'ada', name: 'Ada' }, { userId: 'bo' }])
  })
  it('useMembers asks once the conversation is known', async () => {
    const client = fakeClient({ members: ['ada', 'bo'] })
    const { result } = renderHook(() => useMembers('garden'), around(client))
    expect(result.current).toBeNull()
    await act(async () => client.set({ conversations: [conversation('garden')] }))
    expect(result.current?.map(({ userId }) => userId)).toEqual(['ada', 'bo'])
  })
})

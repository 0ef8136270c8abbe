// @vitest-environment jsdom
import { renderHook } from '@testing-library/react'
import { createFakeClock, createFakeVisibility } from 'readback/testing'
import { expect, it, onTestFinished, vi } from 'vitest'
import { besideEngine } from '../../src/components/lazyBesideEngine.js'
import { buildListRows, type MessageListRow } from '../../src/components/listRows.js'
import { useListDwell } from '../../src/components/useListDwell.js'
import { message } from '../react/fakeClient.js'
import { createFakePage, fakeElement } from '../reading/fakeIntersections.js'
import { uncaught } from '../tools/uncaught.js'

it('[RD9] [RD11] who asks why something is not read, and throws, keeps nobody else from hearing of it', async () => {
  await besideEngine.preload()
  const page = createFakePage()
  vi.stubGlobal('IntersectionObserver', page.Observer)
  onTestFinished(() => void vi.unstubAllGlobals())
  const errors = uncaught()
  const list = buildListRows({ messages: [message({ from: 'bo' })], hasOlder: true, firstUnreadKey: null, isOwn: () => false })
  const clock = createFakeClock()
  const options = { scroller: { current: null }, list, userId: 'ada', readStates: null, onRead: () => {}, isSettled: () => true, policy: undefined, clock, visibility: createFakeVisibility() }
  const { result, unmount } = renderHook(() => useListDwell(options))
  const heard = vi.fn()
  result.current.subscribe(() => {
    throw new Error('of the host')
  })
  result.current.subscribe(heard)
  const element = Object.assign(fakeElement(), { matches: () => false, querySelector: () => null, ownerDocument: {} })
  result.current.watch(element, list.rows[0] as MessageListRow)
  page.show(element, 100, 100)
  clock.advance(800)
  expect([heard.mock.calls.length, result.current.getView(list.rows[0]!.key).state]).toEqual([2, 'read'])
  await vi.waitFor(() => expect(errors).toEqual([new Error('of the host'), new Error('of the host')]))
  unmount()
})

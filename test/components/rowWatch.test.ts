import { messageKey, type Message } from 'readback/core'
import { createFakeClock, createFakeVisibility } from 'readback/testing'
import { expect, it, onTestFinished, vi } from 'vitest'
import { NO_ROWS, type ListRows } from '../../src/components/listRows.js'
import { createRowWatch } from '../../src/components/rowWatch.js'
import { createFakePage, fakeElement } from '../reading/fakeIntersections.js'

const message: Message = { conversationId: 'c', from: 'ada', localId: 'l1', ids: ['m1'], at: { epoch: 0, order: 1, id: 'm1' }, time: 1, body: { kind: 'text', text: 'hi' } }
const KEY = messageKey(message)
const withRow: ListRows = { ...NO_ROWS, rows: [{ kind: 'message', key: KEY, message, own: false, runStart: true, runEnd: true }], indexOf: (key) => (key === KEY ? 0 : undefined) }

it('[RD9] what a host did not take is told again, also where it threw at once', async () => {
  const clock = createFakeClock()
  const told: Message[] = []
  let isBroken = true
  const onRead = (messages: readonly Message[]) => {
    told.push(...messages)
    if (isBroken) throw new Error('the host is broken')
  }
  const page = createFakePage()
  vi.stubGlobal('IntersectionObserver', page.Observer)
  onTestFinished(() => void vi.unstubAllGlobals())
  const element = Object.assign(fakeElement(), { matches: () => false, querySelector: () => null, ownerDocument: {} })
  const row = { element, stop: () => {} }
  const watch = createRowWatch({
    list: () => ({ scroller: { current: null }, list: withRow, userId: 'me', onRead, isSettled: () => true }),
    rows: new Map([[KEY, row]]), isUnseen: () => true, policy: undefined, clock, visibility: createFakeVisibility(), onChange: () => {},
  })
  watch.observe(KEY, row)
  page.show(element, 100, 100)
  await clock.advanceAsync(800)
  expect(told).toEqual([message])
  isBroken = false
  await clock.advanceAsync(2_000)
  page.show(element, 100, 100)
  await clock.advanceAsync(800)
  expect(told).toEqual([message, message])
  watch.dispose()
})

it('[RD4] what was read while the list was about to show something else is told when it is in the list again, once', () => {
  let list: ListRows = NO_ROWS
  const told: Message[] = []
  const watch = createRowWatch({
    list: () => ({ scroller: { current: null }, list, userId: 'me', onRead: (messages) => void told.push(...messages), isSettled: () => true }),
    rows: new Map(), isUnseen: () => true, policy: undefined, clock: undefined, visibility: undefined, onChange: () => {},
  })
  watch.markNow(KEY)
  expect(told).toEqual([])
  list = withRow
  for (let time = 0; time < 2; time++) watch.observe(KEY, { element: fakeElement(), stop: () => {} })
  expect(told).toEqual([message])
  watch.dispose()
})

it('[RD14] asks whether a message is shown: what stands in its place is read by no amount of looking', () => {
  const clock = createFakeClock()
  const told: Message[] = []
  const page = createFakePage()
  vi.stubGlobal('IntersectionObserver', page.Observer)
  onTestFinished(() => void vi.unstubAllGlobals())
  let isShown = false
  const element = Object.assign(fakeElement(), { matches: (parts: string) => !isShown && parts.includes('[data-fallback]'), querySelector: () => null, ownerDocument: {} })
  const row = { element, stop: () => {} }
  const watch = createRowWatch({
    list: () => ({ scroller: { current: null }, list: withRow, userId: 'me', onRead: (messages) => void told.push(...messages), isSettled: () => true }),
    rows: new Map([[KEY, row]]), isUnseen: () => true, policy: undefined, clock, visibility: createFakeVisibility(), onChange: () => {},
  })
  watch.observe(KEY, row)
  page.show(element, 100, 100)
  clock.advance(60_000)
  expect([told, watch.getView(KEY).reasons]).toEqual([[], ['cannotBeShown']])
  isShown = true
  clock.advance(60_000)
  expect(told).toEqual([message])
  watch.dispose()
})

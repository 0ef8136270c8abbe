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

/** One row, which a host takes or not. */
function oneRow() {
  const clock = createFakeClock()
  const page = createFakePage()
  vi.stubGlobal('IntersectionObserver', page.Observer)
  onTestFinished(() => void vi.unstubAllGlobals())
  const told: Message[] = []
  const host = { isUnseen: true, isBusy: false, answer: () => Promise.resolve() }
  const element = Object.assign(fakeElement(), { matches: () => false, querySelector: (parts: string) => (host.isBusy && parts.includes('aria-busy') ? element : null), ownerDocument: {} })
  const row = { element, stop: () => {} }
  const scroller = { current: null }
  const onRead = (messages: readonly Message[]) => {
    told.push(...messages)
    return host.answer()
  }
  const watchUnder = (dwellMs: number) => createRowWatch({
    list: () => ({ scroller, list: withRow, userId: 'me', onRead, isSettled: () => true }),
    rows: new Map([[KEY, row]]), isUnseen: () => host.isUnseen, policy: { dwellMs }, clock, visibility: createFakeVisibility(), onChange: () => {},
  })
  const look = async (ms: number) => {
    page.show(element, 100, 100)
    await clock.advanceAsync(ms)
  }
  return { clock, page, told, host, row, element, watchUnder, look }
}

it('[RD4] what was told, and nobody noted, is told once', async () => {
  const { told, row, watchUnder, look } = oneRow()
  const watch = watchUnder(800)
  for (let time = 0; time < 2; time++) {
    row.stop()
    watch.observe(KEY, row)
    await look(1_000)
  }
  expect(told).toEqual([message])
  watch.dispose()
})

it('[RD4] what was noted as read, and is unread again since the browser threw its database away, is read anew', async () => {
  const { told, host, row, watchUnder, look } = oneRow()
  host.answer = async () => void (host.isUnseen = false)
  const watch = watchUnder(800)
  watch.observe(KEY, row)
  await look(1_000)
  host.isUnseen = true
  watch.observe(KEY, row)
  await look(700)
  expect(told).toEqual([message])
  await look(300)
  expect(told).toEqual([message, message])
  watch.dispose()
})

it('[RD4] what was read by a strong signal while it was watched, and is unread when it comes again, is read anew', async () => {
  const { told, host, row, watchUnder, look } = oneRow()
  const watch = watchUnder(800)
  watch.observe(KEY, row)
  await look(200)
  // Somebody reacted to it, and goes on looking.
  host.isUnseen = false
  await look(1_000)
  expect([told, watch.getView(KEY).state]).toEqual([[], 'read'])
  row.stop()
  host.isUnseen = true
  watch.observe(KEY, row)
  await look(1_000)
  expect(told).toEqual([message])
  watch.dispose()
})

it('[RD4] what comes again while a host is still busy noting it is told once; what it did not take waits', async () => {
  const { told, host, row, watchUnder, look } = oneRow()
  let refuse = (_why: Error) => {}
  host.answer = () => new Promise((_resolve, reject) => (refuse = reject))
  const watch = watchUnder(800)
  watch.observe(KEY, row)
  await look(1_000)
  watch.observe(KEY, row)
  await look(5_000)
  expect(told).toEqual([message])
  refuse(new Error('not taken'))
  await look(0)
  watch.observe(KEY, row)
  expect(watch.getView(KEY).reasons).toEqual(['disabled'])
  watch.dispose()
})

it('[RD4] what was not taken is not watched again by a policy that is no longer the list\'s', async () => {
  const { clock, page, told, host, row, element, watchUnder, look } = oneRow()
  host.answer = () => Promise.reject(new Error('not taken'))
  const before = watchUnder(100)
  before.observe(KEY, row)
  page.show(element, 100, 100)
  clock.advance(100)
  before.dispose()
  const now = watchUnder(60_000)
  now.observe(KEY, row)
  for (let second = 0; second < 20; second += 1) await look(1_000)
  expect([told, now.getView(KEY).reasons]).toEqual([[message], ['dwelling']])
  now.dispose()
})

it('[RD5] a row that says around its bubble that it is still loading is not read', async () => {
  const { told, host, row, watchUnder, look } = oneRow()
  host.isBusy = true
  const watch = watchUnder(800)
  watch.observe(KEY, row)
  await look(5_000)
  expect([told, watch.getView(KEY).reasons]).toEqual([[], ['notPainted']])
  host.isBusy = false
  await look(5_000)
  expect(told).toEqual([message])
  watch.dispose()
})

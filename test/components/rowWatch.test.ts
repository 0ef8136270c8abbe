import type { Message } from 'readback/core'
import { expect, it } from 'vitest'
import { NO_ROWS, type ListRows } from '../../src/components/listRows.js'
import { createRowWatch } from '../../src/components/rowWatch.js'
import { fakeElement } from '../reading/fakeIntersections.js'

const message: Message = { conversationId: 'c', from: 'ada', localId: 'l1', ids: ['m1'], at: { epoch: 0, order: 1, id: 'm1' }, time: 1, body: { kind: 'text', text: 'hi' } }
const withRow: ListRows = { ...NO_ROWS, rows: [{ kind: 'message', key: 'a', message, own: false, runStart: true, runEnd: true }], indexOf: (key) => (key === 'a' ? 0 : undefined) }

it('[RD4] what was read while the list was about to show something else is told when it is in the list again, once', () => {
  let list: ListRows = NO_ROWS
  const told: Message[] = []
  const watch = createRowWatch({
    list: () => ({ scroller: { current: null }, list, onRead: (messages) => void told.push(...messages), isSettled: () => true }),
    rows: new Map(), isUnread: () => true, policy: undefined, clock: undefined, visibility: undefined, onChange: () => {},
  })
  watch.markNow('a')
  expect(told).toEqual([])
  list = withRow
  for (let time = 0; time < 2; time++) watch.observe('a', { element: fakeElement(), stop: () => {} })
  expect(told).toEqual([message])
  watch.dispose()
})

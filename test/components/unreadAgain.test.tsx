// @vitest-environment jsdom
/** A row that stays on the page, of which the read state or the words become others. */
import { render } from '@testing-library/react'
import { createArrayReadStates, messageKey, type Message } from 'readback'
import { createFakeClock, createFakeVisibility } from 'readback/testing'
import { useCallback } from 'react'
import { expect, it, onTestFinished, vi } from 'vitest'
import { besideEngine } from '../../src/components/lazyBesideEngine.js'
import { ListItem } from '../../src/components/ListItem.js'
import { buildListRows, type MessageListRow } from '../../src/components/listRows.js'
import { useListDwell } from '../../src/components/useListDwell.js'
import { message } from '../react/fakeClient.js'
import { createFakePage } from '../reading/fakeIntersections.js'

/** One row that stays where it is; `notes`: whether the host notes at once what it is told. */
async function scene(isReadAtFirst: boolean, first: Message = message({ from: 'bo' }), notes = true) {
  await besideEngine.preload()
  const page = createFakePage()
  vi.stubGlobal('IntersectionObserver', page.Observer)
  onTestFinished(() => void vi.unstubAllGlobals())
  const clock = createFakeClock()
  const visibility = createFakeVisibility()
  const readStates = createArrayReadStates(isReadAtFirst ? { [first.ids[0]!]: { isRead: true } } : {})
  const asked = vi.spyOn(readStates, 'isRead')
  const draw = vi.fn<() => void>()
  const told: Message[] = []
  const onRead = (read: readonly Message[]) => {
    told.push(...read)
    if (notes) readStates.update(Object.fromEntries(read.map(({ ids }) => [ids[0]!, { isRead: true }])))
  }
  const scroller = { current: null }
  const noop = () => {}
  const Row = ({ message: { body } }: { message: Message }) => {
    draw()
    return <p>{body.kind === 'text' ? body.text : ''}</p>
  }
  // As SourceList joins them.
  function One({ row, isShown = true }: { row: Message, isShown?: boolean }) {
    const list = buildListRows({ messages: [row], hasOlder: true, firstUnreadKey: null, isOwn: () => false })
    const dwell = useListDwell({ scroller, list, userId: 'ada', readStates, onRead, isSettled: () => true, policy: undefined, clock, visibility })
    const watch = useCallback((element: Element, listed: MessageListRow) => dwell.watch(element, listed), [dwell])
    const item = list.rows.find((each) => each.key === messageKey(row) && each.kind === 'message')!
    return isShown && <ListItem row={item} index={0} highlighted={false} shared={{ MessageRow: Row as never, DateSeparator: Row as never, UnreadSeparator: Row as never, rowProps: {}, nowMs: 0, measure: noop, watch }} />
  }
  const { container, rerender, unmount } = render(<One row={first} />)
  onTestFinished(unmount)
  const element = () => container.querySelector('.rb-list-row') as Element
  return { page, clock, told, readStates, element, looks: () => asked.mock.calls.length, draws: () => draw.mock.calls.length, change: (row: Message) => rerender(<One row={row} />), scroll: (isShown: boolean) => rerender(<One row={first} isShown={isShown} />) }
}

it('[RD4] a row on screen that turns out to be unread (the read states came to know better, or the database was thrown away) is read while it is there', async () => {
  const { page, clock, told, readStates, element } = await scene(true)
  page.show(element(), 100, 100)
  clock.advance(2_000)
  expect(told).toEqual([])
  readStates.set({})
  page.show(element(), 100, 100)
  clock.advance(60_000)
  expect(told).toHaveLength(1)
})

it('[RD4] the same of one that was read here', async () => {
  const { page, clock, told, readStates, element } = await scene(false)
  page.show(element(), 100, 100)
  clock.advance(2_000)
  expect(told).toHaveLength(1)
  await Promise.resolve()
  readStates.set({})
  page.show(element(), 100, 100)
  clock.advance(60_000)
  expect(told).toHaveLength(2)
})

it('[RD4] what a host notes as read later, and is unread again then, is read anew', async () => {
  const { page, clock, told, readStates, element } = await scene(false, message({ from: 'bo' }), false)
  page.show(element(), 100, 100)
  clock.advance(2_000)
  await Promise.resolve()
  expect(told).toHaveLength(1)
  readStates.set({ [told[0]!.ids[0]!]: { isRead: true } })
  clock.advance(100)
  readStates.set({})
  page.show(element(), 100, 100)
  clock.advance(60_000)
  expect(told).toHaveLength(2)
})

it('[RD4] the same where the row has been scrolled away by then', async () => {
  const { page, clock, told, readStates, element, scroll } = await scene(false, message({ from: 'bo' }), false)
  page.show(element(), 100, 100)
  clock.advance(2_000)
  await Promise.resolve()
  expect(told).toHaveLength(1)
  scroll(false)
  readStates.set({ [told[0]!.ids[0]!]: { isRead: true } })
  clock.advance(100)
  readStates.set({})
  clock.advance(100)
  scroll(true)
  page.show(element(), 100, 100)
  clock.advance(60_000)
  expect(told).toHaveLength(2)
})

it('[RD4] a message that a host made badly, without its file, takes no list down with it', async () => {
  const { page, clock, told, element } = await scene(false, message({ from: 'bo', body: { kind: 'image', file: null } as never }))
  page.show(element(), 100, 100)
  clock.advance(2_000)
  expect(told).toHaveLength(1)
})

it('[RD4] a flood of receipts looks at the rows twice and not five hundred times, and draws none again', async () => {
  const { clock, readStates, looks, draws } = await scene(true)
  clock.advance(1_000)
  const [before, drawn] = [looks(), draws()]
  for (let n = 0; n < 500; n += 1) readStates.update({ [`other ${n}`]: { status: 'read' } })
  clock.advance(1_000)
  expect([looks() - before, draws() - drawn]).toEqual([2, 0])
})

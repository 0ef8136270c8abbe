/** `<MessageList>` and `<ReadBadge>` over a store that is not the kit's: Redux holds every message, every receipt and every page. */
import 'readback/styles.css'
import { cleanup, render } from '@testing-library/react'
import { useMemo, useSyncExternalStore } from 'react'
import { MessageList, ReadBadge } from 'readback'
import { afterEach, describe, expect, it } from 'vitest'
import { createHostStore, messageSource, readStates, type HostStore, type Line } from '../../stories/scenarios/hostStore.js'
import { frame, frames, fromBottom, scrollBy, until, VIEWPORT_PX } from './listKit.js'

afterEach(cleanup)

const ME = 'me'
const OTHERS = ['ada', 'bo']
const NEWEST = 1_000
/** Whether the page has the focus depends on the files before. */
const ON_SCREEN = { isVisible: () => true, hasFocus: () => true, subscribe: () => () => {} }
const PAGE = 60
const FIRST_UNREAD = NEWEST - 9

const line = (seq: number, author = OTHERS[seq % 2]!): Line => ({ id: `line-${seq}`, seq, author, text: `Line ${seq}. ${'And more of it. '.repeat(seq % 7)}`, sentAt: Date.UTC(2026, 2, 10, 9) + seq * 20_000 })
const lines = (from: number, count: number) => Array.from({ length: count }, (_, index) => line(from + index))

function Team({ store }: { store: HostStore }) {
  const source = useMemo(() => messageSource(store, FIRST_UNREAD, () => loadOlder(store)), [store])
  const states = useMemo(() => readStates(store, ME, [ME, ...OTHERS]), [store])
  const { lines: all, readUpTo } = useSyncExternalStore(store.subscribe, store.getState)
  const mine = all.findLast(({ author }) => author === ME)
  return (
    <>
      <div style={{ blockSize: VIEWPORT_PX, inlineSize: 360 }}>
        <MessageList visibility={ON_SCREEN} source={source} userId={ME} readStates={states} conversationKind="group" onRead={(messages) => store.dispatch({ type: 'member/read', member: ME, seq: Math.max(...messages.map(({ at }) => at?.order ?? 0)) })} />
      </div>
      {mine && <p><ReadBadge read={OTHERS.filter((member) => (readUpTo[member] ?? 0) >= mine.seq).length} total={OTHERS.length} /></p>}
    </>
  )
}

async function loadOlder(store: HostStore): Promise<void> {
  store.dispatch({ type: 'older/asked' })
  await frames(3)
  const first = store.getState().lines[0]!.seq
  store.dispatch({ type: 'older/arrived', lines: lines(first - PAGE, PAGE), more: first - PAGE > NEWEST - 5 * PAGE })
}

async function show() {
  const store = createHostStore({ lines: lines(NEWEST - PAGE + 1, PAGE), older: 'some', readUpTo: { [ME]: FIRST_UNREAD - 1, ada: NEWEST, bo: NEWEST } })
  const { container } = render(<Team store={store} />)
  const scroller = container.querySelector<HTMLElement>('.rb-list-scroller')!
  await until(() => scroller.dataset['settled'] === 'true', 'the list is settled')
  const rowOf = (seq: number) => [...container.querySelectorAll<HTMLElement>('.rb-row')].find((row) => row.textContent.includes(`Line ${seq}.`))
  const topOf = (seq: number) => rowOf(seq)!.getBoundingClientRect().top - scroller.getBoundingClientRect().top
  return { store, container, scroller, rowOf, topOf }
}

describe('over a Redux store', () => {
  it('opens at the first unread, which its separator stands before', async () => {
    const { container, topOf } = await show()
    const separator = container.querySelector('.rb-unread-separator')!
    expect(topOf(FIRST_UNREAD)).toBeGreaterThanOrEqual(0)
    expect(topOf(FIRST_UNREAD)).toBeLessThan(VIEWPORT_PX)
    expect(separator.getBoundingClientRect().bottom).toBeLessThanOrEqual(container.querySelector('.rb-list-scroller')!.getBoundingClientRect().top + topOf(FIRST_UNREAD) + 1)
  })

  it('tells the store what was read, by looking at it for as long as reading takes', async () => {
    const { store, scroller } = await show()
    // Heights are measured on the way, so where the end is shows only there.
    while (scroller.scrollTop + scroller.clientHeight < scroller.scrollHeight - 1) await scrollBy(scroller, 400, 400)
    expect(store.getState().readUpTo[ME]).toBeLessThan(NEWEST)
    await expect.poll(() => store.getState().readUpTo[ME]).toBe(NEWEST)
  })

  it('older pages come above what is read, and move it by nothing in any frame', async () => {
    const { store, scroller, topOf, rowOf } = await show()
    const worst: number[] = []
    for (let step = 0; step < 400 && store.getState().older !== 'none'; step++) {
      scroller.dispatchEvent(new WheelEvent('wheel'))
      const seq = store.getState().lines.find((each) => rowOf(each.seq) && topOf(each.seq) >= 0)!.seq
      const [before, from] = [topOf(seq), scroller.scrollTop]
      scroller.scrollTop -= 90
      const moved = from - scroller.scrollTop
      await frame()
      if (rowOf(seq)) worst.push(Math.abs(topOf(seq) - before - moved))
    }
    expect(store.getState().lines.length).toBeGreaterThanOrEqual(5 * PAGE)
    expect(worst.length).toBeGreaterThan(50)
    expect(Math.max(...worst)).toBeLessThanOrEqual(2)
  })

  it('follows what comes at the end, and counts it for a reader who is elsewhere', async () => {
    const { store, container, scroller } = await show()
    await scrollBy(scroller, 4_000, 400)
    store.dispatch({ type: 'line/arrived', line: line(NEWEST + 1) })
    await frames(6)
    expect(fromBottom(scroller)).toBeLessThanOrEqual(1)
    await scrollBy(scroller, -900)
    for (const seq of [2, 3, 4]) store.dispatch({ type: 'line/arrived', line: line(NEWEST + seq) })
    await expect.poll(() => container.querySelector('.rb-jump-to-newest')?.textContent).toContain('3')
  })

  it('a line of mine goes from sent to read, and its badge with it', async () => {
    const { store, container, scroller, rowOf } = await show()
    await scrollBy(scroller, 4_000, 400)
    store.dispatch({ type: 'line/arrived', line: line(NEWEST + 1, ME) })
    const state = () => [rowOf(NEWEST + 1)?.dataset['status'], container.querySelector('p .rb-badge')?.getAttribute('data-read')]
    await expect.poll(state).toEqual(['sent', 'nobody'])
    store.dispatch({ type: 'member/read', member: 'ada', seq: NEWEST + 1 })
    await expect.poll(state).toEqual(['sent', 'some'])
    store.dispatch({ type: 'member/read', member: 'bo', seq: NEWEST + 1 })
    await expect.poll(state).toEqual(['read', 'all'])
  })
})

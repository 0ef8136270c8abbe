// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { createReadReporter, useDwellRead, type UseDwellReadOptions } from 'readback'
import { createFakeClock, createFakeVisibility } from 'readback/testing'
import { StrictMode, useLayoutEffect } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakePage, type FakePage } from '../reading/fakeIntersections.js'
import { uncaught } from '../tools/uncaught.js'

function Note(props: UseDwellReadOptions) {
  const { ref, state, reasons } = useDwellRead(props)
  return (
    <p ref={ref} data-testid="note">
      {state}: {reasons.join(' ') || 'none'}
    </p>
  )
}

function Bare(props: UseDwellReadOptions) {
  return <p ref={useDwellRead(props).ref} />
}

const note = () => screen.getByTestId('note')
let page: FakePage

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  vi.spyOn(document, 'hasFocus').mockReturnValue(true)
  page = createFakePage()
  vi.stubGlobal('IntersectionObserver', page.Observer)
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** Each test has a dwell of its own, so that observers shared by the page are not shared by tests. */
let dwellMs = 1000
beforeEach(() => void (dwellMs += 1))
/** The code of the observer comes with the first element. */
const loaded = () => act(() => vi.dynamicImportSettled())
const pass = (ms: number) => act(() => { vi.advanceTimersByTime(ms) })
const showAll = () => act(() => [...page.observed].forEach((element) => page.show(element, 100, 100)))

describe('useDwellRead', () => {
  it.each([{ visibleFraction: 0.9 }, { requireFocus: true }, {}])('[RD1] [RD2] reads by what it is given: %j', async (given) => {
    vi.mocked(document.hasFocus).mockReturnValue(given.requireFocus !== true)
    render(<Note id="a" dwellMs={dwellMs} {...given} />)
    await loaded()
    act(() => [...page.observed].forEach((element) => page.show(element, 100, 60)))
    pass(5000)
    expect(note().textContent!.startsWith('read')).toBe(Object.keys(given).length === 0)
    vi.mocked(document.hasFocus).mockReturnValue(true)
    act(() => void window.dispatchEvent(new Event('focus')))
    showAll()
    pass(5000)
    expect(note().textContent).toBe('read: none')
  })

  it('[RD1] reads by what it is given, whatever another is', async () => {
    render(<><Bare id="b" dwellMs={dwellMs} /><Note id="a" dwellMs={dwellMs} visibleFraction={0.9} /></>)
    await loaded()
    act(() => [...page.observed].forEach((element) => page.show(element, 100, 60)))
    pass(5000)
    expect(note().textContent).toBe('unseen: notEnoughVisible')
  })

  it('[RD4] reads by the time that it is given, whatever another was given that is none', async () => {
    render(<><Bare id="b" dwellMs={`${4 * dwellMs}` as never} /><Note id="a" dwellMs={4 * dwellMs} /></>)
    await loaded()
    showAll()
    pass(3 * dwellMs)
    expect(note().textContent).toBe('dwelling: dwelling')
  })

  it('[RD2] reads without the focus where it is told to', async () => {
    vi.mocked(document.hasFocus).mockReturnValue(false)
    render(<Note id="a" dwellMs={dwellMs} requireFocus={false} />)
    await loaded()
    showAll()
    pass(5000)
    expect(note().textContent).toBe('read: none')
  })

  it('[RD4] goes from unseen over dwelling to read, and tells once', async () => {
    const onRead = vi.fn()
    render(<Note id="a" dwellMs={dwellMs} onRead={onRead} />)
    await loaded()
    expect(note().textContent).toBe('unseen: offScreen')
    showAll()
    expect(note().textContent).toBe('dwelling: dwelling')
    pass(dwellMs - 1)
    expect(onRead).not.toHaveBeenCalled()
    pass(1)
    expect(note().textContent).toBe('read: none')
    pass(5000)
    expect(onRead.mock.calls).toEqual([['a']])
  })

  it('[RD4] in StrictMode observes once and tells once', async () => {
    const onRead = vi.fn()
    render(<StrictMode><Note id="a" dwellMs={dwellMs} onRead={onRead} /></StrictMode>)
    await loaded()
    expect(page.observed.size).toBe(1)
    showAll()
    pass(dwellMs)
    expect(note().textContent).toBe('read: none')
    expect(onRead).toHaveBeenCalledTimes(1)
  })

  it('one observer serves all of the same dwell, and none is left after unmounting', async () => {
    const { unmount } = render(<><Note id="a" dwellMs={dwellMs} /><Note id="b" dwellMs={dwellMs} /></>)
    await loaded()
    expect([page.alive, page.observed.size]).toEqual([1, 2])
    unmount()
    expect([page.alive, page.observed.size, vi.getTimerCount()]).toEqual([0, 0, 0])
  })

  it('two lists may use the same id without reading for each other', async () => {
    const [left, right] = [vi.fn(), vi.fn()]
    render(<><Note id="a" dwellMs={dwellMs} onRead={left} /><Note id="a" dwellMs={dwellMs} onRead={right} /></>)
    await loaded()
    page.show([...page.observed][0] as Element, 100, 100)
    pass(dwellMs)
    expect([left.mock.calls.length, right.mock.calls.length]).toEqual([1, 0])
  })

  it('disabled it gathers nothing, keeps what it had, and says so', async () => {
    const onRead = vi.fn()
    const { rerender } = render(<Note id="a" dwellMs={dwellMs} onRead={onRead} />)
    await loaded()
    showAll()
    pass(600)
    rerender(<Note id="a" dwellMs={dwellMs} onRead={onRead} enabled={false} />)
    expect(note().textContent).toBe('unseen: disabled')
    pass(5000)
    expect([onRead.mock.calls.length, page.observed.size]).toEqual([0, 0])
    rerender(<Note id="a" dwellMs={dwellMs} onRead={onRead} />)
    showAll()
    pass(dwellMs - 600)
    expect(onRead).toHaveBeenCalledTimes(1)
  })

  it('[RD2] asked for somebody to be there, it reads nothing once nobody has touched anything for that long, and goes on when they do', async () => {
    const onRead = vi.fn()
    render(<><Note id="a" dwellMs={dwellMs} idleAfterMs={60_000} onRead={onRead} /><Bare id="b" dwellMs={dwellMs} onRead={onRead} /></>)
    await loaded()
    pass(60_001)
    showAll()
    expect(note().textContent).toBe('unseen: idle')
    pass(dwellMs)
    expect(onRead.mock.calls).toEqual([['b']])
    act(() => void fireEvent.keyDown(document.body, { key: 'a' }))
    expect(note().textContent).toBe('dwelling: dwelling')
    pass(dwellMs)
    expect(onRead.mock.calls).toEqual([['b'], ['a']])
  })

  it('another id begins anew', async () => {
    const onRead = vi.fn()
    const { rerender } = render(<Note id="a" dwellMs={dwellMs} onRead={onRead} />)
    await loaded()
    showAll()
    pass(dwellMs)
    rerender(<Note id="b" dwellMs={dwellMs} onRead={onRead} />)
    expect(note().textContent).toBe('unseen: offScreen')
    showAll()
    pass(dwellMs)
    expect(onRead.mock.calls).toEqual([['a'], ['b']])
  })

  it('[RD7] with a reporter the read is reported, and time gathered outlives the element', async () => {
    const clock = createFakeClock()
    const reported: string[] = []
    const reporter = createReadReporter({ clock, visibility: createFakeVisibility(), whyUnseen: () => null, report: async ({ messages }) => void reported.push(...messages.map(({ id }) => id)) })
    const onRead = vi.fn()
    const { rerender } = render(<Note key="1" id="a" reporter={reporter} onRead={onRead} />)
    showAll()
    act(() => clock.advance(500))
    rerender(<Note key="2" id="a" reporter={reporter} onRead={onRead} />)
    showAll()
    act(() => clock.advance(300))
    expect(note().textContent).toBe('read: none')
    expect(onRead.mock.calls).toEqual([['a']])
    await clock.advanceAsync(300)
    expect(reported).toEqual(['a'])
    rerender(<Note key="3" id="a" reporter={reporter} onRead={onRead} />)
    expect([note().textContent, onRead.mock.calls.length]).toEqual(['read: none', 1])
    reporter.dispose()
  })

  it('[RD4] is told also where it was read before the first effect ran, once', () => {
    const clock = createFakeClock()
    const reporter = createReadReporter({ clock, visibility: createFakeVisibility(), whyUnseen: () => null, policy: { dwellMs: 0 }, report: () => Promise.resolve() })
    const onRead = vi.fn()
    function ShownAtOnce({ onRead: tell }: Pick<UseDwellReadOptions, 'onRead'>) {
      useLayoutEffect(() => page.observed.forEach((element) => page.show(element, 100, 100)))
      return <Bare id="a" reporter={reporter} {...(tell && { onRead: tell })} />
    }
    const { rerender } = render(<ShownAtOnce onRead={onRead} />)
    expect(onRead.mock.calls).toEqual([['a']])
    rerender(<ShownAtOnce onRead={(id) => onRead(id)} />)
    rerender(<ShownAtOnce key="again" onRead={onRead} />)
    expect(onRead).toHaveBeenCalledTimes(1)
    reporter.dispose()
  })

  it('[RD9] an onRead that throws keeps nobody else from being told of what was read at the same moment', async () => {
    const errors = uncaught()
    const second = vi.fn()
    const broken = () => {
      throw new Error('the host is broken')
    }
    render(<><Bare id="a" dwellMs={dwellMs} onRead={broken} /><Bare id="b" dwellMs={dwellMs} onRead={second} /></>)
    await loaded()
    showAll()
    pass(dwellMs)
    await new Promise((resolve) => setImmediate(resolve))
    expect([second.mock.calls, errors.map(String)]).toEqual([[['b']], ['Error: the host is broken']])
  })

  it('[RD4] what was shown when the code did not come (offline) is watched once it comes for another', async () => {
    vi.resetModules()
    vi.doMock('../../src/reading/whyMessageUnseen.js', () => {
      throw new Error('offline')
    })
    const first = vi.fn()
    const { rerender } = render(<><Bare id="a" dwellMs={dwellMs} onRead={first} /></>)
    await loaded()
    expect(page.observed.size).toBe(0)
    vi.doUnmock('../../src/reading/whyMessageUnseen.js')
    rerender(<><Bare id="a" dwellMs={dwellMs} onRead={first} /><Bare id="b" dwellMs={dwellMs} /></>)
    await loaded()
    showAll()
    pass(dwellMs)
    expect([page.observed.size, first.mock.calls]).toEqual([0, [['a']]])
  })

  it('nothing is watched for an element that went away before the code came', async () => {
    vi.resetModules()
    const { unmount } = render(<Note id="a" dwellMs={dwellMs} />)
    unmount()
    await loaded()
    expect([page.alive, page.observed.size]).toEqual([0, 0])
  })

  it('renders on a server as unseen', () => {
    expect(renderToString(<Note id="a" />)).toContain('unseen')
  })
})

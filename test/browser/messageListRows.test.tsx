import { act, cleanup } from '@testing-library/react'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createArraySource, useStatus, useTally, type Clock, type Message, type MessageRowProps, type MessageStatus, type PageVisibility, type ReadStateSource, type Tally } from 'readback'
import { LazyFloatingDate } from '../../src/components/lazyParts.js'
import { frames, heightOf, message, messages, renderList, scrollBy, settled, until } from './listKit.js'

// The code of this part comes later; its coming is a rendering of its own.
beforeAll(() => LazyFloatingDate.preload())

afterEach(() => {
  cleanup()
  document.body.replaceChildren()
})

/** Read states that a test sets by hand. */
function readStatesOf() {
  const statuses = new Map<string, MessageStatus>()
  const tallies = new Map<string, Tally>()
  const read = new Set<string>()
  const listeners = new Set<() => void>()
  const none: Tally = { tracked: false, reason: 'off' }
  const source: ReadStateSource = {
    getStatus: ({ localId, from }: Message) => (from === 'me' ? (statuses.get(localId) ?? 'sent') : null),
    getTally: ({ localId }: Message) => tallies.get(localId) ?? none,
    isRead: ({ localId }: Message) => read.has(localId),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const tell = () => act(() => listeners.forEach((listener) => listener()))
  return { source, statuses, tallies, read, tell, listeners }
}

/** A row that counts how often it was drawn. */
function countingRow() {
  const renders = new Map<string, number>()
  const Row = ({ message: shown }: MessageRowProps) => {
    const status = useStatus(shown)
    const tally = useTally(shown)
    renders.set(shown.localId, (renders.get(shown.localId) ?? 0) + 1)
    return <div data-testid={shown.localId} data-status={status} style={{ height: 60 }}>{tally.tracked ? tally.read : ''}</div>
  }
  return { Row, renders, reset: () => renders.clear(), drawn: () => Object.fromEntries(renders) }
}

describe('what renders', () => {
  it('a receipt renders the one row whose status or tally changed', async () => {
    const { Row, reset, drawn } = countingRow()
    const states = readStatesOf()
    const list = renderList({ source: createArraySource(messages(1, 500, { from: 'me' })), readStates: states.source, components: { MessageRow: Row } })
    await settled(list)
    await frames(15)
    reset()
    states.statuses.set('l499', 'read')
    states.tell()
    expect(drawn()).toEqual({ l499: 1 })
    expect(list.row('l499')?.dataset['status']).toBe('read')
    states.tallies.set('l500', { tracked: true, read: 3, of: 9, delivered: 9, viewed: 0 })
    states.tell()
    expect(drawn()).toEqual({ l499: 1, l500: 1 })
    states.statuses.set('l7', 'read')
    states.tell()
    expect(drawn()).toEqual({ l499: 1, l500: 1 })
  })

  it('an appended message renders itself and the row whose run it continues', async () => {
    const { Row, reset, drawn } = countingRow()
    const source = createArraySource(messages(1, 500, { from: 'ben' }))
    const list = renderList({ source, components: { MessageRow: Row } })
    await settled(list)
    await frames(15)
    reset()
    source.append(message(501, { from: 'ben' }))
    await frames(3)
    expect(drawn()).toEqual({ l500: 1, l501: 1 })
  })

  it('the list renders once for a message that it follows, and for no scroll that shows no other rows', async () => {
    const rendered = vi.fn()
    const source = createArraySource(messages(1, 500))
    // As high as they are taken to be: rows that turn out otherwise bring others into view.
    const Row = ({ message: { localId }, runStart }: MessageRowProps) => <div data-testid={localId} style={{ height: runStart ? 52 : 44 }} />
    const list = renderList({ source, components: { MessageRow: Row } }, rendered)
    await settled(list)
    await frames(20)
    rendered.mockClear()
    source.append(message(501))
    await frames(20)
    expect(list.row('l501')).not.toBeNull()
    expect(rendered).toHaveBeenCalledTimes(1)
    list.scroller.scrollTop -= 4
    await frames(20)
    expect(rendered).toHaveBeenCalledTimes(1)
  })

  it('a page above renders no row that was there', async () => {
    const { Row, reset, drawn } = countingRow()
    const source = createArraySource(messages(500, 100))
    const list = renderList({ source, components: { MessageRow: Row } })
    await settled(list)
    await scrollBy(list.scroller, -600)
    await frames(15)
    const before = [...list.box.querySelectorAll<HTMLElement>('[data-testid]')].map((row) => row.dataset['testid'] as string)
    reset()
    source.prepend(...messages(300, 200))
    await frames(3)
    expect(before.filter((id) => id in drawn())).toEqual([])
  })

  it('an options object and callbacks written inline render no row again', async () => {
    const { Row, reset, drawn } = countingRow()
    const source = createArraySource(messages(1, 100))
    const props = () => ({ source, components: { MessageRow: Row }, onRetry: () => {}, onRead: () => {} })
    const list = renderList(props())
    await settled(list)
    await frames(15)
    reset()
    list.update(props())
    list.update(props())
    expect(drawn()).toEqual({})
  })

  it('mounts what is on screen and a few beside it, however many there are', async () => {
    const list = renderList({ source: createArraySource(messages(1, 10_000)) })
    await settled(list)
    expect(list.box.querySelectorAll('.rb-list-row').length).toBeLessThan(40)
  })
})

describe('[I37] rows in use stay mounted', () => {
  const Row = ({ message: { localId } }: MessageRowProps) => (
    <div data-testid={localId} style={{ height: heightOf(localId) }}>
      <button type="button">{`Open ${localId}`}</button>
      <span>{`Text of ${localId}`}</span>
      <video muted playsInline tabIndex={-1} style={{ width: 1, height: 1 }} />
    </div>
  )

  it('with the focus', async () => {
    const source = createArraySource(messages(1, 300))
    const list = renderList({ source, components: { MessageRow: Row } })
    await settled(list)
    const button = list.row('l299')?.querySelector('button') as HTMLElement
    button.focus({ preventScroll: true })
    await frames(2)
    await scrollBy(list.scroller, -8000, 800)
    expect(document.activeElement).toBe(button)
    expect(list.row('l280')).toBeNull()
    source.prepend(...messages(-200, 200))
    await frames(3)
    expect(document.activeElement).toBe(button)
    button.blur()
    await frames(3)
    expect(list.row('l299')).toBeNull()
  })

  it('with the selection, from end to end', async () => {
    const list = renderList({ source: createArraySource(messages(1, 300)), components: { MessageRow: Row } })
    await settled(list)
    const text = (localId: string) => list.row(localId)?.querySelector('span')?.firstChild as Text
    document.getSelection()?.setBaseAndExtent(text('l298'), 0, text('l300'), 4)
    await frames(2)
    await scrollBy(list.scroller, -8000, 800)
    expect(list.row('l280')).toBeNull()
    const selected = document.getSelection()?.toString()
    for (const part of ['Text of l298', 'Text of l299', 'Text']) expect(selected).toContain(part)
    document.getSelection()?.removeAllRanges()
    await until(() => list.row('l299') === null, 'the row is let go')
  })

  it('while playing', async () => {
    const list = renderList({ source: createArraySource(messages(1, 300)), components: { MessageRow: Row } })
    await settled(list)
    const video = list.row('l299')?.querySelector('video') as HTMLVideoElement
    act(() => void video.dispatchEvent(new Event('play')))
    await scrollBy(list.scroller, -8000, 800)
    expect(video.isConnected).toBe(true)
    act(() => void video.dispatchEvent(new Event('pause')))
    await frames(3)
    expect(video.isConnected).toBe(false)
  })
})

describe('what is read', () => {
  const seen: PageVisibility = { isVisible: () => true, hasFocus: () => true, subscribe: () => () => {} }
  const policy = { dwellMs: 120 }
  const inView = (list: ReturnType<typeof renderList>) => {
    const port = list.scroller.getBoundingClientRect()
    return [...list.box.querySelectorAll<HTMLElement>('[data-testid]')].flatMap((row) => {
      const { top, bottom, height } = row.getBoundingClientRect()
      return Math.min(bottom, port.bottom) - Math.max(top, port.top) >= height / 2 + 1 ? [row.dataset['testid'] as string] : []
    })
  }

  it('[I14] tells of messages of others that dwelt in view, once each, and of none in overscan', async () => {
    const told: string[] = []
    const onRead = (read: readonly Message[]) => told.push(...read.map(({ localId }) => localId))
    const list = renderList({ source: createArraySource([...messages(1, 100), ...messages(101, 3, { from: 'me' })]), policy, visibility: seen, onRead })
    await settled(list)
    const expected = inView(list).filter((id) => Number(id.slice(1)) <= 100)
    await until(() => told.length >= expected.length, 'what is in view is read')
    await frames(20)
    expect([...told].sort()).toEqual([...expected].sort())
  })

  it('does not tell of what is read already', async () => {
    const states = readStatesOf()
    for (const { localId } of messages(1, 99)) states.read.add(localId)
    const told: string[] = []
    const list = renderList({ source: createArraySource(messages(1, 100)), readStates: states.source, policy, visibility: seen, onRead: (read) => told.push(...read.map(({ localId }) => localId)) })
    await settled(list)
    await until(() => told.length > 0, 'the newest is read')
    await frames(20)
    expect(told).toEqual(['l100'])
  })

  it('[I36] counts no time before the list has settled', async () => {
    const onRead = vi.fn()
    const clock: Clock = { now: () => 0, monotonic: () => performance.now(), setTimer: (fn, ms) => { const timer = setTimeout(fn, ms); return () => clearTimeout(timer) } }
    // A place that is still being loaded: rows are there, the list is not where it should be.
    let arrive = () => {}
    const inner = createArraySource(messages(1, 100))
    const source = { ...inner, loadAround: () => new Promise<void>((resolve) => (arrive = resolve)) }
    const list = renderList({ source, initialPosition: { id: 'nowhere' }, policy, clock, visibility: seen, onRead })
    await frames(25)
    expect(list.scroller.dataset['settled']).toBe('false')
    expect(getComputedStyle(list.box.querySelector('.rb-list-rows') as Element).visibility).toBe('hidden')
    expect(onRead).not.toHaveBeenCalled()
    arrive()
    await settled(list)
    await until(() => onRead.mock.calls.length > 0, 'what is in view is read')
  })

  it('[RD6] tells at once of what was opened', async () => {
    const told: string[] = []
    const Row = ({ message: shown, onView }: MessageRowProps) => <button type="button" data-testid={shown.localId} style={{ display: 'block', height: 60 }} onClick={() => onView?.(shown)}>{shown.localId}</button>
    const list = renderList({
      source: createArraySource(messages(1, 100)), components: { MessageRow: Row }, policy: { dwellMs: 60_000 }, visibility: seen,
      onRead: (read) => told.push(...read.map(({ localId }) => localId)),
    })
    await settled(list)
    list.row('l99')?.click()
    expect(told).toEqual(['l99'])
  })
})

describe('the list as a control', () => {
  it('is a named log that the keyboard reaches and that reads nothing aloud by itself', async () => {
    const list = renderList({ source: createArraySource(messages(1, 100)) })
    await settled(list)
    expect(list.scroller.getAttribute('role')).toBe('log')
    expect(list.scroller.getAttribute('aria-label')).toBe('Messages')
    expect(list.scroller.getAttribute('aria-live')).toBe('off')
    expect(list.scroller.tabIndex).toBe(0)
    // WebKit knows no such property and moves nothing by itself.
    if (CSS.supports('overflow-anchor', 'none')) expect(getComputedStyle(list.scroller).overflowAnchor).toBe('none')
  })

  it('hands class name and data attributes to its element', async () => {
    const list = renderList({ source: createArraySource(messages(1, 10)), className: 'mine', 'data-tour': 'list' })
    await settled(list)
    expect(list.box.querySelector('.rb-list.mine')?.getAttribute('data-tour')).toBe('list')
  })
})

/** [A14] Pages of 200 above, again and again, over rows of any height with images that come late. `READBACK_PREPENDS` = how often (default 10; the long run takes 100). */
import 'readback/styles.css'
import { cleanup } from '@testing-library/react'
import { useEffect, useState } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { cdp, server } from 'vitest/browser'
import { createArraySource, type ChatComponents, type Message, type MessageRowProps } from 'readback'
import { frame, frames, message, renderList, settled, type RenderedList } from './listKit.js'

const PREPENDS = Number((import.meta as unknown as { env: Record<string, string | undefined> }).env['READBACK_PREPENDS'] ?? 10)
const PAGE = 200
/** A hundred of them take a browser that draws in software some minutes on a busy machine. */
const A14_MS = 600_000
/** Frames that are watched after each page. */
const WATCHED = 8
const THROTTLE = 6
/** Chromium's can throttle the processor and scroll as a wheel does. */
const HAS_DEBUGGER = server.browser === 'chromium'

/** mulberry32, so that a run can be repeated. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296
  }
}

const drawn = (order: number) => seeded(order + 1_000_000)()
const picture = (widthPx: number, heightPx: number) =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}"><rect width="100%" height="100%" fill="#9cf"/></svg>`)}`

/** A third of them text of any length, a third images without a reserved box, a third that grow a while after they are mounted; fractions of pixels all over. */
function AnyRow({ message: { localId, at } }: MessageRowProps) {
  const draw = drawn(at?.order ?? 0)
  const heightPx = 24 + draw * 300
  const kind = Math.floor(draw * 1000) % 3
  const [grown, setGrown] = useState(kind !== 1)
  useEffect(() => {
    const timer = setTimeout(() => setGrown(true), 20 + draw * 120)
    return () => clearTimeout(timer)
  }, [draw])
  if (kind === 2) return <div data-testid={localId} style={{ paddingBlock: 4.3 }}><img alt="" src={picture(120, Math.round(heightPx))} style={{ display: 'block' }} /></div>
  return <div data-testid={localId} style={{ height: grown ? heightPx : 20 }}>{localId}</div>
}
const ANY_ROWS: ChatComponents = { MessageRow: AnyRow }

const WORDS = 'the boat is back in the water and it took the whole afternoon but it floats 明天见 '.repeat(30)
/** Rows as the kit draws them: texts of one to twenty lines, every fifth an image whose size is known. */
const kitMessage = (order: number): Message => {
  const draw = drawn(order)
  const body: Message['body'] = order % 5 === 0
    ? { kind: 'image', file: { url: picture(320, 100 + Math.round(draw * 300)) }, widthPx: 320, heightPx: 100 + Math.round(draw * 300) }
    : { kind: 'text', text: WORDS.slice(0, 4 + Math.floor(draw * draw * 700)) }
  return message(order, { body, from: drawn(order >> 1) < 0.4 ? 'ada' : drawn(order >> 1) < 0.7 ? 'ben' : 'me' })
}

afterEach(() => {
  cleanup()
  document.body.replaceChildren()
})

/** The rows that begin in the viewport, from the top. */
function wholeRows({ box, scroller }: RenderedList, selector: string, name: 'testid' | 'key') {
  const { top: edge } = scroller.getBoundingClientRect()
  return [...box.querySelectorAll<HTMLElement>(selector)]
    .map((row) => ({ id: row.dataset[name] as string, top: row.getBoundingClientRect().top - edge }))
    .filter(({ top }) => top >= 0)
    .toSorted((a, b) => a.top - b.top)
}

function topOfKey({ box, scroller }: RenderedList, key: string): number | null {
  const row = box.querySelector(`[data-key="${CSS.escape(key)}"]`)
  return row === null ? null : row.getBoundingClientRect().top - scroller.getBoundingClientRect().top
}

interface Drift {
  inFrame: number
  settled: number
}

/**
 * A reader somewhere in the first pages, still while a page comes above; then on to another place.
 * What is watched is the second row that begins in view: the first may lose the name above its text, and either its top or what follows has to move.
 */
async function prependAgain(list: RenderedList, prepend: (first: number) => void, topOf: (id: string) => number | null, whole: () => { id: string; top: number }): Promise<Drift> {
  const random = seeded(20_261_121)
  const worst: Drift = { inFrame: 0, settled: 0 }
  let first = 100_000
  const errors: string[] = []
  // "ResizeObserver loop": nothing breaks, but every page that listens for errors hears of it.
  const onError = ({ message: text }: ErrorEvent) => errors.push(text)
  window.addEventListener('error', onError)
  for (let done = 0; done < PREPENDS; done++) {
    list.scroller.dispatchEvent(new WheelEvent('wheel', { deltaY: -1 }))
    list.scroller.scrollTop = random() < 0.2 ? 0 : Math.floor(random() * 2500)
    // Until what is in view has its height: what a reader looks at they let load.
    await frames(16)
    const anchor = whole()
    first -= PAGE
    prepend(first)
    let drift = 0
    await frames(WATCHED, () => {
      const top = topOf(anchor.id)
      drift = top === null ? Number.POSITIVE_INFINITY : Math.abs(top - anchor.top)
      worst.inFrame = Math.max(worst.inFrame, drift)
    })
    worst.settled = Math.max(worst.settled, drift)
  }
  window.removeEventListener('error', onError)
  expect(errors).toEqual([])
  return worst
}

/** Firefox lays out in sixtieths of a pixel and scrolls by whole ones: a row may stand a few sixtieths beyond the one pixel. */
const SETTLED_PX = navigator.userAgent.includes('Firefox') ? 1.1 : 1

describe(`[A14] ${PREPENDS} pages of ${PAGE} above`, () => {
  it('move what is read by nothing: rows of any height, images without a box', async () => {
    const page = (from: number, count: number) => Array.from({ length: count }, (_, index) => message(from + index))
    const source = createArraySource(page(100_000, 200))
    const list = renderList({ source, components: ANY_ROWS })
    await settled(list)
    const drift = await prependAgain(list, (first) => source.prepend(...page(first, PAGE)), list.topOf, () => wholeRows(list, '[data-testid]', 'testid')[1]!)
    expect(source.getSnapshot().messages).toHaveLength(200 + PREPENDS * PAGE)
    expect(drift.settled).toBeLessThanOrEqual(SETTLED_PX)
    expect(drift.inFrame).toBeLessThanOrEqual(2)
  }, A14_MS)

  it('move what is read by nothing: the rows of the kit', async () => {
    const page = (from: number, count: number) => Array.from({ length: count }, (_, index) => kitMessage(from + index))
    const source = createArraySource(page(100_000, 200))
    const list = renderList({ source, components: {}, conversationKind: 'group' })
    await settled(list)
    const drift = await prependAgain(list, (first) => source.prepend(...page(first, PAGE)), (id) => topOfKey(list, id), () => wholeRows(list, '.rb-list-row', 'key').filter(({ id }) => !/^(date|unread):/.test(id))[1]!)
    expect(drift.settled).toBeLessThanOrEqual(SETTLED_PX)
    expect(drift.inFrame).toBeLessThanOrEqual(2)
  }, A14_MS)
})

/** The most of the viewport that no row covers, CSS pixels. */
function blankPx({ box, scroller }: RenderedList): number {
  const view = scroller.getBoundingClientRect()
  const content = box.querySelector('.rb-list-rows')!.getBoundingClientRect()
  // Above the first message and below the last there is nothing to show.
  let covered = Math.max(view.top, content.top + 12)
  const end = Math.min(view.bottom, content.bottom - 12)
  let blank = 0
  const rows = [...box.querySelectorAll('.rb-list-row')].map((row) => row.getBoundingClientRect()).toSorted((a, b) => a.top - b.top)
  for (const { top, bottom } of rows) {
    if (top > covered) blank += Math.min(top, end) - covered
    covered = Math.max(covered, bottom)
    if (covered >= end) return blank
  }
  return blank + end - covered
}

describe(`[A14] at a ${THROTTLE}th of the speed`, () => {
  afterEach(async () => {
    if (HAS_DEBUGGER) await cdp().send('Emulation.setCPUThrottlingRate', { rate: 1 })
  })

  it('no frame is blank while a reader scrolls through pages that come', async (context) => {
    if (!HAS_DEBUGGER) return context.skip(`${server.browser} has no debugger that throttles the processor and scrolls`)
    let first = 100_000
    const page = (from: number, count: number) => Array.from({ length: count }, (_, index) => kitMessage(from + index))
    const source = createArraySource(page(first, 200), {
      async loadOlder() {
        await new Promise((resolve) => setTimeout(resolve, 50))
        return page((first -= PAGE), PAGE)
      },
    })
    const list = renderList({ source, components: {}, conversationKind: 'group' })
    await settled(list)
    await frames(10)
    await cdp().send('Emulation.setCPUThrottlingRate', { rate: THROTTLE })
    const painted: number[] = []
    // Before the list hears of it: what the browser had scrolled to by itself, which depends on how busy the machine is. Told, not judged.
    const ahead: number[] = []
    const onScroll = () => ahead.push(blankPx(list))
    window.addEventListener('scroll', onScroll, { capture: true, passive: true })
    let scrolling = true
    const watching = (async () => {
      while (scrolling) {
        await frame()
        painted.push(blankPx(list))
      }
    })()
    const began = list.scroller.scrollHeight - list.scroller.scrollTop
    const { left, top } = frameOffset()
    for (let gesture = 0; gesture < Math.max(2, PREPENDS / 5); gesture++) {
      await cdp().send('Input.synthesizeScrollGesture', { x: left + 180, y: top + 200, yDistance: 3_000, speed: 3_000, gestureSourceType: 'mouse' })
    }
    scrolling = false
    await watching
    window.removeEventListener('scroll', onScroll, { capture: true })
    expect(list.scroller.scrollHeight - list.scroller.scrollTop - began).toBeGreaterThan(4_000)
    console.info(`${painted.length} frames; scrolled ahead of the list in ${ahead.filter((px) => px > 1).length} of ${ahead.length}, by ${Math.round(Math.max(0, ...ahead))} px at most`)
    // A machine that is busy paints few of them.
    expect(painted.length).toBeGreaterThan(5)
    expect(Math.max(...painted)).toBeLessThanOrEqual(1)
  }, A14_MS)
})

/** Where this page stands in the window that the debugger sees. */
function frameOffset(): { left: number; top: number } {
  const { left, top } = window.frameElement?.getBoundingClientRect() ?? { left: 0, top: 0 }
  return { left, top }
}

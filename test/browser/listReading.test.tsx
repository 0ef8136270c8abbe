import { cleanup } from '@testing-library/react'
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { createArraySource, type Message, type MessageRowProps } from 'readback'
import { createFakeClock, createFakeVisibility, type FakeClock } from 'readback/testing'
import { besideEngine } from '../../src/components/lazyBesideEngine.js'
import { frames, message, renderList, settled, VIEWPORT_PX, type RenderedList } from './listKit.js'

/** A bubble of 200 px in the left of a row of 360 px, as others' messages stand. */
const BubbleAtTheLeft = ({ message: { localId } }: MessageRowProps) => (
  <div data-testid={localId} style={{ height: 60 }}>
    <div className="rb-bubble" style={{ width: 200, height: 60 }}>{localId}</div>
  </div>
)

let clock: FakeClock
let told: string[]
/** What watches rows comes later than the list. */
beforeAll(() => besideEngine.preload())
beforeEach(() => {
  clock = createFakeClock()
  told = []
})
afterEach(() => {
  cleanup()
  document.body.replaceChildren()
})

const POLICY = { dwellMs: 800 }
const show = async (onRead: (read: readonly Message[]) => void | Promise<void>): Promise<RenderedList> => {
  const list = renderList({
    source: createArraySource([message(1)]), components: { MessageRow: BubbleAtTheLeft }, policy: POLICY, clock, visibility: createFakeVisibility(), onRead,
  })
  await settled(list)
  await frames(4)
  return list
}
const note = (read: readonly Message[]) => void told.push(...read.map(({ localId }) => localId))

function cover(widthPx: number): HTMLElement {
  const panel = document.createElement('div')
  panel.style.cssText = `position: fixed; inset: 0 auto auto 0; width: ${widthPx}px; height: ${VIEWPORT_PX}px; background: white;`
  document.body.append(panel)
  return panel
}

it('[RD5] a bubble that is covered is not read, though its row shows beside it', async () => {
  await show(note)
  const panel = cover(216)
  clock.advance(60_000)
  expect(told).toEqual([])
  panel.remove()
  clock.advance(60_000)
  expect(told).toEqual(['l1'])
})

it('[RD5] a bubble of which more than half is covered is not read, and one with a corner covered is', async () => {
  await show(note)
  const panel = cover(150)
  clock.advance(60_000)
  expect(told).toEqual([])
  panel.style.width = '50px'
  clock.advance(60_000)
  expect(told).toEqual(['l1'])
})

it('[RD5] what is scaled down to nothing is not read', async () => {
  const { box } = await show(note)
  box.style.transform = 'scale(.01)'
  clock.advance(60_000)
  expect(told).toEqual([])
  box.style.transform = ''
  clock.advance(60_000)
  expect(told).toEqual(['l1'])
})

it('[RD1] [RD5] half of a row that is not half of its bubble reads nothing: reactions below say nothing of what stands above', async () => {
  const WithReactions = ({ message: { localId } }: MessageRowProps) => (
    <div data-testid={localId}>
      <div className="rb-bubble" style={{ width: 200, height: 60 }}>{localId}</div>
      <div style={{ height: 240 }}>a hundred reactions</div>
    </div>
  )
  const list = renderList({
    source: createArraySource([message(1), message(2), message(4)]), components: { MessageRow: WithReactions }, policy: POLICY, clock, visibility: createFakeVisibility(), onRead: note, initialPosition: 'newest',
  })
  await settled(list)
  list.scroller.scrollTop = list.row('l1')!.offsetHeight + 90
  await frames(4)
  clock.advance(60_000)
  expect(told).toEqual(['l4'])
})

it('[RD2] a list knows how long nobody has touched anything, also before a message comes', async () => {
  const source = createArraySource([message(1, { from: 'me' })])
  const list = renderList({ source, policy: { dwellMs: 800, idleAfterMs: 60_000 }, clock, visibility: createFakeVisibility(), onRead: note })
  await settled(list)
  await expect.poll(() => list.handle.current?.reading.dwell.getView('none')).toBeDefined()
  await new Promise((resolve) => setTimeout(resolve, 200))
  clock.advance(60_001)
  source.set([message(1, { from: 'me' }), message(2)])
  await frames(6)
  clock.advance(60_000)
  await frames(4)
  expect(told).toEqual([])
  window.dispatchEvent(new KeyboardEvent('keydown', { key: 'a' }))
  clock.advance(800)
  expect(told).toEqual(['l2'])
})

it('[RD9] what nobody took is told again while it shows', async () => {
  let fails = true
  await show(async (read) => {
    note(read)
    if (fails) throw new Error('The database is closing.')
  })
  clock.advance(5000)
  expect(told).toEqual(['l1'])
  await Promise.resolve()
  fails = false
  // A second at most until the next try, then the row has to be seen, and dwelt on, again.
  for (let waited = 0; waited < 3000; waited += 250) {
    clock.advance(250)
    await frames(2)
  }
  expect(told).toEqual(['l1', 'l1'])
  clock.advance(60_000)
  await frames(4)
  expect(told).toEqual(['l1', 'l1'])
})

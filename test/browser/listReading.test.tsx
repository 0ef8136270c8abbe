import { cleanup } from '@testing-library/react'
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { createArraySource, messageKey, type Message, type MessageRowProps } from 'readback'
import { createFakeClock, createFakeVisibility, type FakeClock } from 'readback/testing'
import { besideEngine } from '../../src/components/lazyBesideEngine.js'
import { frames, message, messages, renderList, settled, until, VIEWPORT_PX, type RenderedList } from './listKit.js'

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

it('[RD5] a list that is on the page and goes to a place by itself reads nothing there before it holds still, and says why', async () => {
  const list = renderList({ source: createArraySource(messages(1, 100)), components: { MessageRow: BubbleAtTheLeft }, policy: POLICY, clock, visibility: createFakeVisibility(), onRead: note, initialPosition: 'newest' })
  await settled(list)
  await frames(4)
  // Asked for in every frame, it never holds still for two.
  const go = () => void list.handle.current!.scrollTo('m50')
  go()
  const why = () => list.handle.current!.reading.dwell.getView(messageKey(message(50))).reasons
  await until(() => {
    go()
    return why()[0] !== 'offScreen'
  }, 'the place is seen')
  const row = list.row('l50')!
  const { left, top } = row.getBoundingClientRect()
  expect([list.scroller.dataset['settled'], row.contains(document.elementFromPoint(left + 20, top + 20)), row.checkVisibility({ visibilityProperty: true })]).toEqual(['false', true, true])
  clock.advance(60_000)
  expect([told, why()]).toEqual([[], ['notSettled']])
  await settled(list)
  clock.advance(1_000)
  expect([told.includes('l50'), told.includes('l100'), why()]).toEqual([true, false, []])
})

it('[RD5] while a place is still being loaded the list stands where it stood, and what is before the eyes there is read', async () => {
  let arrive = () => {}
  const source = { ...createArraySource([message(1)]), loadAround: () => new Promise<void>((resolve) => (arrive = resolve)) }
  const list = renderList({ source, components: { MessageRow: BubbleAtTheLeft }, policy: POLICY, clock, visibility: createFakeVisibility(), onRead: note, initialPosition: 'newest' })
  await settled(list)
  await frames(4)
  void list.handle.current!.scrollTo('far away')
  await until(() => list.handle.current!.reading.dwell.getView(messageKey(message(1))).reasons[0] !== 'offScreen', 'it is before the eyes')
  clock.advance(1_000)
  expect(told).toEqual(['l1'])
  arrive()
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

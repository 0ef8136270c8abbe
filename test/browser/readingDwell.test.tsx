import { cleanup, render } from '@testing-library/react'
import { createDwellObserver, useDwellRead, type DwellObserver, type DwellObserverOptions } from 'readback'
import { createFakeClock, createFakeVisibility, type FakeClock, type FakeVisibility } from 'readback/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

/** A panel of 400 px in a page of another height, as an embedded chat is. Geometry and intersections are the browser's own; time is ours. */
const PANEL_PX = 400

let clock: FakeClock
let visibility: FakeVisibility
let observer: DwellObserver
let read: string[]

function watch(options: Partial<DwellObserverOptions> = {}): void {
  clock = createFakeClock()
  visibility = createFakeVisibility()
  read = []
  observer = createDwellObserver({ clock, visibility, onRead: (ids) => read.push(...ids), ...options })
}

function panel(heights: readonly number[], style: Partial<CSSStyleDeclaration> = {}): { list: HTMLElement; rows: HTMLElement[] } {
  const list = document.createElement('div')
  Object.assign(list.style, { height: `${PANEL_PX}px`, width: '300px', overflowY: 'auto', ...style })
  const rows = heights.map((height, index) => {
    const row = document.createElement('div')
    Object.assign(row.style, { height: `${height}px`, boxSizing: 'border-box', border: '1px solid gray' })
    row.textContent = `m${index}`
    return row
  })
  list.append(...rows)
  document.body.append(list)
  rows.forEach((row, index) => observer.observe(row, `m${index}`))
  return { list, rows }
}

/** Intersections are told between frames; two frames later they have been. */
const frames = async (count = 2): Promise<void> => {
  for (let frame = 0; frame < count; frame += 1) await new Promise(requestAnimationFrame)
  await new Promise((resolve) => setTimeout(resolve))
}

beforeEach(() => watch())
afterEach(() => {
  observer.dispose()
  cleanup()
  document.body.replaceChildren()
})

describe('createDwellObserver in a browser', () => {
  it('[RD1] reads a message twelve times as tall as the panel, though no large part of it ever shows', async () => {
    panel([5000])
    await frames()
    expect(observer.getView('m0').state).toBe('dwelling')
    clock.advance(800)
    expect(read).toEqual(['m0'])
  })

  it('[RD1] reads it in the same way when the panel is given as the root', async () => {
    observer.dispose()
    const list = document.createElement('div')
    watch({ root: list })
    Object.assign(list.style, { height: '400px', overflowY: 'auto' })
    const row = document.createElement('div')
    row.style.height = '5000px'
    list.append(row)
    document.body.append(list)
    observer.observe(row, 'tall')
    await frames()
    clock.advance(800)
    expect(read).toEqual(['tall'])
  })

  it('[RD1] reads it wherever in the window the panel is', async () => {
    panel([5000], { position: 'fixed', top: '30px', height: '60px' })
    await frames()
    clock.advance(800)
    expect(read).toEqual(['m0'])
  })

  it('[RD5] reads nothing of a list that is itself scrolled out of the window', async () => {
    observer.dispose()
    const list = document.createElement('div')
    watch({ root: list })
    Object.assign(list.style, { height: '400px', overflowY: 'auto', marginTop: '3000px' })
    const row = document.createElement('div')
    row.style.height = '100px'
    list.append(row)
    document.body.append(list)
    observer.observe(row, 'below')
    await frames()
    clock.advance(60_000)
    expect([read, observer.getView('below').reasons]).toEqual([[], ['offScreen']])
    list.scrollIntoView()
    await frames()
    clock.advance(800)
    expect(read).toEqual(['below'])
  })

  it('[RD1] does not read a short message of which 40 % shows, until more does', async () => {
    const { list } = panel([360, 100, 1000])
    await frames()
    clock.advance(60_000)
    expect(read).toEqual(['m0'])
    expect(observer.getView('m1').reasons).toEqual(['notEnoughVisible'])
    list.scrollTop = 15
    await frames()
    clock.advance(800)
    expect(read).toEqual(['m0', 'm1'])
  })

  it('[RD1] reads a message that fills half of a panel which has become smaller, though no more of it shows than before', async () => {
    const { list } = panel([300, 100, 100, 600])
    list.scrollTop = 165
    await frames()
    clock.advance(3_000)
    expect(observer.getView('m0').reasons).toEqual(['notEnoughVisible'])
    list.style.height = '240px'
    await frames()
    clock.advance(800)
    expect(read).toContain('m0')
  })

  it('[RD1] and none that fills no half of one that has become larger', async () => {
    const { list } = panel([300, 100, 100, 600], { height: '240px' })
    list.scrollTop = 165
    await frames()
    clock.advance(300)
    list.style.height = `${PANEL_PX}px`
    await frames()
    clock.advance(3_000)
    expect(read).not.toContain('m0')
    expect(observer.getView('m0').reasons).toEqual(['notEnoughVisible'])
  })

  it('[RD4] a fast scroll past two hundred messages reads only what it stops at', async () => {
    const { list, rows } = panel(Array.from({ length: 200 }, () => 50))
    const end = list.scrollHeight - PANEL_PX
    // Hundredths of the way, a frame each: every message shows for a moment, none for a dwell.
    for (let step = 0; step <= 100; step += 1) {
      list.scrollTop = (end * step) / 100
      await frames(1)
      clock.advance(16)
    }
    await frames()
    clock.advance(100)
    expect(read).toEqual([])
    clock.advance(700)
    expect([...read].sort()).toEqual(rows.slice(-8).map((row) => row.textContent))
  })

  it('[RD4] visible time accumulates over scrolling away and back', async () => {
    const { list } = panel([300, 2000])
    await frames()
    clock.advance(500)
    list.scrollTop = 1500
    await frames()
    expect(observer.getView('m0').reasons).toEqual(['offScreen'])
    clock.advance(5000)
    list.scrollTop = 0
    await frames()
    clock.advance(299)
    expect(read).not.toContain('m0')
    clock.advance(1)
    expect(read).toContain('m0')
  })

  it('[RD2] [F10] a hidden page reads nothing, and goes on where it was', async () => {
    panel([100])
    await frames()
    clock.advance(700)
    visibility.setVisible(false)
    clock.advance(60_000)
    await frames()
    expect([read, observer.getView('m0').reasons]).toEqual([[], ['hidden']])
    visibility.setVisible(true)
    clock.advance(100)
    expect(read).toEqual(['m0'])
  })

  it('[RD5] reads nothing that is not displayed, has no size or is not painted', async () => {
    const { rows } = panel([100, 0, 100, 100])
    rows[0]!.style.display = 'none'
    rows[1]!.style.border = '0'
    rows[2]!.style.visibility = 'hidden'
    await frames()
    clock.advance(60_000)
    expect(read).toEqual(['m3'])
    rows[0]!.style.display = ''
    rows[2]!.style.visibility = ''
    await frames()
    clock.advance(900)
    expect([...read].sort()).toEqual(['m0', 'm2', 'm3'])
  })

  it('[RD5] reads nothing under a modal dialog, and all of it after it closed', async () => {
    panel([100, 100])
    const dialog = document.createElement('dialog')
    dialog.textContent = 'Sure?'
    document.body.append(dialog)
    dialog.showModal()
    await frames()
    clock.advance(60_000)
    expect([read, observer.getView('m0').reasons]).toEqual([[], ['covered']])
    dialog.close()
    clock.advance(900)
    expect(read).toEqual(['m0', 'm1'])
  })

  it('[RD5] a small button over a message does not cover it', async () => {
    panel([100])
    const button = document.createElement('button')
    Object.assign(button.style, { position: 'fixed', left: '140px', top: '40px', width: '60px', height: '40px' })
    document.body.append(button)
    await frames()
    clock.advance(800)
    expect(read).toEqual(['m0'])
  })

  it('[RD1] a message that grows out of sight stops, and one that shrinks into it starts', async () => {
    const { rows } = panel([300, 150])
    await frames()
    clock.advance(500)
    expect(observer.getView('m1').state).toBe('dwelling')
    rows[0]!.style.height = '380px'
    await frames()
    expect(observer.getView('m1').reasons).toEqual(['notEnoughVisible'])
    clock.advance(300)
    expect(read).toEqual(['m0'])
    rows[1]!.style.height = '30px'
    await frames()
    clock.advance(300)
    expect(read).toEqual(['m0', 'm1'])
  })

  it('[RD1] works inside a shadow tree', async () => {
    const host = document.createElement('div')
    document.body.append(host)
    const row = document.createElement('div')
    row.style.height = '100px'
    host.attachShadow({ mode: 'open' }).append(row)
    observer.observe(row, 'inside')
    await frames()
    clock.advance(800)
    expect(read).toEqual(['inside'])
  })
})

describe('useDwellRead in a browser', () => {
  it('[RD4] reads any element by the real clock, on a page in front', async () => {
    const seen: string[] = []
    function Note({ id }: { id: string }) {
      const { ref, state } = useDwellRead({ id, dwellMs: 200, onRead: (read) => seen.push(read) })
      return <p ref={ref}>{state}</p>
    }
    const { findByText } = render(<Note id="note" />)
    await findByText('read', undefined, { timeout: 5000 })
    expect(seen).toEqual(['note'])
  })
})

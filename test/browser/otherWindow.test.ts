/** A chat that a page shows in a window which it opened: a pop-up, or the small one that stays on top. That window is looked at when it is, whatever becomes of the page. */
import { createDwellObserver } from 'readback/core'
import { afterEach, expect, it, onTestFinished } from 'vitest'

const DWELL_MS = 300
const LONGER_MS = 900
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

let popup: Window | null = null
afterEach(() => popup?.close())

/** @param requireFocus - the window that was opened has it, or not; this page may have lost it to that one */
function setup(isVisible: boolean, hasFocus: boolean, requireFocus = true) {
  popup = window.open('', '', 'popup,width=400,height=300')!
  const page = popup.document
  const state = { isVisible, hasFocus }
  // Nothing can minimize a window here; what the browser says of it then is put in its mouth.
  Object.defineProperty(page, 'visibilityState', { get: () => (state.isVisible ? 'visible' : 'hidden') })
  page.hasFocus = () => state.hasFocus
  const read: string[] = []
  const observer = createDwellObserver({ policy: { dwellMs: DWELL_MS, requireFocus }, onRead: (ids) => read.push(...ids) })
  onTestFinished(() => observer.dispose())
  const element = page.createElement('p')
  element.textContent = 'Are you coming?'
  return {
    read, observer, element, page,
    turn(change: Partial<typeof state>) {
      Object.assign(state, change)
      page.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
    },
  }
}

it('[RD2] what is in it is read while it is visible and has the focus', async () => {
  const { read, observer, element, page } = setup(true, true)
  page.body.append(element)
  observer.observe(element, 'a')
  await expect.poll(() => read).toEqual(['a'])
})

it('[RD2] and not while it is minimized, or another window has the focus', async () => {
  const { read, observer, element, page, turn } = setup(false, true)
  page.body.append(element)
  observer.observe(element, 'a')
  await expect.poll(() => observer.getView('a').reasons).toEqual(['hidden'])
  await pause(LONGER_MS)
  turn({ isVisible: true, hasFocus: false })
  expect(observer.getView('a').reasons).toEqual(['blurred'])
  await pause(LONGER_MS)
  expect(read).toEqual([])
  turn({ hasFocus: true })
  await expect.poll(() => read).toEqual(['a'])
})

it('[RD2] also of what is moved into it while it is watched', async () => {
  const { read, observer, element, page } = setup(false, true, false)
  document.body.append(element)
  observer.observe(element, 'a')
  await expect.poll(() => observer.getView('a').state).toBe('dwelling')
  page.body.append(element)
  await pause(LONGER_MS)
  expect(read).toEqual([])
})

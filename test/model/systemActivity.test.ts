// @vitest-environment jsdom
import { systemActivity } from 'readback/core'
import { afterEach, describe, expect, it, vi } from 'vitest'

let signs = 0
let stop = systemActivity.subscribe(() => {})
const listen = () => {
  signs = 0
  stop = systemActivity.subscribe(() => (signs += 1))
}
afterEach(() => stop())

const pointer = (screenX: number, screenY = 0) => window.dispatchEvent(new MouseEvent('pointermove', { screenX, screenY }))

describe('signs of somebody at the page', () => {
  it.each(['keydown', 'pointerdown', 'wheel', 'touchstart', 'focus', 'visibilitychange'])('%s is one, wherever it is handled', (type) => {
    listen()
    const inner = document.body.appendChild(document.createElement('p'))
    inner.addEventListener(type, (event) => event.stopPropagation())
    ;(type === 'visibilitychange' ? document : type === 'focus' ? window : inner).dispatchEvent(new Event(type, { bubbles: true }))
    expect(signs).toBe(1)
    stop()
    window.dispatchEvent(new Event(type))
    expect(signs).toBe(1)
  })

  it('a page that scrolls is none, nor is a pointer that lies still above it', () => {
    listen()
    window.dispatchEvent(new Event('scroll'))
    pointer(5)
    pointer(5)
    expect(signs).toBe(0)
    pointer(6)
    pointer(6, 1)
    expect(signs).toBe(2)
  })

  it('there are none where there is no window', () => {
    vi.stubGlobal('window', undefined)
    expect(() => systemActivity.subscribe(() => {})()).not.toThrow()
    vi.unstubAllGlobals()
  })
})

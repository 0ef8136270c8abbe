import { systemVisibility } from 'readback/core'
import { describe, expect, it } from 'vitest'

describe('systemVisibility in a frame', () => {
  it('[RD2] has the focus while the page around the frame has it', async () => {
    // Vitest runs its tests in a frame of the same origin.
    expect(window.parent).not.toBe(window)
    const button = window.parent.document.body.appendChild(window.parent.document.createElement('button'))
    let told = 0
    const stop = systemVisibility.subscribe(() => (told += 1))
    window.focus()
    button.focus()
    expect(document.hasFocus()).toBe(false)
    expect(systemVisibility.hasFocus()).toBe(true)
    window.parent.dispatchEvent(new Event('blur'))
    expect(told).toBeGreaterThan(0)
    stop()
    told = 0
    window.parent.dispatchEvent(new Event('blur'))
    expect(told).toBe(0)
    button.remove()
  })
})

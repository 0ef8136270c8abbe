/** A chat in a frame of another origin, which may not ask the page around it anything. */
import { afterEach, expect, it, vi } from 'vitest'

let frame: HTMLIFrameElement
const told: unknown[] = []
const hear = ({ source, data }: MessageEvent) => source === frame.contentWindow && void told.push(data)

afterEach(() => {
  expect(frame.contentDocument).toBeNull()
  window.removeEventListener('message', hear)
  frame.remove()
  told.length = 0
})

/** @param topPx - where the frame begins, from the top edge of this window */
function openFrame(topPx: number): void {
  frame = document.createElement('iframe')
  frame.style.cssText = `position: fixed; left: 0; top: ${topPx}px; width: 300px; height: 5000px; border: 0`
  window.addEventListener('message', hear)
  const other = location.hostname === 'localhost' ? '127.0.0.1' : 'localhost'
  frame.src = `${location.protocol}//${other}:${location.port}/test/browser/pages/longMessage.html`
  document.body.append(frame)
}

const READ = { state: 'read', reasons: [] }

it('[RD1] a message is read that is taller than two windows, in a frame that grows with it', async () => {
  openFrame(-1_000)
  await vi.waitFor(() => expect(told.at(-1)).toEqual(READ), { timeout: 10_000 })
})

it('[RD1] and is not while it fills less than half of the window', async () => {
  openFrame(Math.ceil(window.innerHeight * 0.7))
  await vi.waitFor(() => expect(told.at(-1)).toEqual({ state: 'unseen', reasons: ['notEnoughVisible'] }), { timeout: 10_000 })
  await new Promise((resolve) => setTimeout(resolve, 600))
  expect(told).not.toContainEqual(READ)
})

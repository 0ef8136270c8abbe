/** A voice message is heard, paused, taken up faster and moved in, by hand and by keys; and one voice is heard at a time. */
import { cleanup, render, screen } from '@testing-library/react'
import { ChatProvider, MessageRow } from 'readback'
import 'readback/styles.css'
import { afterEach, expect, it, vi } from 'vitest'
import { server, userEvent } from 'vitest/browser'
import { messageBy } from '../../stories/fixtures/people.js'
import { voiceUrl } from '../../stories/fixtures/voice.js'

afterEach(cleanup)

const PATIENCE = { timeout: 15_000 }
const voice = (from: string) => messageBy(from, { kind: 'voice', file: { url: voiceUrl() }, durationMs: 3000 })

function show(dir: 'ltr' | 'rtl' = 'ltr') {
  const onView = vi.fn()
  const { container } = render(
    <ChatProvider dir={dir}>
      {['bo', 'layla'].map((from) => <MessageRow key={from} message={voice(from)} own={false} runStart runEnd onView={onView} />)}
    </ChatProvider>,
  )
  const [first, second] = [...container.querySelectorAll('audio')] as [HTMLAudioElement, HTMLAudioElement]
  return { container, first, second, onView }
}

const buttons = async (name: string) => (await screen.findAllByRole('button', { name }, PATIENCE)) as [HTMLElement, ...HTMLElement[]]

/** Chromium plays into the void where there is no sound card; Firefox says that it failed. */
async function untilHeard(audio: HTMLAudioElement, skip: (when: boolean, why: string) => void): Promise<void> {
  await expect.poll(() => audio.currentTime > 0.1 || audio.error !== null, PATIENCE).toBe(true)
  skip(server.browser === 'firefox' && audio.error !== null, 'this machine has no sound card, and Firefox plays nothing without one')
  expect(audio.error).toBeNull()
}

it('plays, pauses and goes faster; playing is viewing', async ({ skip }) => {
  const { container, first, onView } = show()
  const height = container.offsetHeight
  await userEvent.click((await buttons('Play'))[0])
  await untilHeard(first, skip)
  expect(onView).toHaveBeenCalledTimes(1)
  await userEvent.click((await buttons('Speed: 1×'))[0])
  expect(first.playbackRate).toBe(1.5)
  await userEvent.click((await buttons('Pause'))[0])
  await expect.poll(() => first.paused, PATIENCE).toBe(true)
  // Nothing of it moves what is around it, its late code neither.
  expect(container.offsetHeight).toBe(height)
})

it('only one is heard at a time', async ({ skip }) => {
  const { first, second } = show()
  await userEvent.click((await buttons('Play'))[0])
  await untilHeard(first, skip)
  expect(first.paused).toBe(false)
  await userEvent.click((await buttons('Play'))[0])
  await expect.poll(() => second.paused, PATIENCE).toBe(false)
  expect(first.paused).toBe(true)
})

it.each(['ltr', 'rtl'] as const)('arrow keys move a second within it, %s', async (dir) => {
  const { first } = show(dir)
  await buttons('Play')
  first.preload = 'auto'
  await expect.poll(() => first.readyState, PATIENCE).toBeGreaterThan(2)
  const slider = screen.getAllByRole('slider', { name: 'Position' })[0]!
  slider.focus()
  await userEvent.keyboard(dir === 'ltr' ? '{ArrowRight}{ArrowRight}' : '{ArrowLeft}{ArrowLeft}')
  await expect.poll(() => first.currentTime, PATIENCE).toBe(2)
  await userEvent.keyboard(dir === 'ltr' ? '{ArrowLeft}' : '{ArrowRight}')
  await expect.poll(() => first.currentTime, PATIENCE).toBe(1)
  // What is said of it follows at the end of the seek.
  await expect.poll(() => slider.getAttribute('aria-valuetext'), PATIENCE).toBe('0:01 / 0:03')
})

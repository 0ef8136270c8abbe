// @vitest-environment jsdom
/** The player of a voice message is code that comes later, and offline does not come: until then its bubble is an empty box with the time below. */
import { act, cleanup, render } from '@testing-library/react'
import { MessageRow, whyMessageUnseen, type Message } from 'readback'
import { afterEach, expect, it, vi } from 'vitest'
import { message } from '../react/fakeClient.js'

vi.mock('../../src/components/laterParts.js', () => {
  throw new Error('offline: the code did not come')
})
afterEach(cleanup)

const FILE = { url: 'https://example.com/a' }

it.each<[Message['body'], ReturnType<typeof whyMessageUnseen>]>([
  [{ kind: 'voice', file: FILE, durationMs: 3000 }, 'notPainted'],
  // What is said of one that is nowhere.
  [{ kind: 'voice', file: {} }, null],
  [{ kind: 'image', file: FILE }, null],
  [{ kind: 'video', file: FILE }, null],
  [{ kind: 'file', file: FILE }, null],
])('[RD14] of %o without the code that comes later it is said: %s', async (body, why) => {
  const { container } = render(<MessageRow message={message({ from: 'bo', body })} own={false} runStart runEnd />)
  const bubble = container.querySelector('.rb-bubble')!
  expect(whyMessageUnseen(bubble)).toBe(why)
  await act(() => vi.dynamicImportSettled())
  expect(whyMessageUnseen(bubble)).toBe(why)
})

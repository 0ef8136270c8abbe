/** Whom I blocked is the app's to know. It deletes what they write for me; nothing of it counts, is said to be read, or is passed over. */
import { expect, it, vi } from 'vitest'
import { POINT, SPARSE, start, text } from './oneReader.js'

it.each([
  ['of stretches, where numbers are not consecutive', { ...SPARSE, inOrder: true }, true],
  ['of stretches, where they are', { dense: true }, true],
  ['of positions', { dense: true, read: POINT, delivered: POINT }, false],
])('[RS29] a message of a sender whom I blocked is not counted, and nothing that is told reaches over it, on a wire %s', async (_title, capabilities, isLaterTold) => {
  const { client, bring, read, unread, isTold } = await start(capabilities)
  await bring(text(1), text(2, { from: 'bo' }), text(3))
  expect(unread()).toBe(3)
  await client.delete('c', 'm2', { for: 'me' })
  await vi.waitFor(() => expect(unread()).toBe(2))
  expect(client.messages('c').getSnapshot().messages.map(({ ids }) => ids[0])).toEqual(['m1', 'm3'])
  await read(1, 3)
  expect(unread()).toBe(0)
  expect([isTold(1), isTold(2), isTold(3)]).toEqual([true, false, isLaterTold])
})

import type { MessageBody } from 'readback/core'
import { expect, it } from 'vitest'
import { learned, type ActionPayload } from '../../src/sync/optimistic.js'

const body: MessageBody = { kind: 'text', text: 'Ask Bo.', mentions: [{ userId: 'bo', start: 4, end: 6 }] }
const fromTheWire: MessageBody = { mentions: [{ end: 6, start: 4, userId: 'bo' }], text: 'Ask Bo.', kind: 'text' }

it('an edit that the back end tells in another order of keys is known for the own one', () => {
  const payload: ActionPayload = { done: { action: 'edit', body }, undo: {} }
  expect(learned(payload, { body: fromTheWire, editedAt: 5 }).echoed).toBe(true)
  expect(learned(payload, { body: { kind: 'text', text: 'Ask Cy.' }, editedAt: 5 }).echoed).toBeUndefined()
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { messageFault } from '../../src/storage/rows/messageFault.js'
import * as faults from '../../src/storage/rows/rowFaults.js'

const MESSAGE = { conversationId: 'c', from: 'anna', localId: 'l', ids: ['m'], at: { epoch: 0, order: 1, id: 'm' }, time: 1, body: { kind: 'text', text: 't' } }

describe('messageFault', () => {
  it.each([
    ['text', {}],
    ['a text that names somebody', { body: { kind: 'text', text: '@Bo', mentions: [{ userId: 'bo', start: 0, end: 3 }] } }],
    ['an echo', { ids: [], at: null, outgoing: 'failed', failure: { code: 'transport/refused', message: 'no' }, echoOrder: 3 }],
    ['a tombstone', { deletedAt: 4, recalledAt: 5, editedAt: 6, hidden: true, reactions: [{ emoji: '👍', by: 'bo' }] }],
    ['an image', { body: { kind: 'image', file: { ref: 'r', sizeBytes: 1 }, widthPx: 4, alt: '' } }],
    ['a kind of body from a newer version', { body: { kind: 'poll', options: [] } }],
    ['unknown fields', { unknown: { deep: true } }],
  ])('takes %s', (_, change) => {
    expect(messageFault({ ...MESSAGE, ...change })).toBeNull()
  })

  it.each([
    ['not an object', null],
    ['not an object', []],
    ['not an object', 'text'],
    ['from is missing', { ...MESSAGE, from: undefined }],
    ['localId is the number 4', { ...MESSAGE, localId: 4 }],
    ['ids is an unfit list', { ...MESSAGE, ids: ['m', 1] }],
    // oxlint-disable-next-line no-sparse-arrays -- holes are what is tried
    ['ids is an unfit list', { ...MESSAGE, ids: ['m', , 'n'] }],
    ['at is missing', { ...MESSAGE, at: undefined }],
    ['at is an unfit object', { ...MESSAGE, at: { epoch: 0, order: 1.5, id: 'm' } }],
    ['at is an unfit object', { ...MESSAGE, at: { epoch: Infinity, order: 1, id: '' } }],
    ['time is the number NaN', { ...MESSAGE, time: NaN }],
    ['body is an unfit object', { ...MESSAGE, body: { kind: 'text' } }],
    ['body is an unfit object', { ...MESSAGE, body: { kind: 'image', file: null } }],
    ['body is null', { ...MESSAGE, body: null }],
    ['outgoing is an unfit string', { ...MESSAGE, outgoing: 'sent' }],
    ['reactions is an unfit list', { ...MESSAGE, reactions: [{ emoji: 1, by: 'bo' }] }],
    ['body is missing', Object.assign(Object.create({ body: MESSAGE.body }) as object, { ...MESSAGE, body: undefined })],
  ])('says "%s"', (reason, row) => {
    expect(messageFault(row)).toBe(reason)
  })
})

it('[I41] no value makes a check throw, and none changes a prototype', () => {
  const checks = [messageFault, ...Object.values(faults)]
  const names = Object.getOwnPropertyNames(Object.prototype)
  const anything = fc.anything({ withNullPrototype: true, withSparseArray: true, withMap: true, withDate: true, withBigInt: true, key: fc.oneof(fc.string(), fc.constantFrom(...Object.keys(MESSAGE), '__proto__', 'constructor')) })
  fc.assert(
    fc.property(anything, fc.constantFrom(...Object.keys(MESSAGE)), (value, field) => {
      for (const check of checks) {
        for (const row of [value, { ...MESSAGE, [field]: value }]) {
          const reason = check(row)
          expect(reason === null || reason.length > 0).toBe(true)
        }
      }
    }),
    { numRuns: 1_000, seed: 41 },
  )
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(names)
})

import { describe, expect, it } from 'vitest'
import { decodeBody } from '../../src/transport/decodeNouns.js'

describe('a text from the wire', () => {
  const text = 'Ask @Bo'
  const mentions = [{ userId: 'bo', start: 4, end: 7 }]
  it('keeps whom it names, and nothing that nobody knows', () => {
    expect(decodeBody({ kind: 'text', text, mentions: [{ ...mentions[0], colour: 'red' }], html: '<b>' })).toEqual({ kind: 'text', text, mentions })
    expect(decodeBody({ kind: 'text', text })).toEqual({ kind: 'text', text })
  })
  it.each([{}, [1], [null], [{ userId: '', start: 0, end: 1 }], [{ userId: 'bo', start: -1, end: 1 }], [{ userId: 'bo', start: 0.5, end: 1 }], [{ userId: 'bo', start: '0', end: 1 }], [{ userId: 'bo', start: 0 }]])('is refused with mentions of another shape: %j', (wrong) => {
    expect(() => decodeBody({ kind: 'text', text, mentions: wrong })).toThrow()
  })
})

import { describe, expect, it } from 'vitest'
import { CLAMP_CHARS, CLAMP_LINES, clampText } from '../../src/model/clampText.js'

describe('clampText', () => {
  it('returns what fits as it is', () => {
    const text = 'a'.repeat(CLAMP_CHARS)
    expect(clampText(text)).toBe(text)
    expect(clampText('')).toBe('')
    expect(clampText('a\nb', 10, 2)).toBe('a\nb')
  })
  it('cuts by characters and by lines', () => {
    expect(clampText('a'.repeat(2 ** 20))).toHaveLength(CLAMP_CHARS)
    expect(clampText('\n'.repeat(100_000)).split('\n').length).toBe(CLAMP_LINES)
    expect(clampText('a\nb\nc', 10, 2)).toBe('a\nb')
  })
  it('never cuts a character in two', () => {
    expect(clampText('ab😀', 3)).toBe('ab')
  })
})

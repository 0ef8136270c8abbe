// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { addFiles, filesIn, isPicture, MAX_FILES } from '../../src/components/composerFiles.js'

const file = (name: string, type = '') => new File(['x'], name, { type })
const transfer = (files: File[], types: string[]) => ({ files, types }) as unknown as DataTransfer

describe('files for a message', () => {
  it('have keys of their own, even the same file twice', () => {
    const twice = addFiles(addFiles([], [file('a')]), [file('a')])
    expect(new Set(twice.map(({ key }) => key)).size).toBe(2)
  })
  it('end where there is no more room', () => {
    expect(addFiles([], Array.from({ length: MAX_FILES + 5 }, () => file('a')))).toHaveLength(MAX_FILES)
  })
  it('keep their array when nothing was added', () => {
    const held = addFiles([], [file('a')])
    expect(addFiles(held, [])).toBe(held)
  })
  it('are what was pasted, unless it is text that comes with a picture of itself', () => {
    const shot = file('shot.png', 'image/png')
    expect(filesIn(transfer([shot], ['Files']))).toEqual([shot])
    expect(filesIn(transfer([shot], ['text/plain', 'text/html', 'Files']))).toEqual([])
    expect(filesIn(transfer([file('a.pdf', 'application/pdf')], ['text/plain', 'Files']))).toHaveLength(1)
    expect(filesIn(null)).toEqual([])
  })
  it('are pictures where every browser draws them and none runs them', () => {
    expect(['image/png', 'image/webp', 'image/svg+xml', 'image/heic', 'text/html', ''].map((type) => isPicture(file('a', type)))).toEqual([true, true, false, false, false, false])
  })
})

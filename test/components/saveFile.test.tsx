// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { ChatProvider, MessageRow, type MessageRowProps } from 'readback'
import { createFakeClock } from 'readback/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { bytesOf, saveFile } from '../../src/components/saveFile.js'
import { message } from '../react/fakeClient.js'

const words = (address: string) => {
  const bytes = bytesOf(address)
  return bytes && new TextDecoder().decode(bytes)
}
const taken: { name: string; address: string; blob: Blob }[] = []
const made = new Map<string, Blob>()

beforeEach(() => {
  taken.length = 0
  made.clear()
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: (blob: Blob) => (made.set(`blob:${made.size}`, blob), `blob:${made.size - 1}`), revokeObjectURL: (url: string) => made.delete(url) }))
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    taken.push({ name: this.download, address: this.href, blob: made.get(this.href) as Blob })
  })
})
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

describe('what a data address holds', () => {
  it.each([
    ['data:application/pdf;base64,cGxhbg==', 'plan'],
    ['DATA:text/plain;charset=utf-8;BASE64,cGxhbg%3D%3D', 'plan'],
    ['data:text/plain,two%20words, and a comma', 'two words, and a comma'],
    ['data:,', ''],
  ])('%s is %j', (address, held) => expect(words(address)).toBe(held))
  it.each(['', 'data:', 'data:text/plain', 'data:text/plain;base64,*', 'data:,%zz', 'https://example.com/a,b', 'javascript:alert(1),'])('%j is nothing', (address) => expect(bytesOf(address)).toBeNull())
  it('keeps every byte', () => {
    const all = Uint8Array.from({ length: 256 }, (_, at) => at)
    expect(bytesOf(`data:application/zip;base64,${btoa(String.fromCharCode(...all))}`)).toEqual(all)
  })
})

describe('saving it', () => {
  it('hands the browser bytes that open as no page, and takes the address back', async () => {
    const clock = createFakeClock()
    expect(saveFile('data:text/html,<script>alert(1)</script>', 'page.html', clock)).toBe(true)
    expect(taken.map(({ name, blob }) => [name, blob.type, blob.size])).toEqual([['page.html', 'application/octet-stream', 25]])
    expect(made.size).toBe(1)
    clock.advance(60_000)
    expect(made.size).toBe(0)
  })
  it('does nothing with another address', () => {
    expect(saveFile('javascript:alert(1)', 'x', createFakeClock())).toBe(false)
    expect(taken).toEqual([])
  })
})

describe('a file that came within its message', () => {
  const show = (url: string, props: Partial<MessageRowProps> = {}) =>
    render(<ChatProvider><MessageRow message={message({ body: { kind: 'file', file: { url, name: 'plan.pdf', sizeBytes: 4 } } })} own={false} runStart runEnd {...props} /></ChatProvider>)

  it('is saved by its name, as seen', async () => {
    const onView = vi.fn()
    const { container } = show('data:application/pdf;base64,cGxhbg==', { onView })
    expect(container.querySelector('a')).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: /^plan\.pdf 4/ }))
    await waitFor(() => expect(taken.map(({ name }) => name)).toEqual(['plan.pdf']))
    expect(onView).toHaveBeenCalledTimes(1)
  })
  it('is the app\'s, when it says so', async () => {
    show('data:application/pdf;base64,cGxhbg==', { onOpenAttachment: (event) => event.preventDefault() })
    fireEvent.click(screen.getByRole('button'))
    await import('../../src/components/saveFile.js')
    expect(taken).toEqual([])
  })
})

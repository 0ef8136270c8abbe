/** What must stay readable, or within its box, where there is little room. */
import 'readback/styles.css'
import { cleanup, render } from '@testing-library/react'
import { ChatProvider, ConversationRow, ReaderList } from 'readback'
import { afterEach, describe, expect, it } from 'vitest'
import { FilePreviews } from '../../src/components/FilePreview.js'
import { ME, messageBy, profileOf } from '../../stories/fixtures/people.js'
import { crowd, standingReaders } from '../../stories/fixtures/readers.js'
import { conversationOf, standingClient } from '../../stories/fixtures/standingClient.js'

afterEach(cleanup)

describe.each(['ltr', 'rtl'] as const)('narrow, %s', (dir) => {
  it('the name of a file that is too long is cut within its box', () => {
    const file = new File(['x'], 'Planting plan for the south wall, revised again and again.pdf', { type: 'application/pdf' })
    const { container } = render(<ChatProvider dir={dir}><FilePreviews files={[{ key: 0, file }]} onRemove={() => {}} /></ChatProvider>)
    const box = container.querySelector('.rb-file-preview')!.getBoundingClientRect()
    const name = container.querySelector('.rb-file-name')!.getBoundingClientRect()
    expect(name.width).toBeGreaterThan(100)
    expect(name.left).toBeGreaterThanOrEqual(box.left)
    expect(name.right).toBeLessThanOrEqual(box.right)
  })

  it.each([280, 320])('at %i pixels every reader has a name beside their time', async (widthPx) => {
    const { container } = render(
      <ChatProvider dir={dir} profiles={profileOf}>
        <div style={{ inlineSize: widthPx, blockSize: 400 }}><ReaderList message={messageBy(ME, 'ok')} source={standingReaders(crowd(12))} /></div>
      </ChatProvider>,
    )
    await expect.poll(() => container.querySelectorAll('.rb-reader-when time').length).toBeGreaterThan(2)
    const list = container.querySelector('.rb-readers-panel')!
    for (const reader of container.querySelectorAll('.rb-reader')) {
      expect(reader.querySelector('.rb-reader-name')!.clientWidth, reader.textContent).toBeGreaterThan(60)
      expect(reader.scrollWidth).toBeLessThanOrEqual(reader.clientWidth)
    }
    expect(list.scrollWidth).toBeLessThanOrEqual(list.clientWidth)
  })
})

it('a time keeps the order of its own words in a list that runs from right to left', () => {
  const at = Date.UTC(2026, 10, 19, 9, 41)
  const { container } = render(
    <ChatProvider dir="rtl" client={standingClient({ state: {} })}>
      <ConversationRow conversation={conversationOf('garden', { title: 'Garden', lastMessage: messageBy('bo', 'ok') })} selected={false} tabbable nowMs={at} onSelect={() => {}} />
    </ChatProvider>,
  )
  expect(getComputedStyle(container.querySelector('.rb-conversation-time')!).direction).toBe('ltr')
})

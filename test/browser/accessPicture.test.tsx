/** A picture over the page. Its keys are of those that have a browser of their own in Firefox, where a Tab behind the last element leaves the page for good. */
import 'readback/styles.css'
import { cleanup, render, screen } from '@testing-library/react'
import { ChatProvider, createArraySource, MessageList, type Message } from 'readback'
import { userEvent } from 'vitest/browser'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { message, settled } from './listKit.js'

afterEach(cleanup)

const PICTURE = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"><rect width="640" height="480" fill="teal"/></svg>')}`

async function showPictures(messages: readonly Message[]) {
  const viewed: string[] = []
  const { container } = render(
    <div style={{ inlineSize: 360, blockSize: 400 }}>
      <ChatProvider theme="light">
        <MessageList source={createArraySource(messages)} userId="ada" conversationKind="group" onView={({ body }) => body.kind === 'image' && viewed.push(body.alt ?? '')} />
      </ChatProvider>
    </div>,
  )
  await settled({ scroller: container.querySelector<HTMLElement>('.rb-list-scroller') as HTMLElement })
  return { container, viewed }
}

describe('a picture over the page', () => {
  const picture = (order: number, url: string) => message(order, { body: { kind: 'image', file: { url }, widthPx: 640, heightPx: 480, alt: `picture ${order}` } })
  const dialog = () => document.querySelector('dialog')

  it('is modal: nothing under it can be reached; Escape gives the focus back', async () => {
    const { container } = await showPictures([picture(1, PICTURE), picture(2, PICTURE)])
    const link = container.querySelector<HTMLElement>('.rb-media-link') as HTMLElement
    await userEvent.click(link)
    await vi.waitFor(() => expect(dialog()?.matches(':modal')).toBe(true))
    await vi.waitFor(() => expect(dialog()?.querySelector('img')?.getBoundingClientRect().width).toBeGreaterThan(200))
    expect(dialog()?.contains(document.elementFromPoint(20, 200))).toBe(true)
    for (let tab = 0; tab < 8; tab++) {
      await userEvent.keyboard('{Tab}')
      expect(document.activeElement === document.body || dialog()?.contains(document.activeElement)).toBe(true)
    }
    await userEvent.keyboard('{Escape}')
    await vi.waitFor(() => expect(dialog()).toBeNull())
    expect(document.activeElement).toBe(link)
  })
  it('that cannot be loaded says so, and the next one is shown', async () => {
    const { container } = await showPictures([picture(1, PICTURE), picture(2, 'data:image/png;base64,AAAA')])
    await userEvent.click(container.querySelector('.rb-media-link') as Element)
    await vi.waitFor(() => expect(dialog()).not.toBeNull())
    await userEvent.keyboard('{ArrowRight}')
    await vi.waitFor(() => expect(dialog()?.querySelector('[role="alert"]')?.textContent).toBe('This photo could not be loaded'))
    await userEvent.keyboard('{ArrowLeft}')
    await vi.waitFor(() => expect(dialog()?.querySelector('img')?.alt).toBe('picture 1'))
    expect(screen.queryByRole('alert')).toBeNull()
  })
  it('[RD6] is viewed once it is here, and not where it failed', async () => {
    const other = PICTURE.replace('teal', 'navy')
    const { container, viewed } = await showPictures([picture(1, PICTURE), picture(2, 'data:image/png;base64,AAAA'), picture(3, other), picture(4, other)])
    await userEvent.click(container.querySelector('.rb-media-link') as Element)
    await vi.waitFor(() => expect(dialog()).not.toBeNull())
    await userEvent.keyboard('{ArrowRight}')
    await vi.waitFor(() => expect(screen.getByRole('alert')).toBeTruthy())
    await userEvent.keyboard('{ArrowRight}')
    await vi.waitFor(() => expect(viewed).toEqual(['picture 1', 'picture 3']))
    await userEvent.keyboard('{ArrowRight}')
    await vi.waitFor(() => expect(viewed).toEqual(['picture 1', 'picture 3', 'picture 4']))
  })
  it('closes at a press beside it', async () => {
    const { container } = await showPictures([picture(1, PICTURE)])
    await userEvent.click(container.querySelector('.rb-media-link') as Element)
    await vi.waitFor(() => expect(dialog()?.matches(':modal')).toBe(true))
    const stage = dialog()?.querySelector('.rb-lightbox-stage') as HTMLElement
    await userEvent.click(stage, { position: { x: 4, y: stage.clientHeight - 4 } })
    await vi.waitFor(() => expect(dialog()).toBeNull())
  })
})

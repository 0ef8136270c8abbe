import type { Meta, StoryObj } from '@storybook/react-vite'
import { Lightbox } from 'readback'
import { expect, userEvent, waitFor } from 'storybook/test'
import { messageBy, PICTURE_URL } from '../fixtures/people.js'

const meta = {
  title: 'Components/Lightbox',
  component: Lightbox,
  parameters: { layout: 'fullscreen' },
  args: {
    message: messageBy('bo', { kind: 'image', file: { url: PICTURE_URL }, widthPx: 640, heightPx: 480, alt: 'Hills under a low sun' }, 5),
    url: PICTURE_URL,
    alt: 'Hills under a low sun',
    onClose: () => {},
  },
} satisfies Meta<typeof Lightbox>

export default meta
type Story = StoryObj<typeof meta>

/** One picture. */
export const One: Story = {}

/** With pictures before and after it. */
export const OneOfSeveral: Story = { args: { onPrevious: () => {}, onNext: () => {} } }

/** Right to left. */
export const RightToLeft: Story = { ...OneOfSeveral, globals: { dir: 'rtl' } }

/** Nearer: it scrolls. */
export const Zoomed: Story = {
  async play({ canvasElement }) {
    await userEvent.click(canvasElement.querySelector('.rb-lightbox-picture') as Element)
    await expect(canvasElement.querySelector('[aria-pressed="true"]')).not.toBeNull()
  },
}

/** A picture that cannot be loaded says so. */
export const Failed: Story = {
  args: { url: 'data:image/png;base64,AAAA' },
  play: ({ canvasElement }) => waitFor(() => expect(canvasElement.querySelector('[role="alert"]')).not.toBeNull()),
}

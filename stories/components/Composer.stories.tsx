import type { Meta, StoryObj } from '@storybook/react-vite'
import { Composer, type ComposerProps } from 'readback'
import { expect, fireEvent, userEvent, waitFor } from 'storybook/test'
import { ME, messageBy, MORNING, PEOPLE } from '../fixtures/people.js'

const meta = {
  title: 'Components/Composer',
  component: Composer,
  args: { onSend: () => {} },
  decorators: [(Story) => <div style={{ inlineSize: 'min(440px, 90vw)' }}><Story /></div>],
} satisfies Meta<typeof Composer>

export default meta
type Story = StoryObj<typeof meta>

/** Empty: there is nothing to send. */
export const Empty: Story = {}

/** With a draft. */
export const Draft: Story = { args: { defaultDraft: 'The tomatoes are ready to be' } }

/** It grows with its text. */
export const SeveralLines: Story = { args: { defaultDraft: 'Three things for tomorrow:\n1. water early\n2. cover the beds\n3. bring the long hose' } }

/** Above its greatest height it scrolls. */
export const VeryLong: Story = { args: { defaultDraft: Array.from({ length: 20 }, (_, line) => `line ${line + 1}`).join('\n') } }

/** Nothing can be written here. */
export const Disabled: Story = { args: { disabled: true, placeholder: 'Only owners may write here' } }

const QUESTION = messageBy('bo', 'The south beds are dug over. My back is not speaking to me. Who brings the long hose tomorrow?', 1)
const MINE = messageBy(ME, 'I will bring the long hoe', 2)

/** Answering a message. Escape or the cross leaves it. */
export const Replying: Story = { args: { mode: { kind: 'reply', message: QUESTION }, onCancelMode: () => {}, defaultDraft: 'I do, and' } }

/** Changing a message of one's own. */
export const Editing: Story = { args: { mode: { kind: 'edit', message: MINE }, onCancelMode: () => {}, defaultDraft: 'I will bring the long hose' } }

/** Files that wait: pasted, dropped or chosen. */
export const Files: Story = {
  args: { acceptFiles: true },
  async play({ canvasElement }) {
    const input = canvasElement.querySelector<HTMLInputElement>('input[type="file"]') as HTMLInputElement
    await userEvent.upload(input, [await picture(), new File([new Uint8Array(482_113)], 'Planting plan for the south wall, revised.pdf', { type: 'application/pdf', lastModified: MORNING })])
    await waitFor(() => expect(canvasElement.querySelectorAll('.rb-file-preview')).toHaveLength(2))
  },
}

/** The same right to left, on a dark ground. */
export const FilesDarkRightToLeft: Story = { ...Files, globals: { theme: 'dark', dir: 'rtl' } }

/** Files held over it. */
export const Dropping: Story = {
  args: { acceptFiles: true },
  decorators: [(Story) => <div style={{ paddingBlockStart: 130 }}><Story /></div>],
  async play({ canvasElement }) {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['x'], 'plan.pdf'))
    // In a built Storybook this begins before the composer listens.
    await waitFor(async () => {
      await fireEvent(canvasElement.querySelector('form') as Element, new DragEvent('dragenter', { bubbles: true, dataTransfer }))
      await expect(canvasElement.querySelector('.rb-drop')).not.toBeNull()
    })
  },
}

const suggestMentions: NonNullable<ComposerProps['suggestMentions']> = (typed) => PEOPLE.filter(({ userId, name }) => userId !== ME && (name ?? '').toLowerCase().includes(typed.toLowerCase()))

/** "@" suggests people; arrow keys choose, Enter takes. */
export const Mentioning: Story = {
  args: { suggestMentions },
  decorators: [(Story) => <div style={{ paddingBlockStart: 260 }}><Story /></div>],
  async play({ canvasElement }) {
    await userEvent.type(canvasElement.querySelector('textarea') as HTMLTextAreaElement, 'Could @')
    await waitFor(() => expect(canvasElement.querySelectorAll('[role="option"]')).toHaveLength(5))
    await userEvent.keyboard('{ArrowDown}')
  },
}

/** The same on a dark ground. */
export const MentioningDark: Story = { ...Mentioning, globals: { theme: 'dark' } }

/** In groups where receipts are asked for message by message: the switch is on. */
export const ReceiptRequested: Story = {
  args: { offerReceiptRequest: true, acceptFiles: true, defaultDraft: 'Please confirm: the water is off from 8 to 11 tomorrow.' },
  play: ({ canvasElement }) => userEvent.click(canvasElement.querySelector('[role="switch"]') as Element),
}

/** All of it at 280 pixels, in Chinese. */
export const EverythingNarrow: Story = {
  ...Files,
  args: { acceptFiles: true, offerReceiptRequest: true, mode: { kind: 'reply', message: QUESTION }, onCancelMode: () => {}, defaultDraft: '明天早上八点到十一点停水' },
  globals: { locale: 'zh-CN' },
  decorators: [(Story) => <div style={{ inlineSize: 280 }}><Story /></div>],
}

/** All of it in Arabic. */
export const EverythingArabic: Story = { ...EverythingNarrow, globals: { locale: 'ar' }, decorators: [(Story) => <div style={{ inlineSize: 'min(440px, 90vw)' }}><Story /></div>] }

/** A hill under a sun, as a file that a browser draws. */
async function picture(): Promise<File> {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 128
  const pen = canvas.getContext('2d') as CanvasRenderingContext2D
  pen.fillStyle = '#9cc9ff'
  pen.fillRect(0, 0, 128, 128)
  pen.fillStyle = '#35527a'
  pen.fillRect(0, 84, 128, 44)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  return new File([blob as Blob], 'hills.png', { type: 'image/png' })
}

/** On a dark ground. */
export const Dark: Story = { ...Draft, globals: { theme: 'dark' } }

/** Right to left. */
export const RightToLeft: Story = { args: { defaultDraft: 'صباح الخير، هل وصلت البذور؟' }, globals: { dir: 'rtl' } }

import type { Meta, StoryObj } from '@storybook/react-vite'
import { Composer } from 'readback'

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

/** On a dark ground. */
export const Dark: Story = { ...Draft, globals: { theme: 'dark' } }

/** Right to left. */
export const RightToLeft: Story = { args: { defaultDraft: 'صباح الخير، هل وصلت البذور؟' }, globals: { dir: 'rtl' } }

import type { Meta, StoryObj } from '@storybook/react-vite'
import { ReadBadge } from 'readback'

const meta = { title: 'Components/ReadBadge', component: ReadBadge, args: { read: 3, total: 12 } } satisfies Meta<typeof ReadBadge>

export default meta
type Story = StoryObj<typeof meta>

/** Some of the group have read it. */
export const Some: Story = {}

/** Everybody has. */
export const All: Story = { args: { read: 12 } }

/** Nobody has yet. */
export const Nobody: Story = { args: { read: 0 } }

/** Receipts are not counted for this message: the place stays, empty. */
export const NotTracked: Story = {
  args: { read: 0, total: 0, tracked: false },
  render: (args) => <div style={{ outline: '1px dashed var(--rb-border)' }}><ReadBadge {...args} /></div>,
}

/** A large group, in Chinese. */
export const Chinese: Story = { args: { read: 117, total: 499 }, globals: { locale: 'zh-CN' } }

/** On a dark ground. */
export const Dark: Story = { args: { read: 12 }, globals: { theme: 'dark' } }

/** Where there is a list of readers, it opens it. */
export const AsButton: Story = { args: { read: 3, total: 12, onOpen: () => {} } }

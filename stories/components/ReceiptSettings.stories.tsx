import type { Meta, StoryObj } from '@storybook/react-vite'
import { ChatProvider, ReceiptSettings, type ChatClient, type ReceiptVisibility } from 'readback'
import { useState, type ComponentProps } from 'react'
import { expect, userEvent, within } from 'storybook/test'
import { conversationOf, standingClient } from '../fixtures/standingClient.js'

const meta = {
  title: 'Components/ReceiptSettings',
  component: ReceiptSettings,
  render: (args) => <Settings args={args} />,
} satisfies Meta<typeof ReceiptSettings>

export default meta
type Story = StoryObj<typeof meta>

interface SettingsProps {
  readonly args: ComponentProps<typeof ReceiptSettings>
  readonly initial?: ReceiptVisibility
  readonly ownDeviceReports?: boolean
}

/** A client that only keeps the setting. */
function Settings({ args, initial = 'public', ownDeviceReports = true }: SettingsProps) {
  const [client] = useState(() => settingsClient(initial, ownDeviceReports))
  return (
    <ChatProvider client={client} defaultPreferences={{}} style={{ inlineSize: 'min(420px, 90vw)', blockSize: 'auto', borderRadius: 20, paddingBlockStart: 20, background: 'var(--rb-surface)' }}>
      <ReceiptSettings {...args} />
    </ChatProvider>
  )
}

function settingsClient(initial: ReceiptVisibility, ownDeviceReports: boolean): ChatClient {
  const standing = standingClient({ state: { receipts: initial, conversations: [conversationOf('garden')] } })
  let state = standing.getState()
  const listeners = new Set<() => void>()
  return {
    ...standing,
    capabilities: { ...standing.capabilities, ownDeviceReports },
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    setReceipts(visibility, conversationId) {
      const conversations = state.conversations.map(({ receipts, ...rest }) => ({ ...rest, ...(visibility !== null && { receipts: visibility }) }))
      state = conversationId === undefined ? { ...state, receipts: visibility ?? 'public' } : { ...state, conversations }
      listeners.forEach((listener) => listener())
      return Promise.resolve()
    },
  }
}

/** For all conversations: who is told, how receipts look, and when a message counts as read. */
export const Everywhere: Story = {}

/** On a dark ground. */
export const Dark: Story = { globals: { theme: 'dark' } }

/** For one conversation, which follows the rest until it is told otherwise. */
export const OneConversation: Story = { args: { conversationId: 'garden' } }

/** Nobody is told; and this wire cannot tell only my own devices. */
export const Off: Story = { render: (args) => <Settings args={args} initial="off" ownDeviceReports={false} /> }

/** Right to left, in Chinese. */
export const RightToLeft: Story = { globals: { dir: 'rtl', locale: 'zh-CN' } }

/** Words chosen as the look: every receipt follows at once. */
export const ChoosingALook: Story = {
  play: async ({ canvasElement }) => {
    await userEvent.click(within(canvasElement).getByRole('radio', { name: /Words/ }))
    await userEvent.click(within(canvasElement).getByRole('radio', { name: /1\.5/ }))
    await expect(canvasElement.querySelector('[data-rb-look="text"]')).not.toBeNull()
  },
}

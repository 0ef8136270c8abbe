import type { Meta, StoryObj } from '@storybook/react-vite'
import { ChatProvider, MessageInfo, ReadStatesContext } from 'readback'
import { fn } from 'storybook/test'
import { ME, messageBy, standingStates } from '../fixtures/people.js'
import { SIX, SIX_AUDIENCE, standingReaders } from '../fixtures/readers.js'

const six = standingReaders({ readers: SIX, audience: SIX_AUDIENCE })
const states = standingStates('delivered')

const meta = {
  title: 'Components/MessageInfo',
  component: MessageInfo,
  parameters: { layout: 'fullscreen' },
  args: { message: messageBy(ME, 'Who brings the long hose tomorrow? The short one does not reach the far beds, and the watering cans have gone to the school.', 4), source: six, onClose: fn(), onRemind: fn() },
  render: (args) => (
    <ReadStatesContext.Provider value={states}>
      <MessageInfo {...args} />
    </ReadStatesContext.Provider>
  ),
} satisfies Meta<typeof MessageInfo>

export default meta
type Story = StoryObj<typeof meta>

/** A message of mine in a group: what became of it, and who read it. */
export const Group: Story = {}

/** On a dark ground. */
export const Dark: Story = { globals: { theme: 'dark' } }

/** Right to left. */
export const RightToLeft: Story = { globals: { dir: 'rtl' } }

/** In Chinese, closer together. */
export const Chinese: Story = { globals: { locale: 'zh-CN', density: 'compact' } }

/** One that could not be sent says why. */
export const NotSent: Story = {
  args: { message: messageBy(ME, 'Shall I book the room?', 6, { ids: [], outgoing: 'failed', failure: { code: 'transport/forbidden', message: 'Only members may write here.' } }) },
  render: (args) => (
    <ChatProvider>
      <ReadStatesContext.Provider value={standingStates('failed')}>
        <MessageInfo {...args} />
      </ReadStatesContext.Provider>
    </ChatProvider>
  ),
}

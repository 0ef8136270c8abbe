import type { Meta, StoryObj } from '@storybook/react-vite'
import { MessageRow, ReadStatesContext, type Message, type MessageMenuProps } from 'readback'
import { expect, userEvent, waitFor } from 'storybook/test'
import { ACTIONS } from '../fixtures/actions.js'
import { ME, messageBy, standingStates } from '../fixtures/people.js'

interface RowsProps {
  readonly messages: readonly Message[]
  readonly Menu?: (props: MessageMenuProps) => React.ReactNode
}

/** Rows whose menus do nothing; the last of them has its menu open. */
function Rows({ messages, Menu }: RowsProps) {
  return (
    <ReadStatesContext.Provider value={standingStates(({ outgoing }) => outgoing ?? 'delivered')}>
      <div style={{ inlineSize: 'min(440px, 90vw)', paddingBlock: '0 380px' }}>
        {messages.map((message, index) => (
          <MessageRow
            key={message.localId} message={message} own={message.from === ME} runStart={messages[index - 1]?.from !== message.from} runEnd={messages[index + 1]?.from !== message.from}
            onRetry={() => {}} actions={ACTIONS} {...(Menu && { components: { MessageMenu: Menu } })}
          />
        ))}
      </div>
    </ReadStatesContext.Provider>
  )
}

const THEIRS = [messageBy('bo', 'I can bring more compost if you need it.', 1)]
const OWN = [...THEIRS, messageBy(ME, 'Compost would be lovely. The beans go in on Saturday.', 3, { reactions: [{ emoji: '❤️', by: 'bo' }] })]

const meta = {
  title: 'Components/MessageMenu',
  component: Rows,
  args: { messages: OWN },
  play: ({ canvasElement }) => openLast(canvasElement),
} satisfies Meta<typeof Rows>

export default meta
type Story = StoryObj<typeof meta>

async function openLast(canvasElement: HTMLElement) {
  const buttons = canvasElement.querySelectorAll<HTMLElement>('.rb-tools [aria-expanded]')
  buttons.item(buttons.length - 1).focus()
  await userEvent.keyboard('{Enter}')
  await waitFor(() => expect(canvasElement.querySelector('[role="menu"]')).not.toBeNull())
}

/** On a message of one's own. */
export const Own: Story = {}

/** On somebody else's. */
export const Theirs: Story = { args: { messages: THEIRS } }

/** On one that could not be sent: again, or not at all. */
export const Failed: Story = { args: { messages: [messageBy(ME, 'Shall I book the room?', 4, { outgoing: 'failed', ids: [] })] } }

/** The emoji alone, from the button beside the bubble. */
export const Reactions: Story = {
  async play({ canvasElement }) {
    const button = canvasElement.querySelectorAll<HTMLElement>('.rb-tools button').item(0)
    button.focus()
    button.click()
    await waitFor(() => expect(canvasElement.querySelector('[role="menu"]')).not.toBeNull())
  },
}

/** On a dark ground. */
export const Dark: Story = { globals: { theme: 'dark' } }

/** Right to left. */
export const RightToLeft: Story = { globals: { dir: 'rtl' } }

/** In Chinese. */
export const Chinese: Story = { globals: { locale: 'zh-CN' } }

/** In Arabic. */
export const Arabic: Story = { globals: { locale: 'ar' } }

/** Words a third longer fit. */
export const LongWords: Story = { globals: { locale: 'pseudo' } }

/** Before a message is taken from everybody. */
export const ConfirmDelete: Story = {
  async play({ canvasElement }) {
    await openLast(canvasElement)
    await userEvent.keyboard('{End}{Enter}')
    await waitFor(() => expect(canvasElement.querySelector('dialog')).not.toBeNull())
  },
}

/** The same on a dark ground. */
export const ConfirmDeleteDark: Story = { ...ConfirmDelete, globals: { theme: 'dark' } }

/** Replaced by the app's own. */
export const Replaced: Story = {
  args: {
    Menu: ({ entries, onClose }) => (
      <div role="menu" aria-label="Do" style={{ position: 'absolute', insetBlockStart: '100%', background: 'var(--rb-surface)' }}>
        {entries.map(({ id, label, onSelect }) => (
          <button key={id} type="button" role="menuitem" onClick={() => [onClose(), onSelect()]}>{label}</button>
        ))}
      </div>
    ),
  },
}

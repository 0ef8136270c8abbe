import type { Meta, StoryObj } from '@storybook/react-vite'
import { ChatProvider, ReceiptIcon, textIcons, useLocale, type MessageStatus, type ReceiptIcons } from 'readback'
import type { CSSProperties } from 'react'

const STATUSES: readonly MessageStatus[] = ['sending', 'sent', 'delivered', 'read', 'failed']

const meta = {
  title: 'Components/Receipt icons',
  component: ReceiptIcon,
  args: { status: 'read' },
  argTypes: { status: { control: 'inline-radio', options: STATUSES } },
} satisfies Meta<typeof ReceiptIcon>

export default meta
type Story = StoryObj<typeof meta>

/** One receipt, to play with. */
export const One: Story = { args: { size: 32 } }

/** What becomes of a message: clock, check, double check, blue double check; or failed. */
export const EveryStatus: Story = { render: () => <Line /> }

/** The same on a dark ground. */
export const Dark: Story = { globals: { theme: 'dark' }, render: () => <Line /> }

/** Recoloured and resized by tokens alone: no component is replaced. */
export const RecolouredByTokens: Story = {
  render: () => (
    <Line
      style={
        {
          '--rb-receipt-sending-color': '#8a6d3b',
          '--rb-receipt-sent-color': '#6b7280',
          '--rb-receipt-delivered-color': '#7c3aed',
          '--rb-receipt-read-color': '#047857',
          '--rb-receipt-failed-color': '#be123c',
          '--rb-receipt-size': '20px',
        } as CSSProperties
      }
    />
  ),
}

/** Another set of drawings, given to the provider once. */
export const SwappedIcons: Story = {
  render: () => (
    <ChatProvider icons={DOTS}>
      <Line />
    </ChatProvider>
  ),
}

/** For eyes that tell hues apart badly: each status has an outline of its own. Users choose it in `<ReceiptSettings>`. */
export const Shapes: Story = {
  render: () => (
    <ChatProvider preferences={{ look: 'shapes' }}>
      <Line />
    </ChatProvider>
  ),
}

/** The same on a dark ground. */
export const ShapesDark: Story = { ...Shapes, globals: { theme: 'dark' } }

/** Words instead of drawings, in the language of the provider. */
export const AsText: Story = {
  render: () => (
    <ChatProvider icons={textIcons}>
      <Line />
    </ChatProvider>
  ),
}

/** The same words in Chinese. */
export const AsChineseText: Story = { ...AsText, globals: { locale: 'zh-CN' } }

/** All themes on all grounds, side by side. */
export const Gallery: Story = {
  render: () => (
    <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(240px, 1fr))', gap: 16, inlineSize: 'min(760px, 90vw)' }}>
      {(['light', 'dark'] as const).flatMap((theme) =>
        [undefined, DOTS, textIcons].map((icons, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- fixed list
          <ChatProvider key={`${theme}${index}`} theme={theme} {...(icons && { icons })} style={{ padding: 16, borderRadius: 16, blockSize: 'auto', background: 'var(--rb-background)' }}>
            <Line />
          </ChatProvider>
        )),
      )}
    </div>
  ),
}

function Line({ style }: { style?: CSSProperties }) {
  const { messages } = useLocale()
  return (
    <div className="rb-row" data-direction="own" data-run-start="" style={{ ...style, inlineSize: '100%', minInlineSize: 200, flexDirection: 'column', alignItems: 'stretch', paddingBlockStart: 0 }}>
      {STATUSES.map((status) => (
        <div key={status} className="rb-bubble" style={{ maxInlineSize: 'none', borderRadius: 12, display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: 12, boxShadow: 'none' }}>
          <span>{messages.receipts[status]}</span>
          <ReceiptIcon status={status} />
        </div>
      ))}
    </div>
  )
}

/** Hollow, half, full: a set that tells statuses apart by shape alone. */
const dot = (path: string) =>
  function Dot() {
    return (
      <svg viewBox="0 0 16 16" width="16" height="16" fill="currentColor" aria-hidden="true">
        <path fillRule="evenodd" d={path} />
      </svg>
    )
  }

const RING = 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2m0 1.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9'
const DOTS: ReceiptIcons = {
  sending: dot('M3 8a1.3 1.3 0 1 0 2.6 0A1.3 1.3 0 0 0 3 8m3.7 0a1.3 1.3 0 1 0 2.6 0 1.3 1.3 0 0 0-2.6 0m3.7 0A1.3 1.3 0 1 0 13 8a1.3 1.3 0 0 0-2.6 0'),
  sent: dot(RING),
  delivered: dot(`${RING}M8 4.8a3.2 3.2 0 0 1 0 6.4z`),
  read: dot('M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2m-.9 8.6 4.2-4.6-1-1-3.2 3.6-1.5-1.5-1 1z'),
  failed: dot('M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2m-.8 2.6v4.2h1.6V4.600zM7.100 10h1.800v1.600H7.100z'),
}

import type { Meta, StoryObj } from '@storybook/react-vite'
import { CustomBody, FileBody, ImageBody, StatusText, TextBody, VideoBody, VoiceBody, type MessageBody } from 'readback'
import type { ReactNode } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { messageBy } from '../fixtures/people.js'
import { voiceUrl } from '../fixtures/voice.js'

const HILLS = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200"><rect width="320" height="200" fill="#9cc7ff"/><path d="M0 200 90 70l70 80 60-50 100 100z" fill="#34527a"/></svg>')}`

/** A body in a bubble, as a row draws it. */
function Bubble({ children, kind }: { children: ReactNode; kind: string }) {
  return (
    <div style={{ inlineSize: 'min(340px, 100vw - 96px)' }}>
      <div className="rb-row" data-direction="other" data-kind={kind} data-run-start="">
        <div className="rb-row-column"><div className="rb-bubble">{children}</div></div>
      </div>
    </div>
  )
}

const given = <Kind extends MessageBody['kind']>(body: Extract<MessageBody, { kind: Kind }>) => ({ message: messageBy('bo', body), own: false, body, meta: null })

const meta = { title: 'Components/Bodies', component: TextBody, args: given({ kind: 'text', text: 'The south beds are dug over.' }), render: (args) => <Bubble kind="text"><TextBody {...args} /></Bubble> } satisfies Meta<typeof TextBody>

export default meta
type Story = StoryObj<typeof meta>

/** Words. */
export const Text: Story = {}

/** Two people are named. */
export const Mentions: Story = { args: given({ kind: 'text', text: 'Ask @Bo Lindqvist, not @Layla Haddad', mentions: [{ userId: 'bo', start: 4, end: 17 }, { userId: 'layla', start: 23, end: 36 }] }) }

/** A picture. */
export const Image: Story = { render: () => <Bubble kind="image"><ImageBody {...given({ kind: 'image', file: { url: HILLS, name: 'Hills' }, widthPx: 320, heightPx: 200, alt: 'Two hills' })} /></Bubble> }

/** A video; nothing is loaded before it is played. */
export const Video: Story = { render: () => <Bubble kind="video"><VideoBody {...given({ kind: 'video', file: { url: '/nothing.mp4' }, widthPx: 320, heightPx: 180 })} /></Bubble> }

/** A voice message; nothing is loaded before it is played. */
export const Voice: Story = {
  render: () => <Bubble kind="voice"><VoiceBody {...given({ kind: 'voice', file: { url: voiceUrl() }, durationMs: 3000 })} /></Bubble>,
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(within(canvasElement).getByRole('button', { name: 'Play' })).toBeVisible())
  },
}

const NO_SOUND = URL.createObjectURL(new Blob(['no sound'], { type: 'audio/wav' }))

/** One that is not there says so, once somebody wants to hear it. */
export const VoiceMissing: Story = {
  render: () => <Bubble kind="voice"><VoiceBody {...given({ kind: 'voice', file: { url: NO_SOUND }, durationMs: 42_000 })} /></Bubble>,
  play: async ({ canvasElement }) => {
    const { findByRole } = within(canvasElement)
    await userEvent.click(await findByRole('button', { name: 'Play' }))
    await expect(await findByRole('status')).toHaveTextContent('It could not be played')
  },
}

/** A file with an address, one that came within its message, and one that is not here. */
export const Files: Story = {
  render: () => (
    <>
      {['https://example.com/plan.pdf', 'data:application/pdf;base64,cGxhbg==', undefined].map((url) => (
        <Bubble key={url ?? 'none'} kind="file"><FileBody {...given({ kind: 'file', file: { name: 'Planting plan.pdf', sizeBytes: 482_113, ...(url !== undefined && { url }) } })} /></Bubble>
      ))}
    </>
  ),
}

/** What only the app knows, by its fallback; and what nobody knows. */
export const Custom: Story = {
  render: () => (
    <>
      <Bubble kind="custom"><CustomBody {...given({ kind: 'custom', type: 'poll', data: null as never, fallback: 'Poll: who brings the hose?' })} /></Bubble>
      <Bubble kind="custom"><CustomBody {...given({ kind: 'custom', type: 'poll', data: null as never })} /></Bubble>
    </>
  ),
}

/** The status in words, as the look "words" shows it. */
export const Status: Story = { render: () => <div style={{ display: 'grid', gap: 6 }}>{(['sending', 'sent', 'delivered', 'read', 'failed'] as const).map((status) => <StatusText key={status} status={status} />)}</div> }

/** Named on a dark ground, from right to left. */
export const Dark: Story = { ...Mentions, globals: { theme: 'dark', dir: 'rtl' } }

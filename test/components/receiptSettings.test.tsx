// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { ChatProvider, ReceiptIcon, ReceiptSettings, useReceiptPreferences, type ReceiptPreferences } from 'readback'
import { en } from 'readback/locales/en'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { conversation, fakeClient } from '../react/fakeClient.js'

afterEach(cleanup)
const { visibilityNames, visibilityHints, lookNames } = en.messages
const option = (name: string) => screen.getByRole<HTMLInputElement>('radio', { name: new RegExp(`^${name}`) })

describe('who is told', () => {
  it('is as the client has it, each choice with what others will see', () => {
    const client = fakeClient()
    client.set({ receipts: 'private' })
    render(<ChatProvider client={client}><ReceiptSettings /></ChatProvider>)
    expect(option(visibilityNames.private).checked).toBe(true)
    for (const hint of Object.values(visibilityHints)) expect(screen.getByText(hint)).toBeTruthy()
  })
  it('is set for all conversations', async () => {
    const client = fakeClient()
    render(<ChatProvider client={client}><ReceiptSettings /></ChatProvider>)
    await userEvent.click(option(visibilityNames.off))
    expect(client.calls.filter(([name]) => name === 'setReceipts')).toEqual([['setReceipts', 'off', undefined]])
  })
  it('is set for one conversation, which may follow the rest again', async () => {
    const client = fakeClient()
    client.set({ conversations: [conversation('garden', { receipts: 'off' })] })
    render(<ChatProvider client={client}><ReceiptSettings conversationId="garden" /></ChatProvider>)
    expect(option(visibilityNames.off).checked).toBe(true)
    await userEvent.click(option(en.messages.visibilityFollow))
    await userEvent.click(option(visibilityNames.private))
    expect(client.calls.filter(([name]) => name === 'setReceipts')).toEqual([['setReceipts', null, 'garden'], ['setReceipts', 'private', 'garden']])
    expect(screen.queryByText(en.messages.lookTitle)).toBeNull()
  })
  it('goes back to what it was when it could not be stored, and says so', async () => {
    const failure = new Error('full')
    const client = { ...fakeClient(), setReceipts: () => Promise.reject(failure) }
    const onError = vi.fn()
    render(<ChatProvider client={client}><ReceiptSettings onError={onError} /></ChatProvider>)
    await userEvent.click(option(visibilityNames.off))
    expect(await screen.findByText(en.messages.visibilityFailed)).toBeTruthy()
    expect(option(visibilityNames.public).checked).toBe(true)
    expect(onError).toHaveBeenCalledExactlyOnceWith(failure)
  })
  it('is what was chosen last, also while what was chosen before is being stored', async () => {
    const answers: (() => void)[] = []
    const client = { ...fakeClient(), setReceipts: () => new Promise<void>((resolve) => answers.push(resolve)) }
    render(<ChatProvider client={client}><ReceiptSettings /></ChatProvider>)
    await userEvent.click(option(visibilityNames.private))
    await userEvent.click(option(visibilityNames.off))
    await act(async () => answers[0]?.())
    expect(option(visibilityNames.off).checked).toBe(true)
  })
  it('is not said to have failed where only what was chosen before it did', async () => {
    const answers: (() => void)[] = []
    const fake = fakeClient()
    const client = Object.assign(fake, { setReceipts: () => new Promise<void>((resolve, reject) => answers.push(answers.length === 0 ? () => reject(new Error('full')) : resolve)) })
    render(<ChatProvider client={client}><ReceiptSettings /></ChatProvider>)
    await userEvent.click(option(visibilityNames.private))
    await userEvent.click(option(visibilityNames.off))
    act(() => client.set({ receipts: 'off' }))
    await act(async () => answers.forEach((answer) => answer()))
    expect([screen.queryByText(en.messages.visibilityFailed), option(visibilityNames.off).checked]).toEqual([null, true])
  })
  it('of another account is not what was chosen for the one before, nor did it fail', async () => {
    const clients = ['ada', 'bo'].map((userId) => Object.assign(fakeClient(), { userId, setReceipts: () => Promise.reject(new Error('full')) }))
    const settings = (of: number) => <ChatProvider client={clients[of]!}><ReceiptSettings /></ChatProvider>
    const { rerender } = render(settings(0))
    await userEvent.click(option(visibilityNames.off))
    expect(await screen.findByText(en.messages.visibilityFailed)).toBeTruthy()
    rerender(settings(1))
    expect([screen.queryByText(en.messages.visibilityFailed), option(visibilityNames.public).checked]).toEqual([null, true])
  })
  it('of another conversation is not what was chosen for the one before', async () => {
    const client = { ...fakeClient(), setReceipts: () => new Promise<void>(() => {}) }
    client.set({ conversations: [conversation('garden'), conversation('choir')] })
    const settings = (conversationId: string) => <ChatProvider client={client}><ReceiptSettings conversationId={conversationId} /></ChatProvider>
    const { rerender } = render(settings('garden'))
    await userEvent.click(option(visibilityNames.off))
    rerender(settings('choir'))
    expect(option(en.messages.visibilityFollow).checked).toBe(true)
  })
  it('says where a wire cannot tell only my own devices', async () => {
    const client = fakeClient()
    client.set({ receipts: 'private' })
    render(<ChatProvider client={{ ...client, capabilities: { ...client.capabilities, ownDeviceReports: false } }}><ReceiptSettings /></ChatProvider>)
    expect(screen.getByText(en.messages.visibilityNotSynced)).toBeTruthy()
  })
})

describe('look and dwell', () => {
  it('are kept by the provider, which tells the app', async () => {
    const onPreferencesChange = vi.fn<(preferences: ReceiptPreferences) => void>()
    const { container } = render(
      <ChatProvider client={fakeClient()} onPreferencesChange={onPreferencesChange}>
        <ReceiptSettings />
        <div data-testid="icon"><ReceiptIcon status="read" /></div>
      </ChatProvider>,
    )
    await userEvent.click(option(lookNames.text))
    await userEvent.click(option(en.formatters.seconds(1500).replace('.', '\\.')))
    expect(onPreferencesChange.mock.calls).toEqual([[{ look: 'text' }], [{ look: 'text', dwellMs: 1500 }]])
    expect(screen.getByTestId('icon').textContent).toBe('Read')
    expect(container.querySelector('.rb-root')?.getAttribute('data-rb-look')).toBe('text')
  })
  it('are as the app says where it controls them', async () => {
    render(<ChatProvider client={fakeClient()} preferences={{ look: 'shapes' }}><ReceiptSettings /></ChatProvider>)
    await userEvent.click(option(lookNames.text))
    expect(option(lookNames.shapes).checked).toBe(true)
  })
  it('are those of an outer provider within an inner one', () => {
    function Probe() {
      const [{ dwellMs }] = useReceiptPreferences()
      return <output>{dwellMs}</output>
    }
    render(<ChatProvider defaultPreferences={{ dwellMs: 500 }}><ChatProvider density="compact"><Probe /></ChatProvider></ChatProvider>)
    expect(screen.getByText('500')).toBeTruthy()
  })
})

// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { Composer, type ComposerProps } from 'readback'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { laterParts } from '../../src/components/lazyParts.js'
import { message } from '../react/fakeClient.js'

beforeAll(async () => {
  URL.createObjectURL ??= (blob) => `blob:${(blob as File).name}`
  URL.revokeObjectURL ??= () => {}
  void laterParts.preload()
  await vi.dynamicImportSettled()
})
afterEach(cleanup)

function show(props: Partial<ComposerProps> = {}) {
  const onSend = vi.fn<ComposerProps['onSend']>()
  const { container } = render(<Composer onSend={onSend} {...props} />)
  return { onSend, container, form: container.firstElementChild as HTMLElement, field: screen.getByRole<HTMLTextAreaElement>('textbox') }
}

/** What an input method does to a field: keys of its own, changes without keys, and an end. */
function compose(field: HTMLTextAreaElement, steps: readonly string[], confirm: 'before' | 'after') {
  act(() => void fireEvent.compositionStart(field))
  for (const text of steps) {
    act(() => void fireEvent.keyDown(field, { key: 'Process', keyCode: 229, isComposing: true }))
    act(() => void fireEvent.change(field, { target: { value: text } }))
  }
  // Safari ends the composition before it tells of the key.
  if (confirm === 'before') act(() => void fireEvent.compositionEnd(field))
  act(() => void fireEvent.keyDown(field, { key: 'Enter', keyCode: 229, isComposing: confirm === 'after' }))
  if (confirm === 'after') act(() => void fireEvent.compositionEnd(field))
}

describe('an input method', () => {
  it.each([
    ['Chinese, by pinyin', ['n', 'ni', 'nih', 'niha', '你好'], '你好'],
    ['Japanese, by kana and conversion', ['と', 'とう', 'とうきょう', '東京'], '東京'],
    ['Korean, by syllables', ['ㅎ', '하', '한', '한국'], '한국'],
  ])('%s: its Enter writes the word, the next one sends', (_, steps, word) => {
    for (const confirm of ['before', 'after'] as const) {
      const { onSend, field } = show()
      compose(field, steps, confirm)
      expect([field.value, onSend.mock.calls.length]).toEqual([word, 0])
      act(() => void fireEvent.keyDown(field, { key: 'Enter', keyCode: 13 }))
      expect(onSend.mock.calls).toEqual([[word, { files: [], mentions: [], receiptRequested: false }]])
      cleanup()
    }
  })
  it('has its own Escape and arrow keys', () => {
    const onCancelMode = vi.fn()
    const onEditLast = vi.fn()
    const { field } = show({ mode: { kind: 'reply', message: message() }, onCancelMode, onEditLast })
    for (const key of ['Escape', 'ArrowUp']) act(() => void fireEvent.keyDown(field, { key, keyCode: 229, isComposing: true }))
    expect([onCancelMode.mock.calls, onEditLast.mock.calls]).toEqual([[], []])
  })
})

describe('answering and changing', () => {
  it('show what they are about, and end at the button and at Escape', async () => {
    const onCancelMode = vi.fn()
    const { form, field } = show({ mode: { kind: 'reply', message: message() }, onCancelMode })
    expect(form.dataset['mode']).toBe('reply')
    expect(screen.getByText('Replying to \u2068bo\u2069')).toBeTruthy()
    expect(screen.getByText('Hello')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }))
    await userEvent.type(field, '{Escape}')
    expect(onCancelMode).toHaveBeenCalledTimes(2)
  })
  it('the button saves a change, and takes no files with it', () => {
    const { field } = show({ mode: { kind: 'edit', message: message() }, defaultDraft: 'Hello', acceptFiles: true, offerReceiptRequest: true })
    expect(screen.getAllByRole('button').map((button) => button.getAttribute('aria-label'))).toEqual(['Save'])
    expect(screen.queryByRole('switch')).toBeNull()
    expect(field.value).toBe('Hello')
  })
  it('the up arrow in an empty field changes the message sent last', async () => {
    const onEditLast = vi.fn()
    const { field } = show({ onEditLast })
    await userEvent.type(field, 'a{ArrowUp}')
    expect(onEditLast).not.toHaveBeenCalled()
    await userEvent.type(field, '{Backspace}{ArrowUp}')
    expect(onEditLast).toHaveBeenCalledTimes(1)
  })
})

describe('files', () => {
  const plan = new File(['plan'], 'plan.pdf', { type: 'application/pdf' })
  const hills = new File(['hills'], 'hills.png', { type: 'image/png' })
  const transfer = (files: File[]) => ({ files, types: ['Files'] })
  const previews = () => [...document.querySelectorAll('.rb-file-preview')]

  it('are chosen, shown, taken out again, and sent without words', async () => {
    const { onSend, container } = show({ acceptFiles: true })
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(true)
    await userEvent.upload(container.querySelector('input[type="file"]') as HTMLInputElement, [plan, hills])
    expect(previews()).toHaveLength(2)
    expect(screen.getByRole('img', { name: 'hills.png' })).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Remove \u2068plan.pdf\u2069' }))
    await userEvent.click(screen.getByRole('button', { name: 'Send' }))
    expect(onSend).toHaveBeenCalledExactlyOnceWith('', { files: [hills], mentions: [], receiptRequested: false })
    expect(previews()).toHaveLength(0)
  })
  it('are pasted and dropped, in this order, and stay when the app says no', async () => {
    const onSend = vi.fn(() => false)
    const { field, form } = show({ acceptFiles: true, onSend, defaultDraft: 'Look' })
    expect(fireEvent.paste(field, { clipboardData: transfer([plan]) })).toBe(false)
    fireEvent.dragEnter(form, { dataTransfer: transfer([hills]) })
    expect(form.dataset['dropping']).toBe('')
    expect(fireEvent.drop(form, { dataTransfer: transfer([hills]) })).toBe(false)
    expect(form.dataset['dropping']).toBeUndefined()
    await userEvent.type(field, '{Enter}')
    expect(onSend).toHaveBeenCalledExactlyOnceWith('Look', { files: [plan, hills], mentions: [], receiptRequested: false })
    expect([previews().length, field.value]).toEqual([2, 'Look'])
  })
  it('leave words that are pasted alone', () => {
    const { field } = show({ acceptFiles: true })
    expect(fireEvent.paste(field, { clipboardData: { files: [], types: ['text/plain'] } })).toBe(true)
  })
  it('are refused with a reason', async () => {
    const { container } = show({ acceptFiles: true, refuseFile: ({ name }) => (name.endsWith('.pdf') ? 'No plans, please' : null) })
    await userEvent.upload(container.querySelector('input[type="file"]') as HTMLInputElement, [plan, hills])
    expect(screen.getByRole('alert').textContent).toBe('No plans, please')
    expect(previews()).toHaveLength(1)
  })
  it('are not taken where nobody said so', () => {
    const { field, form } = show()
    expect(fireEvent.paste(field, { clipboardData: transfer([plan]) })).toBe(true)
    fireEvent.dragEnter(form, { dataTransfer: transfer([plan]) })
    expect(form.dataset['dropping']).toBeUndefined()
  })
  it('give their addresses back', async () => {
    const revoke = vi.spyOn(URL, 'revokeObjectURL')
    const { container } = show({ acceptFiles: true })
    await userEvent.upload(container.querySelector('input[type="file"]') as HTMLInputElement, [hills])
    cleanup()
    expect(revoke).toHaveBeenCalledTimes(1)
    revoke.mockRestore()
  })
})

describe('mentions', () => {
  const people = [{ userId: 'bo', name: 'Bo Lindqvist' }, { userId: 'tomas', name: 'Tomás Rivera' }, { userId: 'mei', name: '陈美玲' }]
  const suggestMentions = (typed: string) => people.filter(({ name }) => name.toLowerCase().startsWith(typed.toLowerCase()))
  const options = () => screen.queryAllByRole('option').map(({ textContent }) => textContent)

  it('are suggested at "@", chosen by arrow keys, written by Enter', async () => {
    const { field, onSend } = show({ suggestMentions })
    await userEvent.type(field, 'Hi @')
    await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(3))
    const chosen = () => document.getElementById(field.getAttribute('aria-activedescendant') ?? '')
    expect(chosen()?.textContent).toContain('Bo Lindqvist')
    await userEvent.keyboard('{ArrowUp}{ArrowUp}')
    expect(chosen()?.getAttribute('aria-selected')).toBe('true')
    await userEvent.keyboard('{Enter}')
    expect(field.value).toBe('Hi @Tomás Rivera ')
    expect(field.selectionStart).toBe(field.value.length)
    expect([options(), onSend.mock.calls]).toEqual([[], []])
    await userEvent.keyboard('{Enter}')
    expect(onSend.mock.calls[0]?.[0]).toBe('Hi @Tomás Rivera')
  })
  it('say with the text who was chosen, and no more once they are taken out', async () => {
    const { field, onSend } = show({ suggestMentions })
    await userEvent.type(field, 'Hi @to')
    await waitFor(() => expect(options()).toHaveLength(1))
    await userEvent.keyboard('{Enter}and @Bot{Enter}')
    await userEvent.keyboard('@to')
    await waitFor(() => expect(options()).toHaveLength(1))
    await userEvent.keyboard('{Enter}')
    await userEvent.clear(field)
    await userEvent.type(field, 'Nobody{Enter}')
    expect(onSend.mock.calls.map(([text, { mentions }]) => [text, mentions])).toEqual([['Hi @Tomás Rivera and @Bot', [{ userId: 'tomas', start: 3, end: 16 }]], ['Nobody', []]])
  })
  it('of a message that is changed stay, and those of the draft are there again after it', async () => {
    const changed = message({ from: 'ada', body: { kind: 'text', text: 'Ask @Bo', mentions: [{ userId: 'bo', start: 4, end: 7 }] } })
    const onSend = vi.fn<ComposerProps['onSend']>(() => false)
    const view = render(<Composer onSend={onSend} suggestMentions={suggestMentions} />)
    const field = () => screen.getByRole<HTMLTextAreaElement>('textbox')
    await userEvent.type(field(), '@to')
    await waitFor(() => expect(options()).toHaveLength(1))
    await userEvent.keyboard('{Enter}')
    view.rerender(<Composer onSend={onSend} suggestMentions={suggestMentions} draft="Please ask @Bo" mode={{ kind: 'edit', message: changed }} />)
    await userEvent.type(field(), '{Enter}')
    view.rerender(<Composer onSend={onSend} suggestMentions={suggestMentions} />)
    await userEvent.type(field(), '{Enter}')
    expect(onSend.mock.calls.map(([text, { mentions }]) => [text, mentions])).toEqual([['Please ask @Bo', [{ userId: 'bo', start: 11, end: 14 }]], ['@Tomás Rivera', [{ userId: 'tomas', start: 0, end: 13 }]]])
  })
  it('become fewer as one types, and are taken by a press', async () => {
    const { field } = show({ suggestMentions })
    await userEvent.type(field, '@陈')
    await waitFor(() => expect(options()).toHaveLength(1))
    await userEvent.click(screen.getByRole('option'))
    expect(field.value).toBe('@陈美玲 ')
    expect(document.activeElement).toBe(field)
  })
  it('go away at Escape and do not come back for the same "@"', async () => {
    const { field } = show({ suggestMentions })
    await userEvent.type(field, '@')
    await waitFor(() => expect(options()).toHaveLength(3))
    await userEvent.keyboard('{Escape}b')
    await act(() => Promise.resolve())
    expect(options()).toEqual([])
  })
  it('that nobody can find, and a search that fails, leave Enter to send', async () => {
    const { field, onSend } = show({ suggestMentions: (typed) => (typed === '' ? [] : Promise.reject(new Error('offline'))) })
    await userEvent.type(field, '@x{Enter}')
    expect(onSend.mock.calls[0]?.[0]).toBe('@x')
  })
})

describe('asking for receipts', () => {
  it('goes with one message and is off again after it', async () => {
    const { field, onSend } = show({ offerReceiptRequest: true })
    const ask = screen.getByRole('switch', { name: 'Request read receipts' })
    expect(ask.getAttribute('aria-checked')).toBe('false')
    await userEvent.click(ask)
    await userEvent.type(field, 'Water off at 8{Enter}Thanks{Enter}')
    expect(onSend.mock.calls.map(([text, { receiptRequested }]) => [text, receiptRequested])).toEqual([['Water off at 8', true], ['Thanks', false]])
  })
  it('is not there where nobody offers it', () => {
    show()
    expect(screen.queryByRole('switch')).toBeNull()
  })
})

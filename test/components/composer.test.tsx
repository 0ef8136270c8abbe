// @vitest-environment jsdom
import { act, cleanup, createEvent, fireEvent, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { Composer, type ComposerProps } from 'readback'
import { afterEach, describe, expect, it, vi } from 'vitest'

afterEach(cleanup)

const NOTHING_ELSE = { files: [], mentions: [], receiptRequested: false }

function show(props: Partial<ComposerProps> = {}) {
  const onSend = vi.fn<ComposerProps['onSend']>()
  const { container } = render(<Composer onSend={onSend} {...props} />)
  return { onSend, field: screen.getByRole<HTMLTextAreaElement>('textbox'), button: screen.getByRole<HTMLButtonElement>('button'), container }
}

/** Enter as a browser reports it, with what an input method adds. */
function enter(field: HTMLElement, init: KeyboardEventInit & { keyCode?: number } = {}) {
  const event = createEvent.keyDown(field, { key: 'Enter', keyCode: 13, ...init })
  act(() => void fireEvent(field, event))
  return event.defaultPrevented
}

describe('Composer sends', () => {
  it('at Enter, trimmed, and is empty then', async () => {
    const { onSend, field } = show()
    await userEvent.type(field, '  Hello  {Enter}')
    expect(onSend).toHaveBeenCalledExactlyOnceWith('Hello', NOTHING_ELSE)
    expect(field.value).toBe('')
  })
  it('at its button', async () => {
    const { onSend, field, button } = show()
    expect(button.disabled).toBe(true)
    await userEvent.type(field, 'Hello')
    await userEvent.click(button)
    expect(onSend).toHaveBeenCalledExactlyOnceWith('Hello', NOTHING_ELSE)
  })
  it('nothing when there is nothing, or only space', async () => {
    const { onSend, field } = show()
    await userEvent.type(field, '{Enter} {Shift>}{Enter}{/Shift} {Enter}')
    expect(onSend).not.toHaveBeenCalled()
  })
  it('nothing while disabled', () => {
    const { onSend, field, container } = show({ disabled: true, defaultDraft: 'Hello' })
    expect(field.disabled).toBe(true)
    fireEvent.submit(container.firstElementChild as Element)
    expect(onSend).not.toHaveBeenCalled()
  })
})

describe('Enter', () => {
  it('with Shift makes a line', async () => {
    const { onSend, field } = show()
    await userEvent.type(field, 'a{Shift>}{Enter}{/Shift}b')
    expect(field.value).toBe('a\nb')
    expect(onSend).not.toHaveBeenCalled()
  })
  it.each([{ isComposing: true }, { keyCode: 229 }])('that confirms a word of an input method does nothing: %o', (init) => {
    const { onSend, field } = show({ defaultDraft: '你好' })
    expect(enter(field, init)).toBe(false)
    expect(onSend).not.toHaveBeenCalled()
    expect(enter(field)).toBe(true)
    expect(onSend).toHaveBeenCalledExactlyOnceWith('你好', NOTHING_ELSE)
  })
})

describe('Composer keeps its text', () => {
  it('when the app says no, at once or later', async () => {
    for (const onSend of [() => false, () => Promise.resolve(false)]) {
      const { field } = show({ defaultDraft: 'Hello', onSend })
      enter(field)
      await act(() => Promise.resolve())
      expect(field.value).toBe('Hello')
      cleanup()
    }
  })
  it('that was typed while the app was asked', async () => {
    let answer: (taken: boolean) => void = () => {}
    const { field } = show({ defaultDraft: 'Hello', onSend: () => new Promise<boolean>((resolve) => (answer = resolve)) })
    enter(field)
    fireEvent.change(field, { target: { value: 'Hello again' } })
    await act(async () => answer(true))
    expect(field.value).toBe('Hello again')
  })
  it('when it is controlled: the app decides', async () => {
    const onDraftChange = vi.fn()
    const { field } = show({ draft: 'fixed', onDraftChange })
    await userEvent.type(field, '!')
    expect(onDraftChange).toHaveBeenLastCalledWith('fixed!')
    expect(field.value).toBe('fixed')
  })
  it('and asks only once while it waits', () => {
    const onSend = vi.fn(() => new Promise<boolean>(() => {}))
    const { field } = show({ defaultDraft: 'Hello', onSend })
    enter(field)
    enter(field)
    expect(onSend).toHaveBeenCalledTimes(1)
  })
})

describe('Composer tells of typing', () => {
  it('when it begins and when it is sent', async () => {
    const told: boolean[] = []
    const { field } = show({ onTyping: (on) => told.push(on) })
    await userEvent.type(field, 'Hi')
    expect(told).toEqual([true])
    await userEvent.type(field, '{Enter}')
    expect(told).toEqual([true, false])
  })
  it('and when it is emptied', async () => {
    const told: boolean[] = []
    const { field } = show({ onTyping: (on) => told.push(on) })
    await userEvent.type(field, 'H{Backspace}')
    expect(told).toEqual([true, false])
  })
})

it('Composer is named', () => {
  show()
  expect(screen.getByLabelText('Message')).toBe(screen.getByPlaceholderText('Write a message'))
})

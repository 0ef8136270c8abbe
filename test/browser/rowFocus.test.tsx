/** Where the focus goes when what has it goes. */
import { cleanup } from '@testing-library/react'
import { createArrayReadStates, createArraySource, type Message } from 'readback'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { userEvent } from 'vitest/browser'
import { laterParts } from '../../src/components/lazyParts.js'
import { frames, message, renderList, settled } from './listKit.js'

beforeAll(() => laterParts.preload())
afterEach(() => {
  cleanup()
  document.body.replaceChildren()
})

async function show(messages: readonly Message[], given: Record<string, { status: 'failed' | 'sending' | 'read'; read?: number; of?: number }>, props: object = {}) {
  const source = createArraySource(messages)
  const readStates = createArrayReadStates(given)
  const list = renderList({ source, readStates, userId: 'me', onRetry: () => {}, components: {}, ...props })
  await settled(list)
  return { list, source, readStates }
}
const mine = message(1, { from: 'me' })
const focused = () => document.activeElement as HTMLElement

it('[I37] the button to try again leaves the focus to its message, which says what becomes of it', async () => {
  const { list, readStates } = await show([mine, message(2)], { m1: { status: 'failed' } })
  list.box.querySelector<HTMLElement>('.rb-retry')!.focus()
  await frames(2)
  readStates.update({ m1: { status: 'sending' } })
  await frames(4)
  expect(list.box.querySelector('.rb-retry')).toBeNull()
  expect(focused().getAttribute('aria-label')).toMatch(/^You: Message 1.*, Sending$/)
})

it('[I37] a message that is recalled while it has the focus keeps it as what is left of it', async () => {
  const { list, source } = await show([mine, message(2)], { m1: { status: 'read' } })
  list.scroller.focus()
  list.scroller.dispatchEvent(new KeyboardEvent('keydown', { key: 'Home', bubbles: true }))
  await frames(4)
  expect(focused().getAttribute('aria-label')).toMatch(/^You: Message 1/)
  source.append({ ...mine, recalledAt: 1 })
  await frames(4)
  expect(focused().getAttribute('aria-label')).toMatch(/^You recalled a message/)
})

it('[I37] a badge that is hidden while it has the focus leaves it to its message', async () => {
  const { list, source } = await show([mine, message(2)], { m1: { status: 'read', read: 1, of: 2 } }, { conversationKind: 'group', actions: { onInfo: () => {} } })
  list.box.querySelector<HTMLElement>('button.rb-badge')!.focus()
  await frames(2)
  source.append({ ...mine, recalledAt: 1 })
  await frames(4)
  expect(focused().closest('[data-key]')?.textContent).toBe('You recalled a message')
})

it('[I37] a message that goes altogether leaves the focus to the list; one that goes elsewhere takes it from nobody', async () => {
  const { list, source } = await show([mine, message(2)], { m1: { status: 'read' } })
  const replace = (messages: readonly Message[]) => source.set(messages)
  list.scroller.focus()
  list.scroller.dispatchEvent(new KeyboardEvent('keydown', { key: 'Home', bubbles: true }))
  await frames(4)
  replace([message(2)])
  await frames(4)
  expect(focused()).toBe(list.scroller)
  const elsewhere = document.body.appendChild(document.createElement('button'))
  list.scroller.dispatchEvent(new KeyboardEvent('keydown', { key: 'Home', bubbles: true }))
  await frames(4)
  elsewhere.focus()
  replace([message(3)])
  await frames(4)
  expect(focused()).toBe(elsewhere)
})

it('[I37] the button that leads to the newest message leaves the focus to the list, and takes it from no field', async () => {
  const many = Array.from({ length: 60 }, (_, index) => message(index + 1))
  const { list } = await show(many, {}, { initialPosition: 'newest' })
  const jump = async () => {
    list.scroller.scrollTop = 0
    await expect.poll(() => list.jumpButton()).not.toBeNull()
    return list.jumpButton()!
  }
  ;(await jump()).focus()
  await userEvent.keyboard('{Enter}')
  await expect.poll(() => list.jumpButton()).toBeNull()
  expect(focused()).toBe(list.scroller)
  const field = document.body.appendChild(document.createElement('textarea'))
  const button = await jump()
  field.focus()
  // Where a tap gives no button the focus.
  button.click()
  await expect.poll(() => list.jumpButton()).toBeNull()
  expect(focused()).toBe(field)
})

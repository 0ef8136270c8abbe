/** What a row says to screen readers while it has the focus. */
import { cleanup } from '@testing-library/react'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { createArrayReadStates, createArraySource } from 'readback'
import { laterParts } from '../../src/components/lazyParts.js'
import { frames, message, renderList, settled } from './listKit.js'

beforeAll(() => laterParts.preload())
afterEach(() => {
  cleanup()
  document.body.replaceChildren()
})

it('[I38] a row with the focus says what its icon shows, and what it was edited to', async () => {
  const mine = message(1, { from: 'me' })
  const source = createArraySource([mine])
  const readStates = createArrayReadStates({ m1: { status: 'sent' } })
  const list = renderList({ source, readStates, userId: 'me', components: {} })
  await settled(list)
  list.scroller.focus()
  list.scroller.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }))
  await frames(4)
  const said = () => document.activeElement?.getAttribute('aria-label')
  const shown = () => list.box.querySelector('.rb-receipt')?.getAttribute('aria-label')
  expect([said(), shown()]).toEqual([expect.stringMatching(/Message 1.*, Sent$/), 'Sent'])
  readStates.update({ m1: { status: 'read' } })
  await frames(4)
  expect([said(), shown()]).toEqual([expect.stringMatching(/, Read$/), 'Read'])
  source.append({ ...mine, body: { kind: 'text', text: 'Good bye' } })
  await frames(4)
  expect(said()).toMatch(/Good bye.*, Read$/)
  list.scroller.focus()
  readStates.update({ m1: { status: 'read', read: 2, of: 3 } })
  source.append({ ...mine, body: { kind: 'text', text: 'Once more' } })
  await frames(4)
  expect(list.box.querySelector('[aria-label*="Once more"]')).toBeNull()
})

it('[RS32] a row with the focus says of what was taken back what is seen of it: no name before the sentence, and no receipt', async () => {
  const mine = message(1, { from: 'me' })
  const source = createArraySource([mine])
  const readStates = createArrayReadStates({ m1: { status: 'read', read: 2, of: 3 } })
  const list = renderList({ source, readStates, userId: 'me', components: {} })
  await settled(list)
  list.scroller.focus()
  list.scroller.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }))
  await frames(4)
  expect(document.activeElement?.getAttribute('aria-label')).toMatch(/^You: Message 1.*, Read, Read by 2 of 3$/)
  list.scroller.focus()
  source.append({ ...mine, recalledAt: 1 })
  await frames(4)
  list.scroller.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }))
  await frames(4)
  expect(list.box.querySelector('.rb-receipt, .rb-badge')).toBeNull()
  expect(document.activeElement?.getAttribute('aria-label')).toMatch(/^You recalled a message, [^,]+$/)
})

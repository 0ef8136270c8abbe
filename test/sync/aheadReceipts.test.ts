import { expect, it, vi } from 'vitest'
import type { TransportEvent } from 'readback/core'
import { at, RANGES, start, text } from './oneReader.js'

const receipt = (changes: object) => ({ type: 'receipt', conversationId: 'c', by: 'bo', kind: 'read', visibility: 'published', ...changes }) as TransportEvent

it('[RS28] what reaches beyond the newest message counts at once as far as that, and for nothing that comes later than it says', async () => {
  const { client, wire, bring } = await start({ dense: true, read: RANGES })
  await bring(text(1, { from: 'me' }), text(2, { from: 'me' }))
  const readStates = client.readStates('c')
  readStates.subscribe(() => {})
  const readBy = async (order: number) => {
    const message = await client.getMessage('c', `m${order}`)
    const tally = readStates.getTally(message!)
    return tally.tracked ? tally.read : null
  }
  // The fourth is of a kind that this version does not understand, and never comes as a message.
  wire.emit(receipt({ upTo: at(4) }))
  await vi.waitFor(async () => expect(await Promise.all([1, 2].map(readBy))).toEqual([1, 1]))
  wire.emit(receipt({ by: 'ada', ranges: [{ from: at(2), to: at(4) }] }))
  await vi.waitFor(async () => expect(await Promise.all([1, 2].map(readBy))).toEqual([1, 2]))
  await bring(text(3, { from: 'me' }), text(5, { from: 'me' }))
  await vi.waitFor(async () => expect(await Promise.all([3, 5].map(readBy))).toEqual([2, 0]))
})

it('[RS28] and so does what another device of mine has read', async () => {
  const { wire, bring, unread } = await start({ dense: true, read: RANGES })
  await bring(text(1), text(2))
  expect(unread()).toBe(2)
  wire.emit(receipt({ by: 'me', upTo: at(4) }))
  await vi.waitFor(() => expect(unread()).toBe(0))
  await bring(text(3), text(5))
  await vi.waitFor(() => expect(unread()).toBe(1))
})

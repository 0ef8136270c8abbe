/** Others may be faster to read a message than the wire is to answer that it took it. */
import type { Accepted } from 'readback/core'
import { expect, it, vi } from 'vitest'
import { start } from './oneReader.js'

const MESSAGES = { direct: 'message', group: 'message' } as const

it.each(['its answer', 'its event'] as const)('[RS28] a receipt that names a message before the wire has answered counts once %s says what it is called', async (way) => {
  const { client, wire, storage } = await start({ read: MESSAGES, delivered: MESSAGES })
  let answer: (accepted: Accepted) => void = () => {}
  wire.answer = () => new Promise((resolve) => (answer = resolve))
  const localId = await client.send('c', { body: { kind: 'text', text: 'hello' } })
  await vi.waitFor(() => expect(wire.sent).toHaveLength(1))
  for (const by of ['ada', 'bo']) wire.emit({ type: 'receipt', conversationId: 'c', by, kind: 'read', visibility: 'published', ids: ['m7'] })
  await vi.waitFor(async () => expect(await storage.read((tx) => tx.held.list('c'))).toHaveLength(2))
  const at = { epoch: 0, order: 7, id: 'm7' }
  if (way === 'its answer') answer({ localId, id: 'm7', at, time: 7 })
  else wire.emit({ type: 'message', message: { conversationId: 'c', id: 'm7', at, from: 'me', localId, time: 7, body: { kind: 'text', text: 'hello' } } })
  const row = () => client.messages('c').getSnapshot().messages.find((message) => message.localId === localId)!
  await vi.waitFor(() => expect(client.readStates('c').getStatus(row())).toBe('read'))
})

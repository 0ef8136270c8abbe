/** Two windows in a real browser, each with its own database, over a real wire and the real server. */
import { render, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { ChatProvider, ChatWindow, createChatClient } from 'readback'
import { dexieStorage } from 'readback/storage/dexie'
import { websocketTransport } from 'readback/transport/websocket'
import { expect, inject, it } from 'vitest'
import { pageControls } from '../servers/pageControls.js'
import '../../src/styles/styles.css'

const PATIENCE = { timeout: 20_000 }

it('what is written in one window arrives in the other, also after the wire was cut, and its status follows', async () => {
  const controls = pageControls(inject('controls'))
  const wires = await controls.openWires(2)
  const run = crypto.randomUUID().slice(0, 8)
  const people = [`ada-${run}`, `bo-${run}`]
  const conversation = { id: `pair-${run}`, kind: 'direct', members: people } as const
  const clients = people.map((userId, n) => {
    const transport = websocketTransport({ url: wires[n]!.url, maxBackoffMs: 200 })
    const client = createChatClient({ userId, getToken: () => controls.token(userId), transport, storage: dexieStorage({ name: `window-${run}` }) })
    void client.ensureConversation(conversation)
    return client
  })
  const [ada, bo] = clients.map((client) => within(render(
    <ChatProvider client={client}>
      <div style={{ blockSize: '300px' }}>
        <ChatWindow conversationId={conversation.id} />
      </div>
    </ChatProvider>,
  ).container)) as [ReturnType<typeof within>, ReturnType<typeof within>]

  await userEvent.type(await ada.findByRole('textbox', {}, PATIENCE), 'Hello over the wire{Enter}')
  await bo.findByText('Hello over the wire', {}, PATIENCE)
  const statusOf = (text: string) => ada.getByText(text).closest('[data-status]')?.getAttribute('data-status')
  await expect.poll(() => statusOf('Hello over the wire'), PATIENCE).toMatch(/^(delivered|read)$/)

  await controls.wire(wires[0]!.id, 'cut')
  await expect.poll(() => clients[0]!.getState().connection.status, PATIENCE).not.toBe('online')
  await userEvent.type(ada.getByRole('textbox'), 'From the tunnel{Enter}')
  await expect.poll(() => statusOf('From the tunnel'), PATIENCE).toBe('sending')
  await controls.wire(wires[0]!.id, 'restore')
  await bo.findByText('From the tunnel', {}, PATIENCE)
  await expect.poll(() => statusOf('From the tunnel'), PATIENCE).toMatch(/^(delivered|read)$/)
  await controls.closeWires(wires.map(({ id }) => id))
}, 90_000)

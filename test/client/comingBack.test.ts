import { createChatClient } from 'readback/core'
import { createFakeClock } from 'readback/testing'
import { expect, it, onTestFinished, vi } from 'vitest'
import { MARKER_KEY } from '../../src/sync/knownRows.js'
import { scriptedTransport } from '../sync/scriptedTransport.js'
import { dyingStorage } from './dyingStorage.js'

it('whose rows there are after the handle died is looked for again though somebody starts the client once more', async () => {
  const { database, storage, become, letRead } = dyingStorage()
  const clock = createFakeClock()
  const client = createChatClient({ userId: 'me', transport: scriptedTransport(), storage, ports: { clock, locks: null, openChannel: () => null } })
  onTestFinished(() => client.dispose())
  client.on('error', () => {})
  await client.ensureConversation({ id: 'c', kind: 'direct', members: ['me', 'bo'] })
  await client.start()
  // The browser threw the database away: these are other rows.
  await database.write((tx) => tx.meta.delete(MARKER_KEY))
  letRead(false)
  become('reopening')
  become('ready')
  await new Promise((resolve) => setTimeout(resolve, 20))
  await client.start()
  letRead(true)
  await clock.advanceAsync(3_000)
  const sent = client.send('c', { body: { kind: 'text', text: 'hello' } }).then(() => 'stored', ({ code }) => code)
  await vi.waitFor(async () => {
    await clock.advanceAsync(1_000)
    expect(await Promise.race([sent, Promise.resolve('waits')])).not.toBe('waits')
  })
  expect(await sent).toBe('stored')
})

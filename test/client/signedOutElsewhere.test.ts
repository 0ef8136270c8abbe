/** A tab that hears of a sign-out while its rows are being exchanged for others: it ends at once, for nobody in it looks at those any more. */
import { createChatClient } from 'readback/core'
import { createFakeClock } from 'readback/testing'
import { expect, it, onTestFinished } from 'vitest'
import { MARKER_KEY } from '../../src/sync/knownRows.js'
import { fakeChannels } from '../sync/fakeChannels.js'
import { scriptedTransport } from '../sync/scriptedTransport.js'
import { dyingStorage } from './dyingStorage.js'

/** A client that leads, on rows that can be exchanged under it, and a tab beside it that can say that it signed out. */
async function open() {
  const { database, storage, become, letRead } = dyingStorage()
  const [clock, channels] = [createFakeClock(), fakeChannels()]
  const client = createChatClient({ userId: 'me', transport: scriptedTransport(), storage, ports: { clock, locks: null, openChannel: channels.open } })
  onTestFinished(() => client.dispose())
  client.on('error', () => {})
  await client.ensureConversation({ id: 'c', kind: 'direct', members: ['me', 'bo'] })
  await client.start()
  await clock.advanceAsync(10_000)
  const other = channels.open()
  return {
    client,
    become,
    refuseReads: () => letRead(false),
    /** Somebody had all deleted, and has signed in again: these are the rows of that. */
    exchangeRows: () => database.write((tx) => tx.meta.put(MARKER_KEY, 'of another tab')),
    async hearOfSignOut() {
      other.post({ type: 'signedOut' })
      await settle()
      await clock.advanceAsync(1)
      await settle()
    },
  }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 20))

it('[I26] who is signed out elsewhere, and in again there, has ended at once, and waits for nobody to say whose the new rows are', async () => {
  const { client, become, exchangeRows, hearOfSignOut } = await open()
  become('reopening')
  await exchangeRows()
  await hearOfSignOut()
  become('ready')
  await settle()
  expect(client.getState()).toMatchObject({ phase: 'stopped', conversations: [] })
})

it('[I26] what waits for somebody to say whose the rows are is refused as soon as this tab is signed out', async () => {
  const { client, become, exchangeRows, refuseReads, hearOfSignOut } = await open()
  await exchangeRows()
  refuseReads()
  become('reopening')
  become('ready')
  const sent = client.send('c', { body: { kind: 'text', text: 'hello' } }).then(() => 'stored', ({ code }) => code)
  await settle()
  expect(await Promise.race([sent, Promise.resolve('waits')])).toBe('waits')
  await hearOfSignOut()
  expect(await Promise.race([sent, Promise.resolve('waits')])).toBe('storage/lost')
  expect(client.getState().phase).toBe('stopped')
})

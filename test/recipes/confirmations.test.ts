/** What the docs show of content in receipts, done as a newcomer would. */
import { readFileSync } from 'node:fs'
import { createChatClient, type ChatClient, type Message } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { answers, confirm } from '../../stories/docs/recipes/confirmations.js'

const CREW = { id: 'crew', kind: 'group', members: ['ada', 'bo', 'cy'] } as const
const running: ChatClient[] = []
afterEach(() => Promise.all(running.splice(0).map((client) => client.dispose())))

async function start(hub: ReturnType<typeof memoryHub>, userId: string): Promise<{ client: ChatClient; message: Message }> {
  const client = createChatClient({ userId, transport: hub.transport(), storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
  running.push(client)
  await client.start()
  const source = client.messages(CREW.id)
  source.subscribe(() => {})
  await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(1))
  return { client, message: source.getSnapshot().messages[0]! }
}

it('the page shows the file that is tested here', () => {
  expect(readFileSync(new URL('../../stories/docs/Recipes.mdx', import.meta.url), 'utf8')).toContain("import confirmations from './recipes/confirmations.ts?raw'")
})

it('[RS34] somebody confirms a message, its author is told, and who cannot is told why', async () => {
  const hub = memoryHub()
  await hub.seed({ conversation: CREW, messages: [{ from: 'ada', body: 'Saturday, nine o’clock, at the gate.', time: Date.now() - 1_000 }] })
  const [ada, bo, cy] = [await start(hub, 'ada'), await start(hub, 'bo'), await start(hub, 'cy')]
  expect(await answers(ada.client, ada.message)).toEqual(new Map())
  expect(await confirm(bo.client, bo.message, 'I will be there')).toBeNull()
  await vi.waitFor(async () => expect(await answers(ada.client, ada.message)).toEqual(new Map([['bo', 'I will be there']])), { timeout: 10_000 })
  await cy.client.setReceipts('private')
  expect(await confirm(cy.client, cy.message, 'Me too')).toMatch(/private|public|told/)
  expect(await answers(ada.client, ada.message)).toEqual(new Map([['bo', 'I will be there']]))
})

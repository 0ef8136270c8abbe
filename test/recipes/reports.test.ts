/** What the docs show of reports, done as a newcomer would. */
import { readFileSync } from 'node:fs'
import { createChatClient, type ChatClient } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { announcement, homework, quoteReadAfterMs } from '../../stories/docs/recipes/reports.js'

const CLASS = { id: 'class', kind: 'group', members: ['ada', 'bo', 'cy'] } as const
const running: ChatClient[] = []
afterEach(() => Promise.all(running.splice(0).map((client) => client.dispose())))

async function start(hub: ReturnType<typeof memoryHub>, userId: string) {
  const client = createChatClient({ userId, transport: hub.transport(), storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
  running.push(client)
  await client.start()
  client.messages(CLASS.id).subscribe(() => {})
  await vi.waitFor(() => expect(client.messages(CLASS.id).getSnapshot().messages).toHaveLength(3))
  return client
}

it('the page shows the file that is tested here', () => {
  expect(readFileSync(new URL('../../stories/docs/Recipes.mdx', import.meta.url), 'utf8')).toContain("import reports from './recipes/reports.ts?raw'")
})

it('[RS23] says who read an announcement, what of the homework, and how long a quote lay', async () => {
  const hub = memoryHub()
  await hub.seed({ conversation: CLASS, messages: [1, 2, 3].map((n) => ({ from: 'ada', body: `${n}`, time: Date.now() - 1_000 + n })) })
  const [ada, bo] = [await start(hub, 'ada'), await start(hub, 'bo')]
  const shown = () => ada.messages(CLASS.id).getSnapshot().messages
  expect(await announcement(ada, shown()[1]!)).toBe('0 of 2 have read it; not yet: bo, cy')
  expect(await quoteReadAfterMs(ada, shown()[1]!)).toBeNull()
  await bo.markRead(bo.messages(CLASS.id).getSnapshot().messages.slice(1, 2))
  await vi.waitFor(async () => expect(await announcement(ada, shown()[1]!)).toBe('1 of 2 have read it; not yet: cy'), { timeout: 10_000 })
  expect(await homework(ada, shown()[0]!, shown()[1]!)).toBe('bo 1 of 2\ncy 0 of 2')
  expect(await quoteReadAfterMs(ada, shown()[1]!)).toBeGreaterThanOrEqual(0)
  // Of what somebody else wrote, what this device read counts too.
  expect(await announcement(bo, bo.messages(CLASS.id).getSnapshot().messages[1]!)).toContain('1 of 2')
})

/** What the docs show of looking after storage, done as a newcomer would. */
import { readFileSync } from 'node:fs'
import { createChatClient, type ChatClient } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { backUp, bringBack, bugReport, clearAll, keepForGood, makeRoom, whoHasIt } from '../../stories/docs/recipes/upkeep.js'

const TEAM = { id: 'team', kind: 'group', members: ['ada', 'bo'] } as const
const DAY_MS = 86_400_000
const running: ChatClient[] = []
afterEach(() => Promise.all(running.splice(0).map((client) => client.dispose())))

async function start(hub = memoryHub(), usedBytes = 0) {
  const client = createChatClient({ userId: 'ada', transport: hub.transport(), storage: memoryStorage(), ports: { locks: null, openChannel: () => null, estimateStorage: async () => ({ usedBytes, quotaBytes: 1_000, persisted: false }) } })
  running.push(client)
  await client.start()
  await vi.waitFor(() => expect(client.getState().caughtUp).toBe(true))
  return client
}

/** Ten messages of bo: five of last year, five of today. */
async function withHistory() {
  const hub = memoryHub()
  const messages = Array.from({ length: 10 }, (_, i) => ({ from: 'bo', body: `${i}`, time: Date.now() - (i < 5 ? 365 * DAY_MS : 0) + i }))
  await hub.seed({ conversation: TEAM, messages })
  return hub
}

const unread = (client: ChatClient) => client.getState().conversations.find(({ id }) => id === TEAM.id)?.unread

it('the page shows the file that is tested here', () => {
  expect(readFileSync(new URL('../../stories/docs/Storage.mdx', import.meta.url), 'utf8')).toContain("import upkeep from './recipes/upkeep.ts?raw'")
})

it('room is made when it is short, of what is read and old', async () => {
  const hub = await withHistory()
  const roomy = await start(hub, 100)
  await vi.waitFor(() => expect(unread(roomy)?.count).toBe(10))
  expect(await makeRoom(roomy)).toBe(0)
  await roomy.dispose()
  const short = await start(hub, 900)
  await vi.waitFor(() => expect(unread(short)?.count).toBe(10))
  expect(await makeRoom(short)).toBe(0)
  await clearAll(short)
  expect(unread(short)).toEqual({ count: 0, exact: true })
  expect(await makeRoom(short)).toBe(4)
  expect(unread(short)).toEqual({ count: 0, exact: true })
})

it('a conversation goes out as a file and comes back on another device', async () => {
  const client = await start(await withHistory())
  await vi.waitFor(() => expect(unread(client)?.count).toBe(10))
  const file = await backUp(client, TEAM.id)
  const other = await start()
  expect(await bringBack(other, file)).toBe('team: 10 new, 0 were here')
  expect(await bringBack(other, file)).toBe('team: 0 new, 10 were here')
})

it('says who has a message, and what is going on', async () => {
  const client = await start(await withHistory())
  await client.send(TEAM.id, { body: { kind: 'text', text: 'a secret' } })
  const [, mine] = await vi.waitFor(() => {
    const last = client.getState().conversations[0]?.lastMessage
    expect(last?.from === 'ada' && last.ids.length).toBe(1)
    return ['sent', last!.ids[0]!] as const
  })
  expect(await whoHasIt(client, mine)).toMatch(/^bo 1 \d{4}-/)
  const report = JSON.parse(await bugReport(client))
  expect([report.userId, report.state.phase, report.leader, report.outbox.length <= 1]).toEqual(['ada', 'running', true, true])
  expect(JSON.stringify(report)).not.toContain('secret')
})

it('asks for storage that lasts only where there is such a thing', async () => {
  vi.stubGlobal('navigator', {})
  expect(await keepForGood()).toBe(false)
  vi.stubGlobal('navigator', { storage: { persist: async () => true } })
  expect(await keepForGood()).toBe(true)
  vi.unstubAllGlobals()
})

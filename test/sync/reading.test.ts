import { createChatClient, type ChatClient, type ReceiptPolicy, type Report } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub, type Hub } from 'readback/transport/memory'
import { afterEach, describe, expect, it, vi } from 'vitest'

const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

const ALL: Partial<ReceiptPolicy> = { onOpen: { direct: 'all', group: 'dwell' } }
const COUNT = 450

interface Scene {
  readonly hub: Hub
  readonly ada: ChatClient
  /** Reports of reading that left, in order. */
  readonly reports: Report[]
  unread(): number | undefined
}

async function start(kind: 'direct' | 'group', policy: Partial<ReceiptPolicy>, count = COUNT): Promise<Scene> {
  const hub = memoryHub()
  await hub.seed({ conversation: { id: 'c', kind, members: ['ada', 'bo'] }, messages: Array.from({ length: count }, (_, n) => ({ from: n % 50 === 0 ? 'ada' : 'bo', body: `${n}`, time: 1_000 * n })) })
  const transport = hub.transport()
  const reports: Report[] = []
  const ada = createChatClient({
    userId: 'ada', storage: memoryStorage(), policy: { flushMs: 5, maxFlushMs: 10, ...policy }, ports: { locks: null, openChannel: () => null },
    transport: { ...transport, report: (report, signal) => {
      if (report.kind === 'read') reports.push(report)
      return transport.report(report, signal)
    } },
  })
  running.push(ada)
  ada.messages('c').subscribe(() => {})
  await ada.start()
  const unread = () => ada.getState().conversations[0]?.unread?.count
  if (count > 0) await vi.waitFor(() => expect(unread()).toBeGreaterThan(0))
  // What the first catch-up did not bring, as somebody who scrolls up.
  for (const source = ada.messages('c'); source.getSnapshot().hasOlder; ) await source.loadOlder!()
  return { hub, ada, reports, unread }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 60))

describe('entering a conversation', () => {
  it('[RD12] reads everything that is here under `all`: one report, up to the newest', async () => {
    const { hub, ada, reports, unread } = await start('direct', ALL)
    await ada.markReached('c')
    expect(unread()).toBe(0)
    await vi.waitFor(() => expect(reports).toHaveLength(1))
    await settle()
    expect(reports.map(({ upTo, ranges, visibility }) => [upTo, ranges, visibility])).toEqual([[hub.log('c').at(-1)!.at, [], 'published']])
  })

  it('[RD12] reports nothing where nothing is unread', async () => {
    const { ada, reports } = await start('direct', ALL)
    await ada.markReached('c')
    await vi.waitFor(() => expect(reports).toHaveLength(1))
    await ada.markReached('c')
    await settle()
    expect(reports).toHaveLength(1)
  })

  it('[RD12] reads nothing under `dwell`, and never a group', async () => {
    for (const [kind, policy] of [['direct', {}], ['group', ALL]] as const) {
      const { ada, reports, unread } = await start(kind, policy, 3)
      await ada.markReached('c')
      await settle()
      expect([kind, unread(), reports]).toEqual([kind, 2, []])
    }
  })

  it('[RD12] reads a prefix also where reading goes message by message', async () => {
    const { hub, ada, reports, unread } = await start('direct', { ...ALL, readMode: { direct: 'perMessage', group: 'perMessage' } }, 120)
    await ada.markReached('c')
    expect(unread()).toBe(0)
    await vi.waitFor(() => expect(reports.map(({ upTo }) => upTo)).toEqual([hub.log('c').at(-1)!.at]))
  })

  it('[RD12] [RS15] publishes nothing in private, and afterwards only what came after', async () => {
    const { hub, ada, reports, unread } = await start('direct', ALL, 30)
    await ada.setReceipts('private')
    await ada.markReached('c')
    expect(unread()).toBe(0)
    await vi.waitFor(() => expect(reports.map(({ visibility }) => visibility)).toEqual(['ownDevices']))
    await ada.setReceipts('public')
    await hub.post({ conversationId: 'c', from: 'bo', body: 'one' })
    await hub.post({ conversationId: 'c', from: 'bo', body: 'two' })
    await vi.waitFor(() => expect(unread()).toBe(2))
    await ada.markReached('c')
    const [one, two] = hub.log('c').slice(-2)
    await vi.waitFor(() => expect(reports.filter(({ visibility }) => visibility === 'published').map(({ upTo, ranges }) => [upTo, ranges])).toEqual([[null, [{ from: one!.at, to: two!.at }]]]))
  })
})

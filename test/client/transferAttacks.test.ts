/** Moving a conversation in and out as a file while other things happen to it,. */
import { createChatClient, type ChatClient, type ChatStorage, type Message, type TransportCapabilities } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { storedMissing } from '../../src/sync/notedMissing.js'
import { scriptedTransport } from '../sync/scriptedTransport.js'

const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

const at = (order: number) => ({ epoch: 0, order, id: `m${order}` })
const row = (order: number, more: object = {}): Message => ({ conversationId: 'c', ids: [`m${order}`], at: at(order), from: 'bo', localId: `l${order}`, time: order, body: { kind: 'text', text: `${order}` }, ...more })
const line = (value: unknown) => `${JSON.stringify(value)}\n`
const header = (gaps: readonly object[] = []) => line({ readback: 1, conversation: { id: 'c', kind: 'group' }, gaps })
const lines = (rows: readonly Message[], gaps: readonly object[] = []) => header(gaps) + rows.map((message) => line({ message })).join('')
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

async function device(rows: readonly number[] = [], capabilities: Partial<TransportCapabilities> = {}) {
  const storage: ChatStorage = memoryStorage()
  const wire = scriptedTransport({ catchUp: 'none', ...capabilities })
  const client = createChatClient({ userId: 'me', transport: wire, storage, policy: { flushMs: 1, maxFlushMs: 2 }, ports: { locks: null, openChannel: () => null } })
  running.push(client)
  await client.start()
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  if (rows.length > 0) await client.importConversation(lines(rows.map((order) => row(order))))
  return {
    client, wire, storage,
    missing: async () => (await storage.read((tx) => storedMissing(tx, 'c'))).map(({ after, before }) => [after?.order ?? null, before?.order ?? null]),
    gaps: async () => (await storage.read((tx) => tx.gaps.list('c'))).map(({ after, before }) => [after?.order ?? null, before?.order ?? null]),
    orders: async () => (await storage.read((tx) => tx.messages.page({ conversationId: 'c', limit: 9_999 }))).map((each) => each.at!.order),
    async file() {
      let text = ''
      for await (const each of client.exportConversation('c')) text += each
      return text
    },
  }
}

describe('while it is being pruned', () => {
  it.each([['can', true], ['cannot', false]] as const)('an import does not take what was pruned for being here (history %s be asked for)', async (_can, history) => {
    const { client, gaps, missing, orders } = await device([], { history })
    async function* slowly() {
      yield header() + numbers(1, 500).map((order) => line({ message: row(order, { from: 'me' }) })).join('')
      expect(await client.pruneHistory('c', { before: 400 })).toBe(398)
      yield numbers(501, 600).map((order) => line({ message: row(order, { from: 'me' }) })).join('')
    }
    await client.importConversation(slowly())
    expect((await orders())[0]).toBe(399)
    expect(history ? await gaps() : await missing()).toEqual([[null, 399], ...(history ? [] : [[600, null]])])
  })

  it.each([['can', true], ['cannot', false]] as const)('an export does not claim to be whole (history %s be asked for)', async (_can, history) => {
    const { client } = await device([], { history })
    await client.importConversation(lines(numbers(1, 1_500).map((order) => row(order, { from: 'me' }))))
    let text = ''
    for await (const each of client.exportConversation('c')) {
      text += each
      if (text.includes('"m100"') && !text.includes('"m101"')) await client.pruneHistory('c', { before: 1_000 })
    }
    // Also where it is cut.
    for (const [file, last] of [[text, 1_500], [text.slice(0, text.lastIndexOf('\n', text.indexOf('"m1400"')) + 1), 1_399]] as const) {
      const other = await device()
      await other.client.importConversation(file)
      const here = await other.orders()
      const missing = numbers(1, last).filter((order) => !here.includes(order))
      expect([missing.length > 0, here.at(-1)]).toEqual([true, last])
      const known = await other.gaps()
      expect(missing.filter((order) => !known.some(([after, before]) => (after ?? 0) < order && order < (before ?? Infinity)))).toEqual([])
    }
  })
})

it('what waited or failed on the device that wrote the file does neither on the one that reads it', async () => {
  const { client, storage } = await device()
  await client.importConversation(lines([
    row(1, { from: 'me', outgoing: 'sending' }), row(2, { from: 'me', outgoing: 'failed', failure: { code: 'transport/forbidden', message: 'No.' } }),
    row(3, { from: 'me', failure: { code: 'outbox/givenUp', message: 'No.', action: 'edit' } }), row(4, { from: 'me', recalledAt: Number.MAX_SAFE_INTEGER }), row(5, { from: 'me', deletedAt: Number.MAX_SAFE_INTEGER }), row(6, { from: 'me', recalledAt: 7 }),
  ]))
  const rows = await storage.read((tx) => tx.messages.page({ conversationId: 'c', limit: 9 }))
  expect(rows.map(({ outgoing, failure, recalledAt, deletedAt }) => [outgoing, failure, recalledAt, deletedAt])).toEqual([...Array.from({ length: 5 }, () => [undefined, undefined, undefined, undefined]), [undefined, undefined, 7, undefined]])
})

it('what a file says was deleted for good is not the last message, though the wire told of it: that is what is here', async () => {
  const { client, wire } = await device([1])
  wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', head: at(5), lastMessage: { conversationId: 'c', id: 'm5', at: at(5), from: 'bo', localId: 'l5', time: 5, body: { kind: 'text', text: 'taken back' } } } })
  const last = () => client.getState().conversations[0]?.lastMessage?.ids
  await vi.waitFor(() => expect(last()).toEqual(['m5']))
  await client.importConversation(lines([row(5, { hidden: true, recalledAt: 9, deletedAt: 9, body: { kind: 'text', text: '' } })]))
  expect(last()).toEqual(['m1'])
})

it('[I26] ends with its client: nothing goes into, or comes out of, the rows of whoever opens the storage next', async () => {
  const { client, storage } = await device()
  await client.importConversation(lines(numbers(1, 1_200).map((order) => row(order))))
  const exporting = client.exportConversation('c')
  await exporting.next()
  let goOn = () => {}
  const waits = new Promise<void>((resolve) => (goOn = resolve))
  async function* slowly() {
    yield lines([row(1_201)])
    await waits
    yield line({ message: row(1_202) })
  }
  const importing = client.importConversation(slowly())
  await client.stop()
  const next = createChatClient({ userId: 'bo', transport: scriptedTransport(), storage, ports: { locks: null, openChannel: () => null } })
  running.push(next)
  await next.start()
  await next.importConversation(lines([row(7, { body: { kind: 'text', text: 'of bo' } })]))
  goOn()
  await expect(importing).rejects.toMatchObject({ code: 'client/notStarted' })
  await expect((async () => {
    for await (const each of exporting) expect(each).not.toContain('of bo')
  })()).rejects.toMatchObject({ code: 'client/notStarted' })
  expect((await storage.read((tx) => tx.messages.page({ conversationId: 'c', limit: 9 }))).map(({ ids }) => ids)).toEqual([['m7']])
})

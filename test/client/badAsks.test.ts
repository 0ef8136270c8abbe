/** What an app without types asks for, and cannot have: it is refused by name, and not put aside in silence. */
import { createChatClient, type ChatClient, type ConversationKind, type MessageBody, type NewConversation, type ReceiptVisibility } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it, onTestFinished, vi } from 'vitest'
import { scriptedTransport } from '../sync/scriptedTransport.js'

const TEAM = { id: 'team', kind: 'group', members: ['me', 'bo'] } as const

function make() {
  const storage = memoryStorage()
  const uploaded = vi.fn(async () => ({ url: 'https://files.example/1' }))
  const client = createChatClient({ userId: 'me', transport: scriptedTransport(), storage, attachments: { upload: uploaded }, ports: { locks: null, openChannel: () => null, keepsakes: null } })
  onTestFinished(() => client.dispose())
  const errors: string[] = []
  client.on('error', ({ code }) => errors.push(code))
  const asides = () => storage.read((tx) => tx.quarantine.list())
  return { client, errors, uploaded, asides }
}

const NONE: readonly NewConversation[] = [
  { ...TEAM, title: 5 as unknown as string },
  { ...TEAM, kind: 'room' as ConversationKind },
  { ...TEAM, members: ['me', 7 as unknown as string] },
  { ...TEAM, members: undefined as unknown as readonly string[] },
  { ...TEAM, id: 5 as unknown as string },
]

it.each(NONE)('what is no conversation is refused by name: %j', async (none) => {
  const { client, asides } = make()
  await client.start()
  await expect(client.ensureConversation(none)).rejects.toMatchObject({ code: 'client/invalidConversation' })
  expect([client.getState().conversations, await asides()]).toEqual([[], []])
})

it('what is no conversation, and was made known before the start, keeps nobody from starting, nor the others from being known', async () => {
  const { client, errors } = make()
  for (const none of NONE) await client.ensureConversation(none)
  await client.ensureConversation(TEAM)
  await client.start()
  expect(client.getState().conversations.map(({ id }) => id)).toEqual(['team'])
  expect(errors).toEqual(NONE.map(() => 'client/invalidConversation'))
})

it.each([undefined, 'team'])('[I18] what is no setting of receipts is refused by name, and changes nothing (%s)', async (id) => {
  const { client, asides } = make()
  await client.ensureConversation(TEAM)
  await client.start()
  await expect(client.setReceipts('nobody' as ReceiptVisibility, id)).rejects.toMatchObject({ code: 'client/invalidReceipts' })
  const shown = (of: ChatClient) => [of.getState().receipts, of.getState().conversations[0]!.receipts]
  expect([...shown(client), await asides()]).toEqual(['public', undefined, []])
  await client.setReceipts('off', id)
  await client.setReceipts(null, id)
  expect(shown(client)).toEqual(['public', undefined])
})

it.each([5, undefined])('a draft that is no text is refused by name, and not shown as if it were kept (%s)', async (text) => {
  const { client, asides } = make()
  await client.ensureConversation(TEAM)
  await client.start()
  await client.setDraft(TEAM.id, 'begun')
  await expect(client.setDraft(TEAM.id, text as unknown as string)).rejects.toMatchObject({ code: 'client/invalidDraft' })
  expect([client.getState().conversations[0]!.draft, await asides()]).toEqual(['begun', []])
})

it('[I19] a file that comes with words alone is refused by name: it would be uploaded, and nobody would get it', async () => {
  const { client, uploaded } = make()
  await client.ensureConversation(TEAM)
  await client.start()
  await expect(client.send(TEAM.id, { body: { kind: 'text', text: 'see this' }, upload: new Blob(['some bytes']) })).rejects.toMatchObject({ code: 'client/invalidMessage' })
  expect([client.getState().conversations[0]!.lastMessage, (await client.diagnostics()).outbox]).toEqual([null, []])
  expect(uploaded).not.toHaveBeenCalled()
})

it('a file of a conversation whose title is none is refused: its messages would be stored, and their conversation would not', async () => {
  const { client, asides } = make()
  await client.start()
  const header = JSON.stringify({ readback: 1, conversation: { id: 'x', kind: 'group', title: 5 }, gaps: [] })
  await expect(client.importConversation(`${header}\n`)).rejects.toMatchObject({ code: 'client/invalidImport' })
  expect(await asides()).toEqual([])
})

const HEADER = JSON.stringify({ readback: 1, conversation: { id: 'x', kind: 'group' }, gaps: [] })
const lineOf = (n: number, data: string) => `{"message":{"conversationId":"x","from":"bo","localId":"l${n}","ids":["m${n}"],"at":{"epoch":0,"order":${n},"id":"m${n}"},"time":${n},"body":{"kind":"custom","type":"t","data":${data}}}}\n`

it('a line of a file that is nested too deep is damaged, and keeps nothing beside it from being read', async () => {
  const { client } = make()
  await client.start()
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
  const lines = [`${HEADER}\n`, lineOf(1, '1'), lineOf(2, deep), lineOf(3, '3')]
  expect(await client.importConversation(lines)).toEqual({ conversationId: 'x', added: 2, known: 0, skipped: 1 })
})

it('a file without an end of line, in small pieces, takes no longer than it is long', async () => {
  const { client } = make()
  await client.start()
  const began = performance.now()
  const pieces = Array.from({ length: 16_000 }, () => 'x'.repeat(256))
  expect(await client.importConversation([`${HEADER}\n`, ...pieces, '\n', lineOf(1, '1').slice(0, 40), lineOf(1, '1').slice(40)])).toMatchObject({ added: 1, skipped: 1 })
  expect(performance.now() - began).toBeLessThan(5_000)
}, 20_000)

it('what an app sent and no file can hold is missing from it, and nothing beside it', async () => {
  const { client } = make()
  await client.ensureConversation(TEAM)
  await client.start()
  const circle: { me?: unknown } = {}
  circle.me = circle
  for (const data of ['before', 1n, circle, 'after']) await client.send(TEAM.id, { body: { kind: 'custom', type: 't', data } as MessageBody })
  await vi.waitFor(async () => expect((await client.diagnostics()).outbox).toEqual([]))
  const said: string[] = []
  for await (const line of client.exportConversation(TEAM.id)) said.push(/"data":"\w+"|^\{"hole"/.exec(line)?.[0] ?? '')
  expect(said.filter((each) => each !== '')).toEqual(['"data":"before"', '{"hole"', '{"hole"', '"data":"after"'])
})

it('a file in pieces that are no text, as of a stream of bytes, is refused by name', async () => {
  const { client } = make()
  await client.start()
  const bytes = [new TextEncoder().encode(`${HEADER}\n`)]
  await expect(client.importConversation(bytes as never)).rejects.toMatchObject({ code: 'client/invalidImport' })
  await expect(client.importConversation([`${HEADER}\n`, null] as never)).rejects.toMatchObject({ code: 'client/invalidImport' })
})

type Call = (client: ChatClient) => Promise<unknown>
const said = async (client: ChatClient) => {
  await client.send(TEAM.id, { body: { kind: 'text', text: 'hello' } })
  await vi.waitFor(() => expect(client.messages(TEAM.id).getSnapshot().messages[0]?.ids).toHaveLength(1))
  return client.messages(TEAM.id).getSnapshot().messages[0]!
}
it.each<[string, Call]>([
  ['send without a message', (client) => client.send(TEAM.id, undefined as never)],
  ['delete for nobody', (client) => client.delete(TEAM.id, 'm1', undefined as never)],
  ['delete for somebody else, which would be for all', async (client) => client.delete(TEAM.id, (await said(client)).ids[0]!, { for: 'them' as 'all' })],
  ['pruneHistory without a time', (client) => client.pruneHistory(TEAM.id, undefined as never)],
  ['pruneHistory before no time', (client) => client.pruneHistory(TEAM.id, { before: NaN })],
  ['openAt nowhere', (client) => client.openAt(TEAM.id, undefined as never)],
  ['openAt an unknown end', (client) => client.openAt(TEAM.id, 'oldest' as never)],
  ['openAt a place that is none', (client) => client.openAt(TEAM.id, { at: { epoch: 0 } } as never)],
  ['importConversation of nothing', (client) => client.importConversation(undefined as never)],
  ['importConversation of a file that was not read', (client) => client.importConversation({ name: 'chat.jsonl' } as never)],
  ['markRead of one message, which is no list', async (client) => client.markRead((await said(client)) as never)],
  ['markRead of what are no messages', (client) => client.markRead([{}, null] as never)],
  ['markRead of an unknown kind', async (client) => client.markRead([await said(client)], 'seen' as 'read')],
])('a call that says nothing that can be done is refused by name, and does nothing: %s', async (_, call) => {
  const { client, asides } = make()
  await client.ensureConversation(TEAM)
  await client.start()
  client.messages(TEAM.id).subscribe(() => {})
  await expect(call(client)).rejects.toMatchObject({ code: 'client/invalidCall' })
  expect([(await client.diagnostics()).outbox.filter(({ action }) => action !== 'send' && action !== 'report'), await asides()]).toEqual([[], []])
})

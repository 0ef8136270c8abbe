import { createChatClient, type ChatClient } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, expect, it } from 'vitest'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
const say = (text: string) => ({ body: { kind: 'text', text } as const })
let client: ChatClient
afterEach(() => client.dispose())

async function start() {
  const storage = memoryStorage()
  client = createChatClient({ userId: 'ada', transport: memoryHub().transport(), storage, ports: { locks: null, openChannel: () => null } })
  await client.ensureConversation(PAIR)
  await client.start()
  const draft = () => storage.read(async (tx) => (await tx.conversations.get(PAIR.id))?.draft)
  return { draft }
}

it('a draft goes with the transaction that queues it: a crash right after never shows it again', async () => {
  const { draft } = await start()
  await client.setDraft(PAIR.id, 'Shall we? ')
  await client.send(PAIR.id, say('Shall we?'))
  expect(await draft()).toBeUndefined()
})

it('a draft that is something else stays, whatever is sent meanwhile', async () => {
  const { draft } = await start()
  await client.setDraft(PAIR.id, 'Shall we?')
  await client.send(PAIR.id, say('Yes'))
  await client.send(PAIR.id, { body: { kind: 'file', file: { url: 'https://example.com/a' } } })
  expect(await draft()).toBe('Shall we?')
})

it('what is written while a send is under way is kept', async () => {
  const { draft } = await start()
  await client.setDraft(PAIR.id, 'first')
  const sending = client.send(PAIR.id, say('first'))
  const emptied = client.setDraft(PAIR.id, '')
  const next = client.setDraft(PAIR.id, 'second')
  await Promise.all([sending, emptied, next])
  expect(await draft()).toBe('second')
})

it('an emptied draft is forgotten', async () => {
  const { draft } = await start()
  await client.setDraft(PAIR.id, 'x')
  expect(await draft()).toBe('x')
  await client.setDraft(PAIR.id, '')
  expect(await draft()).toBeUndefined()
})

it('a conversation has one draft: of two tabs that type in it, what was typed last is kept, and a send takes away only what it sent', async () => {
  const { draft } = await start()
  await client.setDraft(PAIR.id, 'typed here')
  await client.setDraft(PAIR.id, 'typed in another tab')
  await client.send(PAIR.id, say('typed here'))
  expect(await draft()).toBe('typed in another tab')
})

it('a draft that there is nothing to keep with is refused by name; an emptied one asks for nothing', async () => {
  await start()
  await expect(client.setDraft('nowhere', 'a letter')).rejects.toMatchObject({ code: 'client/unknownConversation' })
  await client.setDraft('nowhere', '')
})

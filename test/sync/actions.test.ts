import { createChatClient, type ChatClient, type ConversationId, type Message } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub, type Hub } from 'readback/transport/memory'
import { afterEach, describe, expect, it, vi } from 'vitest'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

async function start(hub: Hub = memoryHub()) {
  const client = createChatClient({ userId: 'ada', transport: hub.transport(), storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
  running.push(client)
  const errors: string[] = []
  client.on('error', ({ code }) => errors.push(code))
  await client.ensureConversation(PAIR)
  await client.start()
  const source = client.messages(PAIR.id)
  source.subscribe(() => {})
  await client.send(PAIR.id, { body: { kind: 'text', text: 'first' } })
  const row = () => source.getSnapshot().messages[0]!
  await vi.waitFor(() => expect(row()?.at).toBeTruthy())
  const text = () => (row().body as { text: string }).text
  return { hub, client, errors, row, text, id: row().ids[0]!, last: () => client.getState().conversations.find(({ id }) => id === PAIR.id)?.lastMessage as Message }
}

type World = Awaited<ReturnType<typeof start>>
type Case = readonly [name: string, act: (client: ChatClient, conversation: ConversationId, id: string) => Promise<void>, isShown: (row: Message) => boolean]

const CASES: readonly Case[] = [
  ['a recall', (client, conversation, id) => client.recall(conversation, id), (row) => row.recalledAt !== undefined],
  ['an edit', (client, conversation, id) => client.edit(conversation, id, { kind: 'text', text: 'second' }), (row) => (row.body as { text: string }).text === 'second' && row.editedAt !== undefined],
  ['a deletion for all', (client, conversation, id) => client.delete(conversation, id, { for: 'all' }), (row) => row.deletedAt !== undefined],
  ['a reaction', (client, conversation, id) => client.react(conversation, id, '+', true), (row) => (row.reactions ?? []).some(({ emoji, by }) => emoji === '+' && by === 'ada')],
]

describe.each(CASES)('%s', (_, act, isShown) => {
  const settled = ({ client }: World) => vi.waitFor(async () => expect((await client.diagnostics()).outbox).toEqual([]), 5_000)

  it('is shown at once, also offline, and bears the time of the back end in the end', async () => {
    const world = await start()
    world.hub.setOnline('ada', false)
    await vi.waitFor(() => expect(world.client.getState().connection.status).toBe('offline'))
    await act(world.client, PAIR.id, world.id)
    expect(isShown(world.row())).toBe(true)
    expect(isShown(world.last())).toBe(true)
    expect(isShown(world.hub.log(PAIR.id)[0] as never)).toBe(false)
    world.hub.setOnline('ada', true)
    await settled(world)
    await vi.waitFor(() => expect(isShown(world.hub.log(PAIR.id)[0] as never)).toBe(true))
    const { recalledAt, editedAt, deletedAt } = world.hub.log(PAIR.id)[0]!
    await vi.waitFor(() => expect(world.row()).toMatchObject(JSON.parse(JSON.stringify({ recalledAt, editedAt, deletedAt }))))
    expect(world.errors).toEqual([])
  })

  it('that is refused is taken back, and the app is told', async () => {
    const world = await start()
    const before = world.row()
    world.hub.faults.add({ on: 'call', do: 'refuse', code: 'transport/recallTooLate', stored: 'no', retry: 'no' })
    await act(world.client, PAIR.id, world.id)
    await vi.waitFor(() => expect(world.errors).toEqual(['transport/recallTooLate']))
    await settled(world)
    expect({ ...world.row(), reactions: undefined }).toEqual({ ...before, reactions: undefined })
    expect(world.row().reactions ?? []).toEqual([])
    expect(isShown(world.last())).toBe(false)
  })

  it('that another device did as well stays when this one is refused', async () => {
    const world = await start()
    world.hub.faults.add({ on: 'call', do: 'delay', delayMs: 300, match: ({ userId, method }) => userId === 'ada' && method !== 'history' })
    const other = createChatClient({ userId: 'ada', transport: world.hub.transport(), storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
    running.push(other)
    await other.start()
    await vi.waitFor(async () => expect(await other.getMessage(PAIR.id, world.id)).toBeTruthy())
    await act(world.client, PAIR.id, world.id)
    await act(other, PAIR.id, world.id)
    await settled(world)
    await vi.waitFor(() => expect(isShown(world.hub.log(PAIR.id)[0] as never)).toBe(true))
    await vi.waitFor(() => expect(isShown(world.row())).toBe(true))
  })
})

describe('an action', () => {
  it('on a message that is not here is refused at once', async () => {
    const { client } = await start()
    await expect(client.recall(PAIR.id, 'nothing')).rejects.toThrow('Message "nothing" is not stored in conversation "pair", so nothing was done to it. Load it first, or check the id.')
  })

  it('that the wire cannot do is refused at once, and nothing is shown', async () => {
    const hub = memoryHub()
    const transport = hub.transport()
    const client = createChatClient({ userId: 'ada', transport: { ...transport, capabilities: { ...transport.capabilities, edit: false } }, storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
    running.push(client)
    await client.start()
    await expect(client.edit(PAIR.id, 'm', { kind: 'text', text: 'x' })).rejects.toMatchObject({ code: 'client/unsupported' })
  })
})

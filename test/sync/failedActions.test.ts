import { createChatClient, type ChatClient, type Message } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock } from 'readback/testing'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { MOST_ACTION_TRIES } from '../../src/sync/failedActions.js'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
const say = (text: string) => ({ body: { kind: 'text', text } as const })
const said = ({ body }: Message) => (body as { text: string }).text
let client: ChatClient
afterEach(() => client.dispose())

async function start() {
  const clock = createFakeClock()
  const hub = memoryHub()
  client = createChatClient({ userId: 'ada', transport: hub.transport(), storage: memoryStorage(), ports: { clock, locks: null, openChannel: () => null } })
  const errors: string[] = []
  client.on('error', ({ code }) => errors.push(code))
  await client.ensureConversation(PAIR)
  await client.start()
  const source = client.messages(PAIR.id)
  source.subscribe(() => {})
  await client.send(PAIR.id, say('first'))
  const row = (i = 0) => source.getSnapshot().messages[i]!
  await vi.waitFor(() => {
    clock.advance(100)
    expect(row()?.at).toBeTruthy()
  })
  const calls: string[] = []
  const trouble = (how: 'refuse' | 'hang') => hub.faults.add({ on: 'call', do: how, times: Infinity, stored: 'maybe', retry: 'yes', match: ({ method }) => ['edit', 'recall', 'delete', 'react'].includes(method!) && calls.push(method!) > 0 })
  const outbox = async () => (await client.diagnostics()).outbox.map(({ action, failed }) => `${action}${failed ? ' failed' : ''}`)
  const past = (check: () => unknown) => vi.waitFor(async () => {
    await clock.advanceAsync(40_000)
    await check()
  }, { timeout: 10_000, interval: 1 })
  return { hub, clock, row, id: row().ids[0]!, errors, calls, trouble, outbox, past }
}

describe.each(['refuse', 'hang'] as const)('an edit that always ends with "%s"', (how) => {
  it('is given up after some tries: the message is as the back end has it and says what failed, and what waited behind it goes out', async () => {
    const { row, id, calls, trouble, outbox, past, errors } = await start()
    trouble(how)
    await client.edit(PAIR.id, id, { kind: 'text', text: 'second' })
    await client.send(PAIR.id, say('behind'))
    expect([said(row()), row().failure]).toEqual(['second', undefined])
    await past(() => expect(row().failure).toBeTruthy())
    expect(calls).toHaveLength(MOST_ACTION_TRIES)
    expect([said(row()), row().editedAt]).toEqual(['first', undefined])
    expect(row().failure).toEqual({ code: 'outbox/givenUp', action: 'edit', message: 'The back end did not take the "edit" of a message in 12 tries, so the message is shown as the back end has it. Try again, or discard it.' })
    await past(() => expect(row(1).at).toBeTruthy())
    expect(await outbox()).toEqual(['edit failed'])
    expect(errors).toEqual([])
  })
})

describe('an action that was given up', () => {
  async function givenUp(act: (id: string) => Promise<void>) {
    const world = await start()
    const end = world.trouble('refuse')
    await act(world.id)
    await world.past(() => expect(world.row().failure).toBeTruthy())
    end()
    return world
  }

  it('is done again by retry', async () => {
    const { row, outbox, past, hub } = await givenUp((id) => client.edit(PAIR.id, id, { kind: 'text', text: 'second' }))
    await client.retry(PAIR.id, row().localId)
    expect([said(row()), row().failure]).toEqual(['second', undefined])
    await past(async () => expect(await outbox()).toEqual([]))
    expect(hub.log(PAIR.id)[0]!.body).toEqual({ kind: 'text', text: 'second' })
    expect(row().editedAt).toBeGreaterThan(0)
  })

  it('is let go by discard, once; the message itself cannot be discarded', async () => {
    const { row, outbox } = await givenUp((id) => client.recall(PAIR.id, id))
    expect(row().recalledAt).toBeUndefined()
    await client.discard(PAIR.id, row().localId)
    expect([row().failure, await outbox()]).toEqual([undefined, []])
    await expect(client.discard(PAIR.id, row().localId)).rejects.toMatchObject({ code: 'outbox/accepted' })
  })

  it('is overtaken by the next of its kind', async () => {
    const { row, outbox, id, past } = await givenUp((of) => client.edit(PAIR.id, of, { kind: 'text', text: 'second' }))
    await client.edit(PAIR.id, id, { kind: 'text', text: 'third' })
    expect([said(row()), row().failure]).toEqual(['third', undefined])
    await past(async () => expect(await outbox()).toEqual([]))
    expect(said(row())).toBe('third')
  })

  it('may be a reaction to what somebody else wrote', async () => {
    const { hub, row, past, trouble, outbox } = await start()
    await hub.post({ conversationId: PAIR.id, from: 'bo', body: 'hello' })
    await past(() => expect(row(1)?.from).toBe('bo'))
    const end = trouble('refuse')
    await client.react(PAIR.id, row(1).ids[0]!, '+', true)
    await past(() => expect(row(1).failure?.action).toBe('react'))
    expect(row(1).reactions ?? []).toEqual([])
    end()
    await client.retry(PAIR.id, row(1).localId)
    await past(async () => expect(await outbox()).toEqual([]))
    expect(row(1).reactions).toEqual([{ emoji: '+', by: 'ada' }])
  })

  it('is still seen when something else that failed of the message is done again', async () => {
    const { row, id, trouble, outbox, past } = await start()
    const end = trouble('refuse')
    await client.edit(PAIR.id, id, { kind: 'text', text: 'second' })
    await client.react(PAIR.id, id, '+', true)
    await past(async () => expect(await outbox()).toEqual(['edit failed', 'react failed']))
    end()
    await client.react(PAIR.id, id, '+', true)
    await past(async () => expect(await outbox()).toEqual(['edit failed']))
    expect(row().failure).toMatchObject({ code: 'outbox/givenUp', action: 'edit' })
    await client.discard(PAIR.id, row().localId)
    expect([row().failure, await outbox()]).toEqual([undefined, []])
  })

  it('goes with its message when that is deleted for me, and does not keep what is older from being pruned', async () => {
    const { row, outbox, id, past, clock } = await givenUp((of) => client.edit(PAIR.id, of, { kind: 'text', text: 'second' }))
    await client.delete(PAIR.id, id, { for: 'me' })
    expect(await outbox()).toEqual([])
    for (const text of ['a', 'b', 'c']) await client.send(PAIR.id, say(text))
    await past(() => expect(row(2)?.at).toBeTruthy())
    expect(await client.pruneHistory(PAIR.id, { before: clock.now() + 1e12 })).toBe(2)
  })

  it('is let go at once where its message was deleted for me while it was tried', async () => {
    const { row, outbox, id, past, clock, trouble, calls } = await start()
    for (const text of ['a', 'b', 'c']) await client.send(PAIR.id, say(text))
    await past(() => expect(row(3)?.at).toBeTruthy())
    trouble('refuse')
    await client.edit(PAIR.id, id, { kind: 'text', text: 'second' })
    await vi.waitFor(() => expect(calls.length).toBeGreaterThan(0))
    await client.delete(PAIR.id, id, { for: 'me' })
    await past(async () => expect(await outbox()).not.toContain('edit'))
    expect([calls.length, await outbox()]).toEqual([MOST_ACTION_TRIES, []])
    expect(await client.pruneHistory(PAIR.id, { before: clock.now() + 1e12 })).toBe(2)
  })

  it('is no failure any more once the back end says that it has it', async () => {
    const { hub, row, id, past, outbox } = await givenUp((of) => client.edit(PAIR.id, of, { kind: 'text', text: 'second' }))
    const other = hub.transport()
    onTestFinished(() => other.close())
    await other.connect({ userId: 'ada', token: async () => undefined, conversations: [] })
    await other.edit!(PAIR.id, id, { kind: 'text', text: 'another' })
    await past(() => expect(said(row())).toBe('another'))
    expect([row().failure?.action, await outbox()]).toEqual(['edit', ['edit failed']])
    await other.edit!(PAIR.id, id, { kind: 'text', text: 'second' })
    await past(() => expect(said(row())).toBe('second'))
    expect([row().failure, await outbox()]).toEqual([undefined, []])
  })

  it('was waited for on its message, which is not pruned before', async () => {
    const { row, outbox, id, past, clock, trouble } = await start()
    for (const text of ['a', 'b', 'c']) await client.send(PAIR.id, say(text))
    await past(() => expect(row(3)?.at).toBeTruthy())
    trouble('refuse')
    await client.edit(PAIR.id, id, { kind: 'text', text: 'second' })
    expect(await client.pruneHistory(PAIR.id, { before: clock.now() + 1e12 })).toBe(0)
    await past(async () => expect(await outbox()).toEqual(['edit failed']))
    expect((await client.getMessage(PAIR.id, id))?.failure?.action).toBe('edit')
  })

  it('stays noted on its message when the back end tells the message again', async () => {
    const { row, past, id } = await givenUp((of) => client.edit(PAIR.id, of, { kind: 'text', text: 'second' }))
    await client.stop()
    await client.start()
    await past(() => expect(client.getState().connection.status).toBe('online'))
    expect((await client.getMessage(PAIR.id, id))?.failure?.action).toBe('edit')
    await client.retry(PAIR.id, row().localId)
    await past(() => expect(row().failure).toBeUndefined())
  })
})

it('a line that is gone burns no try', async () => {
  const { hub, row, id, past } = await start()
  const end = hub.faults.add({ on: 'call', do: 'refuse', code: 'transport/offline', times: 3 * MOST_ACTION_TRIES, stored: 'maybe', retry: 'yes', match: ({ method }) => method === 'edit' })
  await client.edit(PAIR.id, id, { kind: 'text', text: 'second' })
  await past(() => expect(row().editedAt).toBeGreaterThan(0))
  end()
  expect(row().failure).toBeUndefined()
})

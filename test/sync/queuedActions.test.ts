import fc from 'fast-check'
import type { Message, MessageBody, StorageTx } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { describe, expect, it } from 'vitest'
import { enqueueAction } from '../../src/sync/actions.js'
import { applyEdit, type EditEvent } from '../../src/sync/applyEdits.js'
import { createChanges } from '../../src/sync/changes.js'
import type { SyncContext } from '../../src/sync/context.js'
import { payloadOf, settleAction } from '../../src/sync/queuedActions.js'
import type { OutboxAction } from '../../src/storage/index.js'

const RUNS = 300
const text = (said: string): MessageBody => ({ kind: 'text', text: said })
const said = ({ body }: Message) => (body as { text: string }).text
const isLiked = ({ reactions }: Message) => (reactions ?? []).some(({ emoji, by }) => emoji === '+' && by === 'me')

/** One message of mine here and at the back end, whose answers and events come when the test says so. */
async function makeWorld() {
  const storage = memoryStorage()
  await storage.open('me')
  const row: Message = { conversationId: 'c', from: 'me', localId: 'l', ids: ['m'], at: { epoch: 0, order: 1, id: 'm' }, time: 1, body: text('0') }
  await storage.write((tx) => tx.messages.put([row]))
  const ctx = { me: 'me', storage, transport: { capabilities: { edit: true, react: true } } } as unknown as SyncContext
  const server: { body: string; editedAt: number | undefined; liked: boolean } = { body: '0', editedAt: undefined, liked: false }
  const events: EditEvent[] = []
  let time = 10
  let edits = 0
  let called: { readonly entry: OutboxAction; readonly isTaken: boolean } | null = null
  const within = (fn: (tx: StorageTx) => Promise<unknown>) => storage.write(fn)
  const queued = () => storage.read(async (tx) => (await tx.outbox.list()) as OutboxAction[])

  function serverEdits(body: string): void {
    Object.assign(server, { body, editedAt: ++time })
    events.push({ type: 'edited', conversationId: 'c', id: 'm', body: text(body), time })
  }
  function serverLikes(on: boolean): void {
    server.liked = on
    events.push({ type: 'reacted', conversationId: 'c', id: 'm', reaction: { emoji: '+', by: 'me' }, on })
  }
  const steps = {
    edit: () => enqueueAction(ctx, 'c', 'm', { action: 'edit', body: text(`mine ${++edits}`) }),
    like: () => enqueueAction(ctx, 'c', 'm', { action: 'react', emoji: '+', on: true }),
    unlike: () => enqueueAction(ctx, 'c', 'm', { action: 'react', emoji: '+', on: false }),
    elsewhere: async () => serverEdits(`elsewhere ${++edits}`),
    likedElsewhere: async () => serverLikes(!server.liked),
    take: () => call(true),
    refuse: () => call(false),
    async answer() {
      if (!called) return
      const { entry, isTaken } = called
      called = null
      await within((tx) => settleAction(tx, ctx, entry, isTaken, createChanges()))
    },
    /** The message comes with a page of history, as it is there now. */
    async fetch() {
      await within(async (tx) => {
        const before = (await tx.messages.get(row))!
        if ((server.editedAt ?? -1) > (before.editedAt ?? -1)) await tx.messages.put([{ ...before, body: text(server.body), editedAt: server.editedAt! }])
      })
    },
    /** The row is as it was once: what was done in memory met an older database. */
    forget: () => within((tx) => tx.messages.put([row])),
    async hear() {
      const event = events.shift()
      if (event) await within((tx) => applyEdit(tx, 'me', event, createChanges()))
    },
  }
  async function call(isTaken: boolean): Promise<void> {
    const [entry] = await queued()
    if (!entry || called) return
    called = { entry, isTaken }
    const { done } = payloadOf(entry)
    if (!isTaken) return
    if (done.action === 'edit') serverEdits((done.body as { text: string }).text)
    else if (done.action === 'react') serverLikes(done.on)
  }
  return { server, steps, queued, isBusy: async () => called !== null || events.length > 0 || (await queued()).length > 0, row: () => storage.read(async (tx) => (await tx.messages.get(row))!) }
}

type Step = keyof Awaited<ReturnType<typeof makeWorld>>['steps']

async function play(steps: readonly Step[]) {
  const world = await makeWorld()
  for (const step of steps) await world.steps[step]()
  return world
}

describe('edits of one message that wait in line', () => {
  it('the first refused and the second taken: the second counts', async () => {
    const { row, server } = await play(['edit', 'edit', 'refuse', 'answer', 'take', 'hear', 'answer'])
    expect([said(await row()), (await row()).editedAt]).toEqual(['mine 2', server.editedAt])
  })

  it('both refused: as it was before both, and not marked as edited', async () => {
    const { row } = await play(['edit', 'edit', 'refuse', 'answer', 'refuse', 'answer'])
    expect([said(await row()), (await row()).editedAt]).toEqual(['0', undefined])
  })

  it.each([['before', ['take', 'hear', 'answer']], ['after', ['take', 'answer', 'hear']]] as const)('the first taken, its event %s its answer, and the second refused: the first counts', async (_, taking) => {
    const { row, server } = await play(['edit', 'edit', ...taking, 'refuse', 'answer'])
    expect([said(await row()), (await row()).editedAt]).toEqual(['mine 1', server.editedAt])
  })

  it('the event of the first does not bring it back on screen while the second waits', async () => {
    const { row } = await play(['edit', 'edit', 'take', 'hear'])
    expect(said(await row())).toBe('mine 2')
  })

  it('what another device makes of it after mine was taken stays', async () => {
    const { row } = await play(['edit', 'take', 'elsewhere', 'hear', 'hear', 'answer'])
    expect(said(await row())).toBe('elsewhere 2')
  })
})

it('a reaction that is given, taken back and given again does not flicker', async () => {
  const world = await play(['like', 'unlike', 'like'])
  for (const step of ['take', 'hear', 'answer', 'take', 'hear', 'answer', 'take', 'hear', 'answer'] as const) {
    await world.steps[step]()
    expect(isLiked(await world.row())).toBe(true)
  }
})

it('a message that something else has replaced while an edit of it waits ends as the back end has it', async () => {
  const { row, server } = await play(['edit', 'forget', 'take', 'hear', 'answer'])
  expect([said(await row()), (await row()).editedAt]).toEqual(['mine 1', server.editedAt])
})

it('whatever comes between, the message ends as the back end has it', async () => {
  const names: readonly Step[] = ['edit', 'edit', 'elsewhere', 'take', 'refuse', 'answer', 'hear', 'fetch', 'forget']
  await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom(...names), { maxLength: 24 }), async (steps) => {
    const world = await play(steps)
    while (await world.isBusy()) for (const step of ['take', 'answer', 'hear'] as const) await world.steps[step]()
    // What was forgotten last comes with the next page of history.
    await world.steps.fetch()
    const row = await world.row()
    expect([said(row), row.editedAt]).toEqual([world.server.body, world.server.editedAt])
  }), { numRuns: RUNS })
})

it('whatever is taken or refused, done elsewhere, and heard in whatever order: the last of mine is shown while it waits, and in the end what the back end has', async () => {
  const names: readonly Step[] = ['edit', 'like', 'unlike', 'elsewhere', 'likedElsewhere', 'take', 'refuse', 'answer', 'hear']
  await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom(...names), { maxLength: 30 }), fc.boolean(), async (steps, isTaken) => {
    const world = await makeWorld()
    for (const step of steps) {
      await world.steps[step]()
      const waiting = (await world.queued()).map((entry) => payloadOf(entry).done)
      const [edit] = waiting.filter((done) => done.action === 'edit').slice(-1)
      if (edit?.action === 'edit') expect((await world.row()).body).toEqual(edit.body)
      const [react] = waiting.filter((done) => done.action === 'react').slice(-1)
      if (react?.action === 'react') expect(isLiked(await world.row())).toBe(react.on)
    }
    while (await world.isBusy()) for (const step of [isTaken ? 'take' : 'refuse', 'answer', 'hear'] as const) await world.steps[step]()
    const row = await world.row()
    expect([said(row), row.editedAt, isLiked(row)]).toEqual([world.server.body, world.server.editedAt, world.server.liked])
  }), { numRuns: RUNS })
})

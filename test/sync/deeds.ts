/** What is done in a stored world, each deed one transaction; with what tests of them need to say what one does. */
import { TransportError, type OutboxAction, type OutboxEntry, type OutboxSend } from 'readback/core'
import { enqueueAction } from '../../src/sync/actions.js'
import type { SyncContext } from '../../src/sync/context.js'
import { MOST_ACTION_TRIES } from '../../src/sync/failedActions.js'
import { markRead } from '../../src/sync/reading.js'
import { runAction, runSend } from '../../src/sync/sending.js'
import type { StoredWorld } from './storedWorld.js'

export type Deed = (world: StoredWorld) => Promise<unknown>

/** By name. With what is done before it, where it needs more than a conversation. */
export type Deeds = Readonly<Record<string, Deed | readonly [before: Deed, deed: Deed]>>

export const partsOf = (deed: Deeds[string]): readonly [before: Deed, deed: Deed] => (typeof deed === 'function' ? [async () => {}, deed] : deed)

export const signal = new AbortController().signal
export const text = (words: string) => ({ kind: 'text', text: words }) as const
export const REFUSED = new TransportError('transport/refused', 'No.', { stored: 'no', retry: 'no' })
export const BUSY = new TransportError('transport/busy', 'Not now.', { stored: 'maybe', retry: 'yes' })

/** A wire that takes, or fails at, what is done to messages. */
export function acting({ ctx }: StoredWorld, react: () => Promise<void> = async () => {}): SyncContext {
  return { ...ctx, transport: { ...ctx.transport, capabilities: { ...ctx.transport.capabilities, react: true }, react } }
}

export const entryOf = async <Entry extends OutboxEntry>({ storage }: StoredWorld, is: (entry: OutboxEntry) => boolean): Promise<Entry> => (await storage.read((tx) => tx.outbox.list())).find(is) as Entry
export const sendOf = (world: StoredWorld, localId: string) => entryOf<OutboxSend>(world, (entry) => entry.action === 'send' && entry.localId === localId)
export const actionOf = (world: StoredWorld) => entryOf<OutboxAction>(world, ({ action }) => action === 'react')

export const readAll: Deed = async ({ ctx, storage }) => markRead(ctx, await storage.read((tx) => tx.messages.page({ conversationId: 'c', limit: 9 })), 'read')
export const reactTo: Deed = (world) => enqueueAction(acting(world), 'c', 'm2', { action: 'react', emoji: '+', on: true })
export const sendFirst: Deed = async (world) => runSend(world.ctx, await sendOf(world, 'first'), signal)

export const refuseFirst: Deed = (world) => {
  world.transport.answer = () => Promise.reject(REFUSED)
  return sendFirst(world)
}

/** Tried often enough before. */
export const giveUpReaction: Deed = async (world) => runAction(acting(world, () => Promise.reject(BUSY)), { ...(await actionOf(world)), attempts: MOST_ACTION_TRIES - 1 }, (call) => call())

export const inOrder = (...deeds: readonly Deed[]): Deed => async (world) => {
  for (const deed of deeds) await deed(world)
}

/** For what keeps a write that failed to itself, to try again later: ends with how it failed, where it could not be done. */
export async function withTrouble({ ctx }: StoredWorld, run: (ctx: SyncContext) => Promise<boolean>): Promise<void> {
  let trouble: unknown
  const write: typeof ctx.storage.write = (...args) => ctx.storage.write(...args).catch((cause: unknown) => {
    trouble = cause
    throw cause
  })
  if (!(await run({ ...ctx, storage: { ...ctx.storage, write } }))) throw trouble
}

/** What the user or the app does. */
import { enqueueAction } from '../../src/sync/actions.js'
import { storeDraft } from '../../src/sync/drafts.js'
import { discardSend, enqueueSend, retrySend } from '../../src/sync/enqueue.js'
import { storeEnsured } from '../../src/sync/ensure.js'
import { exportLines } from '../../src/sync/exporting.js'
import { hideMessage } from '../../src/sync/hiding.js'
import { importLines } from '../../src/sync/importing.js'
import { markUnread } from '../../src/sync/manualUnread.js'
import { pruneBatch } from '../../src/sync/pruning.js'
import { clearUnread, markReached, markRead } from '../../src/sync/reading.js'
import { publishEarlier, setReceipts } from '../../src/sync/receiptSettings.js'
import { noteSignOut } from '../../src/sync/signOuts.js'
import { acting, giveUpReaction, inOrder, reactTo, readAll, refuseFirst, text, type Deed, type Deeds } from './deeds.js'
import { incoming, storedWorld } from './storedWorld.js'

const switchTo = (visibility: 'off' | 'public'): Deed => ({ ctx }) => setReceipts(ctx, visibility)

/** What another device has stored. */
async function exported(): Promise<readonly string[]> {
  const other = await storedWorld()
  await other.inbound.store([7, 8].map((order) => incoming(order)))
  const lines: string[] = []
  for await (const line of exportLines(other.ctx, 'c')) lines.push(line)
  await other.storage.close()
  return lines
}

export const USER_DEEDS: Deeds = {
  'a message is written': ({ ctx }) => enqueueSend(ctx, 'c', { localId: 'new', body: text('new') }),
  'messages are read': async ({ ctx, storage }) => markRead(ctx, (await storage.read((tx) => tx.messages.page({ conversationId: 'c', limit: 9 }))).slice(1, 3), 'read'),
  'a message is taken back': ({ ctx }) => discardSend(ctx, 'c', 'first'),
  'a message is reacted to': (world) => enqueueAction(acting(world), 'c', 'm2', { action: 'react', emoji: '+', on: true }),
  'a failed message is tried again': [refuseFirst, ({ ctx }) => retrySend(ctx, 'c', 'first')],
  'a failed message is let go': [refuseFirst, ({ ctx }) => discardSend(ctx, 'c', 'first')],
  'an action that was given up is tried again': [inOrder(reactTo, giveUpReaction), (world) => retrySend(acting(world), 'c', 'l2')],
  'an action that was given up is let go': [inOrder(reactTo, giveUpReaction), (world) => discardSend(acting(world), 'c', 'l2')],
  'everything is cleared': ({ ctx }) => clearUnread(ctx, 'c'),
  'a conversation is marked as unread': ({ ctx }) => markUnread(ctx, 'c'),
  'a conversation is entered where that reads all': ({ ctx }) => markReached({ ...ctx, policy: { ...ctx.policy, onOpen: { direct: 'all', group: 'all' } } }, 'c'),
  'receipts are switched off': ({ ctx }) => setReceipts(ctx, 'off', 'c'),
  'what was read in private may show': [inOrder(switchTo('off'), readAll, switchTo('public')), ({ ctx }) => publishEarlier(ctx)],
  'old messages are taken off': [readAll, ({ ctx }) => pruneBatch(ctx, 'c', Infinity)],
  'a file is imported': async ({ ctx }) => importLines(ctx, await FILE, () => {}),
  'a conversation is made known': ({ ctx }) => storeEnsured(ctx, { id: 'new', kind: 'group', title: 'New', members: ['me', 'bo', 'cy'] }),
  'a draft is kept': ({ ctx }) => storeDraft(ctx, 'c', 'begun'),
  'the last message is hidden here': ({ ctx }) => hideMessage(ctx, 'c', 'm4'),
  'the account is signed out': ({ storage }) => noteSignOut(storage),
}

const FILE = exported()

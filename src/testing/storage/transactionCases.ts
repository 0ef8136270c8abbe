import type { Message } from '../../model/index.js'
import type { ChatStorage, StorageTx } from '../../storage/storage.js'
import { check, failure, same } from './check.js'
import type { CaseBody } from './case.js'
import { CONVERSATION, conversation, echo, member, memberState, message, pageNames, point, send } from './rows.js'

export const transactionCases: readonly CaseBody[] = [
  {
    title: 'write returns what the function returned, read too',
    async run({ storage }) {
      same(await storage.write(async () => 7), 7, 'write')
      same(await storage.read(async () => 'seven'), 'seven', 'read')
    },
  },
  {
    title: '[I27] an error thrown by the function aborts everything and is rethrown as it is',
    async run({ storage }) {
      await storage.write((tx) => tx.messages.put([message(1), echo(1)]))
      const before = await everything(storage)
      const mine = new Error('mine')
      const error = await failure(storage.write(async (tx) => {
        await changeAll(tx)
        throw mine
      }), 'a write whose function throws must reject')
      check(error === mine, 'the error is the very one that was thrown')
      same(await everything(storage), before, 'after the abort')
    },
  },
  {
    title: 'the storage goes on after an abort',
    async run({ storage }) {
      await failure(storage.write(async (tx) => {
        await tx.messages.put([message(1)])
        throw new Error('mine')
      }), 'must reject')
      await storage.write((tx) => tx.messages.put([message(2)]))
      same(await storage.read((tx) => pageNames(tx, { limit: 9 })), ['m2'], 'page')
    },
  },
  {
    title: 'writes are serial: two that read, then write, both count',
    async run({ storage }) {
      const increment = () => storage.write(async (tx) => tx.meta.put('count', ((await tx.meta.get<number>('count')) ?? 0) + 1))
      await Promise.all(Array.from({ length: 10 }, increment))
      same(await storage.read((tx) => tx.meta.get('count')), 10, 'count')
    },
  },
  {
    title: 'writes are serial across two that share the data',
    async run({ storage, second }) {
      const other = (await second()) ?? storage
      const increment = (one: ChatStorage) => one.write(async (tx) => tx.meta.put('count', ((await tx.meta.get<number>('count')) ?? 0) + 1))
      await Promise.all([storage, other, storage, other, other, storage].map(increment))
      same(await storage.read((tx) => tx.meta.get('count')), 6, 'count')
    },
  },
  {
    title: 'a read sees all of a write or nothing of it',
    async run({ storage }) {
      const writing = storage.write(async (tx) => {
        await tx.meta.put('a', 1)
        await tx.messages.get(message(1))
        await tx.meta.put('b', 1)
      })
      const seen = await storage.read(async (tx) => [await tx.meta.get('a'), await tx.meta.get('b')])
      await writing
      check(seen[0] === seen[1], `a torn read: ${JSON.stringify(seen)}`)
    },
  },
  {
    title: 'calls within a transaction may run side by side',
    async run({ storage }) {
      await storage.write((tx) => Promise.all([tx.messages.put([message(1)]), tx.meta.put('k', 1), tx.conversations.put([conversation('c')])]))
      const seen = await storage.read((tx) => Promise.all([pageNames(tx, { limit: 9 }), tx.meta.get('k'), tx.conversations.get('c')]))
      same(seen, [['m1'], 1, conversation('c')], 'rows')
    },
  },
  {
    title: 'a read cannot write',
    async run({ storage }) {
      const error = await failure(storage.read((tx) => tx.meta.put('k', 1)), 'a write within read() must reject')
      same((error as { code?: unknown }).code, 'storage/misuse', 'code')
      same(await storage.read((tx) => tx.meta.get('k')), undefined, 'value')
    },
  },
  {
    title: 'both durabilities keep what was written',
    async run({ storage, reload }) {
      await storage.write((tx) => tx.meta.put('strict', 1), { durability: 'strict' })
      await storage.write((tx) => tx.meta.put('relaxed', 1), { durability: 'relaxed' })
      const after = await reload()
      same(await after.read(async (tx) => [await tx.meta.get('strict'), await tx.meta.get('relaxed')]), [1, 1], 'values')
    },
  },
  {
    title: 'what cannot be stored is refused with a code, and nothing of its transaction is kept',
    async run({ storage }) {
      const bad = { ...message(1), body: { kind: 'custom', type: 't', data: () => {} } } as Message
      const error = await failure(storage.write(async (tx) => {
        await tx.meta.put('k', 1)
        await tx.messages.put([bad])
      }), 'a function within a row must be refused')
      same((error as { code?: unknown }).code, 'storage/unstorable', 'code')
      same(await storage.read((tx) => tx.meta.get('k')), undefined, 'value')
    },
  },
  {
    title: 'a caller who changes a row before or after changes only its own copy',
    async run({ storage }) {
      const given = message(1) as { body: { text: string }; ids: string[] } & Message
      const putting = storage.write((tx) => tx.messages.put([given]))
      await putting
      given.ids.push('pushed')
      given.body.text = 'changed'
      const got = (await storage.read((tx) => tx.messages.get(message(1)))) as typeof given
      got.ids.push('pushed')
      got.body.text = 'changed'
      same(await storage.read((tx) => tx.messages.get(message(1))), message(1), 'row')
      same(await storage.read((tx) => tx.messages.findById('pushed')), [], 'by an id that was never put')
    },
  },
]

/** Touches every table. */
async function changeAll(tx: StorageTx): Promise<void> {
  await tx.messages.put([message(1, { time: 9 }), message(2), { ...message(3), body: 4 } as unknown as Message])
  await tx.messages.delete([echo(1)])
  await tx.conversations.put([conversation('c')])
  await tx.members.put('c', [member('anna')])
  await tx.readStates.put('c', [memberState('anna', 1)])
  await tx.outbox.add(send('l'))
  await tx.held.put([{ key: 'k', conversationId: 'c', heldAt: 1, event: null }])
  await tx.gaps.replace('c', [{ conversationId: 'c', after: point(1), before: null }])
  await tx.meta.put('k', 1)
}

async function everything(storage: ChatStorage): Promise<unknown> {
  return storage.read(async (tx) => ({
    page: await tx.messages.page({ conversationId: CONVERSATION, limit: 9 }),
    ids: [await tx.messages.findById('m1'), await tx.messages.findById('m2')],
    echoes: await tx.messages.echoes(CONVERSATION),
    conversations: await tx.conversations.list(),
    members: await tx.members.list('c'),
    readStates: await tx.readStates.list('c'),
    outbox: await tx.outbox.list(),
    held: await tx.held.list(),
    gaps: await tx.gaps.list('c'),
    quarantine: await tx.quarantine.list(),
    meta: await tx.meta.get('k'),
  }))
}

import { check, failure, same } from './check.js'
import type { CaseBody } from './case.js'
import { conversation, echo, message, pageNames, send } from './rows.js'

export const lifeCases: readonly CaseBody[] = [
  {
    title: 'an open storage says so: ready, or in memory and why',
    async run({ storage }) {
      const state = storage.getState()
      check(state.status === 'ready' || state.status === 'memory', `state is ${state.status}`)
    },
  },
  {
    title: 'rows survive a reload',
    async run({ storage, reload }) {
      await storage.write(async (tx) => {
        await tx.messages.put([message(1), echo(1)])
        await tx.conversations.put([conversation('c')])
        await tx.outbox.add(send('echo1'))
      })
      const after = await reload()
      const seen = await after.read(async (tx) => ({ page: await pageNames(tx, { limit: 9 }), echoes: (await tx.messages.echoes(message(1).conversationId)).length, conversations: (await tx.conversations.list()).length, outbox: (await tx.outbox.list()).length }))
      same(seen, { page: ['m1'], echoes: 1, conversations: 1, outbox: 1 }, 'after')
    },
  },
  {
    title: 'a closed storage refuses, with a code, and says that it is closed',
    async run({ storage }) {
      await storage.close()
      same(storage.getState().status, 'closed', 'state')
      for (const work of [storage.read(async () => 1), storage.write(async () => 1)]) {
        same(((await failure(work, 'must be refused')) as { code?: unknown }).code, 'storage/closed', 'code')
      }
      await storage.close()
    },
  },
  {
    title: 'open, close and open again in one breath ends open (StrictMode)',
    async run({ storage }) {
      await storage.write((tx) => tx.meta.put('k', 1))
      const all = [storage.close(), storage.open('me'), storage.close(), storage.open('me'), storage.open('me')]
      await Promise.all(all)
      same(await storage.read((tx) => tx.meta.get('k')), 1, 'value')
      await storage.write((tx) => tx.meta.put('k', 2))
      same(await storage.read((tx) => tx.meta.get('k')), 2, 'value')
    },
  },
  {
    title: '[I27] a write that close() overtakes is kept exactly if it said so',
    async run({ storage, reload }) {
      const [writing] = await Promise.allSettled([storage.write((tx) => tx.meta.put('k', 1)), storage.close()])
      const after = await reload()
      same(await after.read((tx) => tx.meta.get('k')), writing.status === 'fulfilled' ? 1 : undefined, `value of a write that was ${writing.status}`)
    },
  },
  {
    title: '[I26] each account has rows of its own',
    async run({ storage }) {
      await storage.write((tx) => tx.messages.put([message(1)]))
      await storage.open('other')
      same(await storage.read((tx) => pageNames(tx, { limit: 9 })), [], "the other account's page")
      await storage.write((tx) => tx.messages.put([message(2)]))
      await storage.open('me')
      same(await storage.read((tx) => pageNames(tx, { limit: 9 })), ['m1'], 'my page')
    },
  },
  {
    title: 'wipe deletes all of the account and nothing of another, and closes',
    async run({ storage }) {
      await storage.write(async (tx) => {
        await tx.messages.put([message(1)])
        await tx.meta.put('k', 1)
      })
      await storage.open('other')
      await storage.write((tx) => tx.messages.put([message(2)]))
      await storage.open('me')
      await storage.wipe()
      same(storage.getState().status, 'closed', 'state')
      await storage.open('me')
      same(await storage.read(async (tx) => [await pageNames(tx, { limit: 9 }), await tx.meta.get('k')]), [[], undefined], 'mine')
      await storage.open('other')
      same(await storage.read((tx) => pageNames(tx, { limit: 9 })), ['m2'], "the other's")
    },
  },
  {
    title: 'listeners hear of every change of state, until they stop',
    async run({ storage }) {
      const heard: string[] = []
      const stop = storage.subscribe(() => heard.push(storage.getState().status))
      await storage.close()
      check(heard.at(-1) === 'closed', `heard ${heard.join()}`)
      await storage.open('me')
      check(heard.at(-1) !== 'closed', `heard ${heard.join()}`)
      stop()
      const count = heard.length
      await storage.close()
      same(heard.length, count, 'after stopping')
    },
  },
  {
    title: 'two that share the data have the same name',
    async run({ storage, second }) {
      const other = await second()
      check(storage.name.length > 0, 'a name is not empty')
      if (other) same(other.name, storage.name, 'name')
    },
  },
]

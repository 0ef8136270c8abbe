/** The database and its twin in memory answer alike, whatever is done to them. */
import fc from 'fast-check'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import type { ChatStorage, Message, StorageTx } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock } from 'readback/testing'
import { expect, it } from 'vitest'

// Few values, so that rows meet: same keys, same ids, same places.
const conversationId = fc.constantFrom('c', 'd')
const id = fc.constantFrom('a', 'b', 'B', 'é', '__proto__')
const point = fc.record({ epoch: fc.nat(1), order: fc.nat(3), id })
const message: fc.Arbitrary<Message> = fc.record({
  conversationId,
  from: fc.constantFrom('anna', 'bo'),
  localId: fc.constantFrom('1', '2', '3'),
  ids: fc.array(id, { maxLength: 2 }),
  at: fc.option(point),
  time: fc.oneof({ weight: 9, arbitrary: fc.nat(9) }, { weight: 1, arbitrary: fc.constant(NaN) }),
  body: fc.constant({ kind: 'text', text: 't' } as const),
  echoOrder: fc.nat(3),
})

type Step = (tx: StorageTx) => Promise<unknown>
const page = fc.record({ conversationId, before: point, after: point, limit: fc.nat(4) }, { requiredKeys: ['conversationId', 'limit'] })
const sendOf = (localId: string) => ({ conversationId: 'c', lane: 'intent', action: 'send', localId, from: 'me', attempts: 0, notBefore: 0 }) as const

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.array(message, { maxLength: 12 }).map((rows): Step => (tx) => tx.messages.put(rows)) },
  { weight: 2, arbitrary: fc.array(message, { maxLength: 4 }).map((rows): Step => (tx) => tx.messages.delete(rows)) },
  { weight: 4, arbitrary: page.map((query): Step => (tx) => tx.messages.page(query)) },
  { weight: 2, arbitrary: fc.tuple(conversationId, fc.array(id, { maxLength: 4 })).map(([of, ids]): Step => (tx) => tx.messages.byIds(of, ids)) },
  { weight: 2, arbitrary: id.map((of): Step => async (tx) => keys(await tx.messages.findById(of)).sort()) },
  { weight: 2, arbitrary: conversationId.map((of): Step => (tx) => tx.messages.echoes(of)) },
  { weight: 1, arbitrary: fc.array(message, { maxLength: 4 }).map((rows): Step => (tx) => tx.messages.getMany(rows)) },
  { weight: 1, arbitrary: id.map((localId): Step => (tx) => tx.outbox.add(sendOf(localId))) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }).map((seq): Step => (tx) => tx.outbox.delete(seq)) },
  { weight: 1, arbitrary: fc.constant((tx: StorageTx) => tx.outbox.list()) },
  { weight: 1, arbitrary: fc.constant((tx: StorageTx) => tx.quarantine.list()) },
)
const transaction = fc.record({ steps: fc.array(step, { maxLength: 6 }), fails: fc.boolean() })

it('the database and its twin answer alike', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(transaction, { maxLength: 8 }), async (transactions) => {
      const clock = createFakeClock()
      const subjects = [dexieStorage({ indexedDB: new IDBFactory(), IDBKeyRange, clock }), memoryStorage({ clock })]
      for (const subject of subjects) await subject.open('me')
      const [database, twin] = await Promise.all(subjects.map((subject) => play(subject, transactions)))
      await Promise.all(subjects.map((subject) => subject.close()))
      expect(twin).toEqual(database)
    }),
    { numRuns: 120, seed: 20261121 },
  )
}, 60_000)

async function play(storage: ChatStorage, transactions: readonly { readonly steps: readonly Step[]; readonly fails: boolean }[]): Promise<unknown> {
  const seen: unknown[] = []
  for (const { steps, fails } of transactions) {
    const whole = storage.write(async (tx) => {
      for (const each of steps) seen.push(await each(tx))
      if (fails) throw new Error('mine')
    })
    seen.push(await whole.then(() => 'kept', (error: unknown) => String(error)))
    seen.push(await storage.read(async (tx) => [await everything(tx, 'c'), await everything(tx, 'd'), await tx.outbox.list(), await tx.quarantine.list()]))
  }
  return seen
}

async function everything(tx: StorageTx, of: string): Promise<unknown> {
  return [await tx.messages.page({ conversationId: of, limit: 99 }), await tx.messages.echoes(of)]
}

function keys(messages: readonly Message[]): string[] {
  return messages.map((row) => `${row.conversationId} ${row.from} ${row.localId}`)
}

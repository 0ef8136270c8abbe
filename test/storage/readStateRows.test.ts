import fc from 'fast-check'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { applyReceipt } from 'readback'
import { emptyMemberState, type ChatStorage, type MemberState } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { describe, expect, it } from 'vitest'
import { packState, unpackState } from '../../src/storage/rows/packedState.js'
import { aReceipt, at } from '../receipts/arbitraries.js'
import { faultyFactory, openPlain, putRaw } from './faultyFactory.js'

const state = (memberId: string, ranges: number, order = 1): MemberState => ({
  ...emptyMemberState(memberId),
  read: { upTo: at(order), ranges: Array.from({ length: ranges }, (_, i) => ({ from: at(order + 2 + i * 3), to: at(order + 3 + i * 3) })) },
})

async function open(indexedDB = new IDBFactory()): Promise<ChatStorage> {
  const storage = dexieStorage({ indexedDB, IDBKeyRange })
  await storage.open('me')
  return storage
}

const list = async (storage: ChatStorage, id = 'c') => new Map((await storage.read((tx) => tx.readStates.list(id))).map((each) => [each.memberId, each]))

describe('packed states', { timeout: 30_000 }, () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.array(aReceipt, { maxLength: 12 }), fc.oneof(fc.string({ unit: 'binary' }), fc.constant('__proto__')), (receipts, memberId) => {
        const whole = receipts.reduce(applyReceipt, emptyMemberState(memberId))
        expect(unpackState(memberId, packState(whole))).toEqual(whole)
      }),
      { numRuns: 60 },
    )
  })

  it('keep fields of a later version', () => {
    const later = { ...state('ann', 1), seen: { at: 5 } }
    expect(unpackState('ann', packState(later))).toEqual(later)
  })

  it.each(['', '{}', '[]', '[[],[],[]]', '[[0,-1,"m"],[],[],[],[],[]]', '[[null,null,null,0,1,"a"],[],[],[],[],[]]', '[[],[],[],[null,null,null,0,1,"a"],[],[]]', 'null'])('are none when torn: %s', (text) => {
    expect(unpackState('ann', text)).toBeNull()
  })
})

describe('rows of read states', { timeout: 60_000 }, () => {
  it('[I33] hold what a map of members would, whatever is put and asked for, in one transaction or in many', async () => {
    const anId = fc.oneof(fc.integer({ min: 0, max: 60 }).map((n) => `u${n}`), fc.constantFrom('', '__proto__', '\uD800', '\uFFFF', 'U', 'é', '\u0000'))
    const put = fc.array(fc.record({ id: anId, ranges: fc.constantFrom(0, 0, 3, 60), order: fc.nat(9) }), { maxLength: 25 })
    const steps = fc.array(fc.record({ put, ask: fc.array(anId, { maxLength: 8 }), commit: fc.boolean(), together: fc.boolean() }), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const storage = await open()
        const simple = new Map<string, MemberState>()
        const rest = [...all]
        while (rest.length > 0) {
          const end = rest.findIndex(({ commit }) => commit)
          const turn = rest.splice(0, end < 0 ? rest.length : end + 1)
          await storage.write(async (tx) => {
            for (const { put: wanted, ask, together } of turn) {
              const states = wanted.map(({ id, ranges, order }) => state(id, ranges, order))
              if (together) await tx.readStates.put('c', states)
              else await Promise.all(states.map((each) => tx.readStates.put('c', [each])))
              for (const each of states) simple.set(each.memberId, each)
              expect(await tx.readStates.getMany('c', ask)).toEqual(ask.map((id) => simple.get(id)))
            }
          })
        }
        expect(await list(storage)).toEqual(simple)
        for (const id of [...simple.keys(), 'nobody']) expect(await storage.read((tx) => tx.readStates.get('c', id))).toEqual(simple.get(id))
        await storage.close()
      }),
      { numRuns: 25 },
    )
  })

  it('are few for many members, and one receipt writes one of them', async () => {
    const factory = faultyFactory()
    const storage = await open(factory.indexedDB as IDBFactory)
    const ids = Array.from({ length: 2_000 }, (_, i) => `u${i}`)
    await storage.write((tx) => tx.readStates.put('c', ids.map((id) => state(id, 0))))
    const before = await rawRows(factory)
    expect(before.length).toBeLessThan(100)
    await storage.write((tx) => tx.readStates.put('c', [state('u77', 0, 8)]))
    const after = await rawRows(factory)
    expect(after.filter((row, i) => JSON.stringify(row) !== JSON.stringify(before[i]))).toHaveLength(1)
    expect((await list(storage)).size).toBe(2_000)
  })

  it('take the rows of one member each, as earlier versions wrote them', async () => {
    const factory = faultyFactory()
    const storage = await open(factory.indexedDB as IDBFactory)
    const other = await openPlain(factory, 'readback/me')
    await putRaw(other, 'readStates', ['bo', 'cy', 'di'].map((memberId) => ({ conversationId: 'c', memberId, value: state(memberId, 1) })))
    await storage.write((tx) => tx.readStates.put('c', [state('al', 0), state('cy', 2), state('cz', 0)]))
    expect(await list(storage)).toEqual(new Map([['al', state('al', 0)], ['bo', state('bo', 1)], ['cy', state('cy', 2)], ['cz', state('cz', 0)], ['di', state('di', 1)]]))
    expect(await storage.read((tx) => tx.readStates.getMany('c', ['di', 'cz', 'ab', 'cy']))).toEqual([state('di', 1), state('cz', 0), undefined, state('cy', 2)])
  })

  it('[I33] lose nobody beside a torn one, whose place is taken by the next that is stored', async () => {
    const factory = faultyFactory()
    const storage = await open(factory.indexedDB as IDBFactory)
    await storage.write((tx) => tx.readStates.put('c', [state('al', 0), state('bo', 0)]))
    const other = await openPlain(factory, 'readback/me')
    await putRaw(other, 'readStates', [{ conversationId: 'c', memberId: '', members: ['al', 'bo'], states: ['torn', packState(state('bo', 0))] }])
    expect([...(await list(storage)).keys()]).toEqual(['bo'])
    await storage.write((tx) => tx.readStates.put('c', [state('al', 0, 4)]))
    expect([...(await list(storage)).keys()]).toEqual(['al', 'bo'])
    await putRaw(other, 'readStates', [{ conversationId: 'c', memberId: '', members: 5, states: [] }])
    await storage.write((tx) => tx.readStates.put('c', [state('zoe', 0)]))
    expect(await storage.read((tx) => tx.readStates.get('c', 'zoe'))).toEqual(state('zoe', 0))
  })
})

async function rawRows(factory: ReturnType<typeof faultyFactory>): Promise<readonly unknown[]> {
  const database = await openPlain(factory, 'readback/me')
  const rows = await new Promise<readonly unknown[]>((resolve) => {
    const request = database.transaction('readStates').objectStore('readStates').getAll()
    request.onsuccess = () => resolve(request.result as readonly unknown[])
  })
  database.close()
  return rows
}

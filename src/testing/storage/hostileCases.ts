import type { Message } from '../../model/index.js'
import { check, same } from './check.js'
import type { CaseBody } from './case.js'
import { conversation, member, memberState, message, point, send } from './rows.js'

/** Ids as nobody should choose them and somebody will. */
const HOSTILE_IDS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', ' ', '..', '/', "'\"`", 'null', 'undefined', '0', '-1', '\u0000', '\uFFFF', '👩‍👩‍👧‍👦', 'é', 'e\u0301', '\u202Eabc', 'k'.repeat(1_024)]
const LONE_SURROGATES = ['\uD800', '\uDC00x', 'x\uDBFF']

export const hostileCases: readonly CaseBody[] = [
  {
    title: '[I41] any text is an id: of messages, people and conversations',
    run: ({ storage }) => roundTrip(storage, HOSTILE_IDS),
  },
  {
    title: 'lone surrogates are told apart',
    run: ({ storage }) => roundTrip(storage, LONE_SURROGATES),
  },
  {
    title: '[I41] rows with a field named __proto__ change no prototype',
    async run({ storage }) {
      const data = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}') as unknown
      const row = { ...message(1), body: { kind: 'custom', type: 't', data }, ...(JSON.parse('{"__proto__":{"polluted":1}}') as object) } as Message
      await storage.write(async (tx) => {
        await tx.messages.put([row])
        await tx.meta.put('__proto__', data)
      })
      const back = await storage.read((tx) => tx.messages.get(row))
      check(back !== undefined && !('polluted' in back), 'the row inherits nothing')
      check(!('polluted' in {}), 'Object.prototype is as it was')
      same(await storage.read((tx) => tx.meta.get('__proto__')), data, 'the value itself')
    },
  },
  {
    title: 'an inherited field is no field: such a row goes to quarantine',
    async run({ storage }) {
      // Structured clone copies own fields only, so the two must not disagree on what was checked.
      const row = Object.assign(Object.create({ body: { kind: 'text', text: 'inherited' } }) as object, { ...message(1), body: undefined }) as Message
      delete (row as { body?: unknown }).body
      await storage.write((tx) => tx.messages.put([row]))
      same(await storage.read((tx) => tx.messages.get(message(1))), undefined, 'row')
      same((await storage.read((tx) => tx.quarantine.list())).length, 1, 'quarantine')
    },
  },
  {
    title: 'numbers that can order nothing send their rows to quarantine',
    async run({ storage }) {
      const orders = [NaN, Infinity, -Infinity, -1, 0.5, 2 ** 53, 1e21]
      await storage.write((tx) => tx.messages.put(orders.map((order, index) => message(index, { at: point(order) }))))
      same(await storage.read((tx) => tx.messages.page({ conversationId: message(0).conversationId, limit: 99 })), [], 'page')
      same((await storage.read((tx) => tx.quarantine.list())).length, orders.length, 'quarantine')
    },
  },
]

async function roundTrip(storage: Parameters<CaseBody['run']>[0]['storage'], ids: readonly string[]): Promise<void> {
  await storage.write(async (tx) => {
    await tx.messages.put(ids.map((id, order) => message(order, { from: id, localId: id, ids: [id], at: point(1, id), conversationId: 'c' })))
    await tx.messages.put(ids.map((id) => message(1, { conversationId: id })))
    await tx.conversations.put(ids.map((id) => conversation(id)))
    await tx.members.put('c', ids.map((id) => member(id)))
    await tx.readStates.put('c', ids.map((id) => memberState(id, 1)))
    await tx.held.put(ids.map((key) => ({ key, conversationId: key, heldAt: 0, event: key })))
    for (const id of ids) {
      await tx.outbox.add(send(id, { conversationId: id }))
      await tx.meta.put(id, id)
      await tx.gaps.replace(id, [{ conversationId: id, after: null, before: null }])
    }
  })
  const listed = await storage.read(async (tx) => ({
    page: (await tx.messages.page({ conversationId: 'c', limit: 99 })).map((row) => row.from),
    members: (await tx.members.list('c')).map((row) => row.userId),
    conversations: (await tx.conversations.list()).map((row) => row.id),
  }))
  const sorted = [...ids].sort((a, b) => (a < b ? -1 : 1))
  same(listed.page, sorted, 'page, by id')
  same([...listed.members].sort((a, b) => (a < b ? -1 : 1)), sorted, 'members')
  same([...listed.conversations].sort((a, b) => (a < b ? -1 : 1)), sorted, 'conversations')
  for (const id of ids) {
    const seen = await storage.read(async (tx) => ({
      byId: (await tx.messages.byId('c', id))?.from,
      byKey: (await tx.messages.get({ conversationId: 'c', from: id, localId: id }))?.from,
      page: (await tx.messages.page({ conversationId: id, limit: 9 })).length,
      readState: (await tx.readStates.get('c', id))?.memberId,
      held: [(await tx.held.get(id))?.event, (await tx.held.list(id)).length],
      outbox: (await tx.outbox.list({ conversationId: id })).length,
      meta: await tx.meta.get(id),
      gaps: (await tx.gaps.list(id)).length,
    }))
    same(seen, { byId: id, byKey: id, page: 1, readState: id, held: [id, 1], outbox: 1, meta: id, gaps: 1 }, JSON.stringify(id.slice(0, 20)))
  }
}

import type { Message } from '../../model/index.js'
import { check, same } from './check.js'
import type { CaseBody } from './case.js'
import { CONVERSATION, echo, message, names, pageNames, point } from './rows.js'

export const messageCases: readonly CaseBody[] = [
  {
    title: 'a message comes back by its key, whole',
    async run({ storage }) {
      const rich: Message = {
        ...message(3),
        body: { kind: 'image', file: { ref: 'f', name: 'bild.png', mime: 'image/png', sizeBytes: 12 }, widthPx: 4, heightPx: 3, alt: '' },
        receiptRequested: true,
        replyTo: 'm1',
        editedAt: 7,
        reactions: [{ emoji: '👍🏽', by: 'bo' }],
      }
      await storage.write((tx) => tx.messages.put([rich]))
      same(await storage.read((tx) => tx.messages.get(rich)), rich, 'row')
      same(await storage.read((tx) => tx.messages.get({ ...rich, localId: 'other' })), undefined, 'another key')
    },
  },
  {
    title: 'getMany answers in the order of the keys, with undefined where there is none',
    async run({ storage }) {
      await storage.write((tx) => tx.messages.put([message(1), message(2)]))
      const rows = await storage.read((tx) => tx.messages.getMany([message(2), message(9), message(1), message(2)]))
      same(rows.map((row) => row?.localId), ['l2', undefined, 'l1', 'l2'], 'rows')
    },
  },
  {
    title: 'a message is found by each of its ids',
    async run({ storage }) {
      await storage.write((tx) => tx.messages.put([message(1, { ids: ['first', 'again'] }), message(2)]))
      for (const id of ['first', 'again']) same((await storage.read((tx) => tx.messages.byId(CONVERSATION, id)))?.localId, 'l1', id)
      same(await storage.read((tx) => tx.messages.byId(CONVERSATION, 'm1')), undefined, 'an id it does not have')
    },
  },
  {
    title: 'byIds answers in the order of the ids, two ids of one row with the same row',
    async run({ storage }) {
      await storage.write((tx) => tx.messages.put([message(1, { ids: ['first', 'again'] }), message(2), message(1, { conversationId: 'other' })]))
      const rows = await storage.read((tx) => tx.messages.byIds(CONVERSATION, ['again', 'none', 'm2', 'first', 'm1']))
      same(rows.map((row) => row?.localId), ['l1', undefined, 'l2', 'l1', undefined], 'rows')
      same(await storage.read((tx) => tx.messages.byIds(CONVERSATION, [])), [], 'no ids')
    },
  },
  {
    title: 'of two rows that claim one id the same is found, whatever else is asked for',
    async run({ storage }) {
      await storage.write((tx) => tx.messages.put([message(2, { ids: ['a', 'b'] }), message(1, { ids: ['b'] })]))
      const { together, alone } = await storage.read(async (tx) => ({ together: await tx.messages.byIds(CONVERSATION, ['a', 'b']), alone: [await tx.messages.byId(CONVERSATION, 'a'), await tx.messages.byId(CONVERSATION, 'b')] }))
      same(together, alone, 'byIds and byId')
    },
  },
  {
    title: 'findById gives the rows of every conversation that has the id',
    async run({ storage }) {
      await storage.write((tx) => tx.messages.put([message(1), message(1, { conversationId: 'other' }), message(2)]))
      const rows = await storage.read((tx) => tx.messages.findById('m1'))
      same(rows.map((row) => row.conversationId).sort(), [CONVERSATION, 'other'], 'conversations')
      same(await storage.read((tx) => tx.messages.findById('none')), [], 'unknown id')
    },
  },
  {
    title: 'put replaces the row of the same key, its old ids and place with it',
    async run({ storage }) {
      await storage.write((tx) => tx.messages.put([message(1), message(2)]))
      await storage.write((tx) => tx.messages.put([message(1, { ids: ['moved'], at: point(3, 'moved'), body: { kind: 'text', text: 'new' } })]))
      same(await storage.read((tx) => pageNames(tx, { limit: 9 })), ['m2', 'moved'], 'page')
      same(await storage.read((tx) => tx.messages.byId(CONVERSATION, 'm1')), undefined, 'by the old id')
      same((await storage.read((tx) => tx.messages.byId(CONVERSATION, 'moved')))?.body, { kind: 'text', text: 'new' }, 'by the new id')
    },
  },
  {
    title: 'of one key twice in a batch, the later is kept',
    async run({ storage }) {
      await storage.write((tx) => tx.messages.put([message(1), message(1, { time: 5 })]))
      same((await storage.read((tx) => tx.messages.page({ conversationId: CONVERSATION, limit: 9 }))).map((row) => row.time), [5], 'times')
    },
  },
  {
    title: 'the same local id of two senders is two messages',
    async run({ storage }) {
      await storage.write((tx) => tx.messages.put([message(1, { from: 'anna' }), message(2, { from: 'bo', localId: 'l1' })]))
      same(await storage.read((tx) => pageNames(tx, { limit: 9 })), ['m1', 'm2'], 'page')
    },
  },
  {
    title: 'delete takes a row out of pages and ids, and does not mind one that is not there',
    async run({ storage }) {
      await storage.write((tx) => tx.messages.put([message(1), message(2), echo(1)]))
      await storage.write((tx) => tx.messages.delete([message(1), message(7), echo(1)]))
      same(await storage.read((tx) => pageNames(tx, { limit: 9 })), ['m2'], 'page')
      same(await storage.read((tx) => tx.messages.findById('m1')), [], 'by id')
      same(await storage.read((tx) => tx.messages.echoes(CONVERSATION)), [], 'echoes')
    },
  },
  {
    title: 'a transaction reads what it wrote',
    async run({ storage }) {
      const seen = await storage.write(async (tx) => {
        await tx.messages.put([message(1)])
        await tx.messages.put([message(2)])
        return { page: await pageNames(tx, { limit: 9 }), byId: names(await tx.messages.findById('m2')) }
      })
      same(seen, { page: ['m1', 'm2'], byId: ['m2'] }, 'inside')
    },
  },
  {
    title: '[I33] fields that this version does not know survive a round trip',
    async run({ storage }) {
      const row = { ...message(1), at: { ...point(1), shard: 4 }, epoch: 'e', order: 'o', id: 'i', value: [1, { deep: null }], newer: { flag: true } } as Message
      await storage.write((tx) => tx.messages.put([row, { ...echo(2), newer: 1 } as Message]))
      same(await storage.read((tx) => tx.messages.get(row)), row, 'row')
      same((await storage.read((tx) => tx.messages.echoes(CONVERSATION)))[0], { ...echo(2), newer: 1 }, 'echo')
    },
  },
  {
    title: '[I33] a row that does not parse goes to quarantine and the rest of its batch is kept',
    async run({ storage }) {
      const broken = [{ ...message(2), body: null }, { ...message(3), ids: 'm3' }, { ...message(4), at: { epoch: 0, order: '4', id: 'm4' } }, { ...message(5), time: NaN }] as unknown as Message[]
      await storage.write((tx) => tx.messages.put([message(1), ...broken, message(6)]))
      same(await storage.read((tx) => pageNames(tx, { limit: 9 })), ['m1', 'm6'], 'page')
      const kept = await storage.read((tx) => tx.quarantine.list())
      same(kept.map((row) => [row.table, (row.row as Message).localId]), broken.map((row) => ['messages', row.localId]), 'quarantine')
      check(kept.every((row) => row.reason.length > 0 && Number.isFinite(row.at)), 'each quarantined row says why and when')
    },
  },
  {
    title: 'a body of a kind that this version does not know is kept',
    async run({ storage }) {
      const row = message(1, { body: { kind: 'hologram', watts: 4 } as unknown as Message['body'] })
      await storage.write((tx) => tx.messages.put([row]))
      same(await storage.read((tx) => tx.messages.get(row)), row, 'row')
    },
  },
]

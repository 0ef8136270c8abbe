import { NO_OWN_STATE } from '../../receipts/readState.js'
import type { OutboxEntry } from '../../storage/storage.js'
import { check, failure, same } from './check.js'
import type { CaseBody } from './case.js'
import { CONVERSATION, conversation, member, memberState, message, point, report, send } from './rows.js'

export const tableCases: readonly CaseBody[] = [
  {
    title: 'conversations round trip with their aggregates, and put replaces',
    async run({ storage }) {
      const full = conversation('a', { title: 'A', head: point(4), lastMessage: message(4), lastActivityAt: 1_004, unread: { count: 99, exact: false }, draft: 'dr', pinned: true, receipts: 'private' })
      await storage.write((tx) => tx.conversations.put([full, conversation('b')]))
      await storage.write((tx) => tx.conversations.put([conversation('b', { title: 'B' })]))
      same(await storage.read((tx) => tx.conversations.get('a')), full, 'a')
      same((await storage.read((tx) => tx.conversations.list())).map((row) => [row.id, row.title]).sort(), [['a', 'A'], ['b', 'B']], 'list')
      same(await storage.read((tx) => tx.conversations.get('none')), undefined, 'unknown')
    },
  },
  {
    title: 'files round trip whole, and go with the transaction that puts or deletes them',
    async run({ storage, reload }) {
      const file = new Blob(['some bytes'], { type: 'text/plain' })
      await storage.write((tx) => tx.blobs.put('l1', CONVERSATION, file))
      const aborted = storage.write(async (tx) => {
        await tx.blobs.put('l2', CONVERSATION, file)
        await tx.blobs.delete('l1')
        throw new Error('No.')
      })
      await failure(aborted, 'a write that throws has to reject')
      const again = await reload()
      const [kept, none] = await again.read((tx) => Promise.all([tx.blobs.get('l1'), tx.blobs.get('l2')]))
      same([await kept?.text(), kept?.type, none], ['some bytes', 'text/plain', undefined], 'files')
      await again.write((tx) => tx.blobs.delete('l1'))
      same(await again.read((tx) => tx.blobs.get('l1')), undefined, 'deleted')
    },
  },
  {
    title: 'members round trip, put adds and replaces, conversations are apart',
    async run({ storage }) {
      const left = member('bo', { role: 'admin', intervals: [{ joinedAt: point(1), leftAt: point(5) }, { joinedAt: point(7), leftAt: null }] })
      await storage.write(async (tx) => {
        await tx.members.put('a', [member('anna'), member('bo')])
        await tx.members.put('a', [left])
        await tx.members.put('b', [member('cleo')])
      })
      const rows = await storage.read((tx) => tx.members.list('a'))
      same([...rows].sort((x, y) => (x.userId < y.userId ? -1 : 1)), [member('anna'), left], 'a')
      same((await storage.read((tx) => tx.members.list('b'))).map((row) => row.userId), ['cleo'], 'b')
    },
  },
  {
    title: 'read states round trip, each under its member',
    async run({ storage }) {
      await storage.write((tx) => tx.readStates.put('a', [memberState('anna', 1), memberState('bo', 2)]))
      await storage.write((tx) => tx.readStates.put('a', [memberState('bo', 6)]))
      same(await storage.read((tx) => tx.readStates.get('a', 'bo')), memberState('bo', 6), 'bo')
      same(await storage.read((tx) => tx.readStates.get('a', 'cleo')), undefined, 'unknown')
      same(await storage.read((tx) => tx.readStates.get('b', 'bo')), undefined, 'other conversation')
      same(await storage.read((tx) => tx.readStates.getMany('a', ['bo', 'cleo', 'anna', 'bo'])), [memberState('bo', 6), undefined, memberState('anna', 1), memberState('bo', 6)], 'several, in the order asked')
      same((await storage.read((tx) => tx.readStates.list('a'))).length, 2, 'count')
    },
  },
  {
    title: 'my own state round trips beside the others',
    async run({ storage }) {
      const own = { ...NO_OWN_STATE, publishFloor: point(3), synced: { ...NO_OWN_STATE.synced, read: { upTo: point(9), ranges: [] } } }
      await storage.write((tx) => tx.readStates.putOwn('a', own))
      same(await storage.read((tx) => tx.readStates.getOwn('a')), own, 'own')
      same(await storage.read((tx) => tx.readStates.getOwn('b')), undefined, 'other conversation')
      same(await storage.read((tx) => tx.readStates.list('a')), [], 'not among the others')
    },
  },
  {
    title: 'what is archived round trips with its bytes, in the order asked for, each conversation apart, and goes when it is deleted',
    async run({ storage, reload }) {
      const bits = new Uint8Array([1, 0, 128])
      await storage.write((tx) => tx.archive.put('a', [{ segment: 'one', value: ['anna', 'bo'] }, { segment: 'two', value: { read: bits } }, { segment: '__proto__', value: 3 }]))
      await storage.write((tx) => tx.archive.put('a', [{ segment: 'one', value: ['anna'] }]))
      await failure(storage.write(async (tx) => {
        await tx.archive.put('a', [{ segment: 'three', value: 1 }])
        await tx.archive.delete('a', ['one'])
        throw new Error('No.')
      }), 'a write that throws has to reject')
      const again = await reload()
      same(await again.read((tx) => tx.archive.get('a', ['two', 'none', '__proto__', 'one', 'three'])), [{ read: bits }, undefined, 3, ['anna'], undefined], 'rows')
      same(await again.read((tx) => tx.archive.get('b', ['one'])), [undefined], 'other conversation')
      await again.write((tx) => tx.archive.delete('a', ['one', 'none']))
      same(await again.read((tx) => tx.archive.get('a', ['one', 'two'])), [undefined, { read: bits }], 'deleted')
    },
  },
  {
    title: 'the outbox gives growing numbers and lists by them, by conversation and by lane',
    async run({ storage }) {
      const seqs = await storage.write(async (tx) => [await tx.outbox.add(send('l1')), await tx.outbox.add(report()), await tx.outbox.add(send('l2', { conversationId: 'other' })), await tx.outbox.add(send('l3'))])
      check(seqs.every((seq, index) => index === 0 || seq > (seqs[index - 1] as number)), `numbers grow: ${seqs.join()}`)
      const list = (filter?: Parameters<Parameters<Parameters<typeof storage.read>[0]>[0]['outbox']['list']>[0]) => storage.read(async (tx) => (await tx.outbox.list(filter)).map((entry) => entry.seq))
      same(await list(), seqs, 'all')
      same(await list({ lane: 'intent' }), [seqs[0], seqs[2], seqs[3]], 'intent')
      same(await list({ lane: 'receipt' }), [seqs[1]], 'receipt')
      same(await list({ conversationId: CONVERSATION, lane: 'intent' }), [seqs[0], seqs[3]], 'both')
      same(await storage.read(async (tx) => [await tx.outbox.count('intent'), await tx.outbox.count('receipt')]), [3, 1], 'how many in each lane')
      same(await storage.read((tx) => tx.outbox.get(seqs[1] as number)), { ...report(), seq: seqs[1] }, 'row')
    },
  },
  {
    title: 'an outbox entry is replaced in its place, and deleted',
    async run({ storage }) {
      const [first, second] = await storage.write(async (tx) => [await tx.outbox.add(send('l1')), await tx.outbox.add(send('l2'))] as const)
      const failed = { ...send('l1'), seq: first, attempts: 3, notBefore: 50, failed: { code: 'transport/refused', message: 'no' } } as OutboxEntry
      await storage.write((tx) => tx.outbox.put(failed))
      same((await storage.read((tx) => tx.outbox.list()))[0], failed, 'replaced')
      // Failed, it waits for the user: it is listed in its place, and not counted.
      same(await storage.read(async (tx) => (await tx.outbox.list({ lane: 'intent' })).map((entry) => entry.seq)), [first, second], 'its place in the lane')
      same(await storage.read((tx) => tx.outbox.count('intent')), 1, 'how many wait to be sent')
      const { failed: _failed, ...again } = failed
      await storage.write((tx) => tx.outbox.put(again))
      same(await storage.read((tx) => tx.outbox.count('intent')), 2, 'how many wait, tried again')
      same(await storage.read((tx) => tx.outbox.get(first)), again, 'as it was')
      const added = await storage.write((tx) => tx.outbox.add({ ...send('l3'), failed: { code: 'transport/refused', message: 'no' } }))
      same(await storage.read(async (tx) => [await tx.outbox.count('intent'), (await tx.outbox.get(added))?.lane]), [2, 'intent'], 'added as failed')
      await storage.write((tx) => tx.outbox.delete(added))
      await storage.write((tx) => tx.outbox.delete(first))
      same((await storage.read((tx) => tx.outbox.list())).map((entry) => entry.seq), [second], 'left')
      same(await storage.read((tx) => tx.outbox.get(first)), undefined, 'deleted')
    },
  },
  {
    title: 'a number of the outbox is never given twice, not even after its entry is gone and the page reloaded',
    async run({ storage, reload }) {
      const last = await storage.write(async (tx) => {
        await tx.outbox.add(send('l1'))
        return tx.outbox.add(send('l2'))
      })
      await storage.write((tx) => tx.outbox.delete(last))
      const next = await storage.write((tx) => tx.outbox.add(send('l3')))
      check(next > last, `${next} after ${last}`)
      await storage.write(async (tx) => {
        for (const { seq } of await tx.outbox.list()) await tx.outbox.delete(seq)
      })
      const after = await reload()
      const later = await after.write((tx) => tx.outbox.add(send('l4')))
      check(later > next, `${later} after ${next}, over a reload`)
    },
  },
  {
    title: 'an outbox entry without its fields is refused',
    async run({ storage }) {
      const error = await failure(storage.write((tx) => tx.outbox.add({ lane: 'intent', action: 'send' } as never)), 'must be refused')
      same((error as { code?: unknown }).code, 'storage/invalid', 'code')
      same(await storage.read((tx) => tx.outbox.list()), [], 'outbox')
    },
  },
  {
    title: 'held events are one a key, listed by conversation, and deleted by key',
    async run({ storage }) {
      const held = (key: string, conversationId: string, event: unknown) => ({ key, conversationId, heldAt: 4, event })
      await storage.write((tx) => tx.held.put([held('k1', 'a', 1), held('k2', 'b', 2), held('k1', 'a', { later: true })]))
      same(await storage.read((tx) => tx.held.get('k1')), held('k1', 'a', { later: true }), 'joined')
      same((await storage.read((tx) => tx.held.list('b'))).map((row) => row.key), ['k2'], 'of b')
      same((await storage.read((tx) => tx.held.list())).length, 2, 'all')
      await storage.write((tx) => tx.held.delete(['k1', 'none']))
      same((await storage.read((tx) => tx.held.list())).map((row) => row.key), ['k2'], 'left')
    },
  },
  {
    title: 'gaps are replaced as a whole, for one conversation only',
    async run({ storage }) {
      const gap = (conversationId: string, order: number | null) => ({ conversationId, after: order === null ? null : point(order), before: order === null ? point(1) : null })
      await storage.write(async (tx) => {
        await tx.gaps.replace('a', [gap('a', null), gap('a', 5), gap('a', 9)])
        await tx.gaps.replace('b', [gap('b', 2)])
        await tx.gaps.replace('a', [gap('a', 7)])
      })
      same(await storage.read((tx) => tx.gaps.list('a')), [gap('a', 7)], 'a')
      same(await storage.read((tx) => tx.gaps.list('b')), [gap('b', 2)], 'b')
      await storage.write((tx) => tx.gaps.replace('a', []))
      same(await storage.read((tx) => tx.gaps.list('a')), [], 'none')
    },
  },
  {
    title: 'small values round trip under any name',
    async run({ storage }) {
      const values: readonly (readonly [string, unknown])[] = [['cursor', 'abc'], ['lease', { epoch: 3, until: 9 }], ['zero', 0], ['null', null], ['list', [1, [2]]]]
      await storage.write(async (tx) => {
        for (const [key, value] of values) await tx.meta.put(key, value)
        await tx.meta.put('gone', 1)
        await tx.meta.delete('gone')
      })
      for (const [key, value] of values) same(await storage.read((tx) => tx.meta.get(key)), value, key)
      same(await storage.read((tx) => tx.meta.get('gone')), undefined, 'deleted')
    },
  },
  {
    title: 'quarantine keeps what it is given, in order',
    async run({ storage }) {
      const rows = [1, 2].map((at) => ({ table: 'messages', reason: 'why', row: { at, odd: [null] }, at }))
      await storage.write((tx) => tx.quarantine.add(rows))
      same(await storage.read((tx) => tx.quarantine.list()), rows, 'rows')
    },
  },
]

import { check, same } from './check.js'
import type { CaseBody } from './case.js'
import { CONVERSATION, echo, message, names, pageNames, point } from './rows.js'

const TEN = Array.from({ length: 10 }, (_, index) => message(index + 1))

export const pageCases: readonly CaseBody[] = [
  {
    title: 'page without a point gives the newest rows, oldest first',
    async run({ storage }) {
      await storage.write((tx) => tx.messages.put([...TEN].reverse()))
      same(await storage.read((tx) => pageNames(tx, { limit: 3 })), ['m8', 'm9', 'm10'], 'newest page')
    },
  },
  {
    title: 'pages backwards meet without overlap or hole, and end',
    async run({ storage }) {
      await storage.write((tx) => tx.messages.put(TEN))
      same(await storage.read((tx) => pageNames(tx, { before: point(8), limit: 4 })), ['m4', 'm5', 'm6', 'm7'], 'before 8')
      same(await storage.read((tx) => pageNames(tx, { before: point(4), limit: 4 })), ['m1', 'm2', 'm3'], 'before 4')
      same(await storage.read((tx) => pageNames(tx, { before: point(1), limit: 4 })), [], 'before the first')
    },
  },
  {
    title: 'pages forwards meet without overlap or hole, and end',
    async run({ storage }) {
      await storage.write((tx) => tx.messages.put(TEN))
      same(await storage.read((tx) => pageNames(tx, { after: point(2), limit: 4 })), ['m3', 'm4', 'm5', 'm6'], 'after 2')
      same(await storage.read((tx) => pageNames(tx, { after: point(6), limit: 9 })), ['m7', 'm8', 'm9', 'm10'], 'after 6')
      same(await storage.read((tx) => pageNames(tx, { after: point(10), limit: 4 })), [], 'after the last')
    },
  },
  {
    title: 'a page between two points holds neither, and the newest of what lies between',
    async run({ storage }) {
      await storage.write((tx) => tx.messages.put(TEN))
      same(await storage.read((tx) => pageNames(tx, { after: point(3), before: point(6), limit: 9 })), ['m4', 'm5'], 'between 3 and 6')
      same(await storage.read((tx) => pageNames(tx, { after: point(3), before: point(9), limit: 2 })), ['m7', 'm8'], 'newest two')
      for (const [after, before] of [[5, 5], [5, 6], [9, 2]] as const) {
        same(await storage.read((tx) => pageNames(tx, { after: point(after), before: point(before), limit: 9 })), [], `between ${after} and ${before}`)
      }
    },
  },
  {
    title: 'a point that no row has still divides the pages',
    async run({ storage }) {
      await storage.write((tx) => tx.messages.put([message(1), message(5)]))
      same(await storage.read((tx) => pageNames(tx, { before: point(3, 'absent'), limit: 9 })), ['m1'], 'before')
      same(await storage.read((tx) => pageNames(tx, { after: point(3, 'absent'), limit: 9 })), ['m5'], 'after')
    },
  },
  {
    title: 'limit 0 gives nothing, and an unknown conversation gives nothing',
    async run({ storage }) {
      await storage.write((tx) => tx.messages.put(TEN))
      same(await storage.read((tx) => pageNames(tx, { limit: 0 })), [], 'limit 0')
      same(await storage.read((tx) => tx.messages.page({ conversationId: 'unknown', limit: 5 })), [], 'unknown')
    },
  },
  {
    title: 'order is numeric, not textual',
    async run({ storage }) {
      await storage.write((tx) => tx.messages.put([message(100), message(9), message(20), message(Number.MAX_SAFE_INTEGER), message(0)]))
      same(await storage.read((tx) => pageNames(tx, { limit: 9 })), ['m0', 'm9', 'm20', 'm100', `m${Number.MAX_SAFE_INTEGER}`], 'order')
    },
  },
  {
    title: 'a later epoch comes after every order of an earlier one',
    async run({ storage }) {
      await storage.write((tx) => tx.messages.put([message(1, { localId: 'new', ids: ['new'], at: point(1, 'new', 1) }), message(900), message(2)]))
      same(await storage.read((tx) => pageNames(tx, { limit: 9 })), ['m2', 'm900', 'new'], 'order')
      same(await storage.read((tx) => pageNames(tx, { before: point(0, '', 1), limit: 9 })), ['m2', 'm900'], 'before the epoch')
      same(await storage.read((tx) => pageNames(tx, { after: point(900), limit: 9 })), ['new'], 'into the epoch')
    },
  },
  {
    title: 'equal orders are ordered by id, and paging does not skip between them',
    async run({ storage }) {
      const tie = (id: string) => message(7, { localId: id, ids: [id], at: point(7, id) })
      await storage.write((tx) => tx.messages.put([tie('c'), tie('a'), tie('B'), tie('b')]))
      same(await storage.read((tx) => pageNames(tx, { limit: 9 })), ['B', 'a', 'b', 'c'], 'by code unit')
      same(await storage.read((tx) => pageNames(tx, { before: point(7, 'b'), limit: 9 })), ['B', 'a'], 'before b')
      same(await storage.read((tx) => pageNames(tx, { after: point(7, 'a'), limit: 1 })), ['b'], 'after a')
    },
  },
  {
    title: 'local echoes are kept apart from pages, in the order in which they were queued',
    async run({ storage }) {
      await storage.write((tx) => tx.messages.put([echo(11), echo(2), message(1), echo(3)]))
      same(await storage.read((tx) => pageNames(tx, { limit: 9 })), ['m1'], 'page')
      same(names(await storage.read((tx) => tx.messages.echoes(CONVERSATION))), ['echo2', 'echo3', 'echo11'], 'echoes')
      const first = (await storage.read((tx) => tx.messages.echoes(CONVERSATION)))[0]
      check(first?.at === null, 'an echo comes back without a place')
    },
  },
  {
    title: 'an accepted echo leaves the echoes and takes its place, under the same key',
    async run({ storage }) {
      await storage.write((tx) => tx.messages.put([message(1), echo(1)]))
      const { outgoing: _, ...accepted } = echo(1, { ids: ['m2'], at: point(2) })
      await storage.write((tx) => tx.messages.put([accepted]))
      same(await storage.read((tx) => tx.messages.echoes(CONVERSATION)), [], 'echoes')
      same(await storage.read((tx) => pageNames(tx, { limit: 9 })), ['m1', 'm2'], 'page')
    },
  },
  {
    title: 'conversations do not run into each other, even when one id begins another',
    async run({ storage }) {
      const ids = ['c', 'c1', 'c10', 'c:', 'C', '']
      await storage.write((tx) => tx.messages.put(ids.flatMap((conversationId) => [message(1, { conversationId }), message(2, { conversationId }), echo(1, { conversationId })])))
      for (const conversationId of ids) {
        const { page, echoes } = await storage.read(async (tx) => ({ page: await tx.messages.page({ conversationId, limit: 9 }), echoes: await tx.messages.echoes(conversationId) }))
        same(page.map((row) => row.conversationId), [conversationId, conversationId], `page of "${conversationId}"`)
        same(echoes.map((row) => row.conversationId), [conversationId], `echoes of "${conversationId}"`)
      }
    },
  },
  {
    title: 'a thousand rows put in any order come back in one order, page by page',
    async run({ storage }) {
      const rows = Array.from({ length: 1_000 }, (_, index) => message((index * 617) % 1_000))
      for (let start = 0; start < rows.length; start += 250) await storage.write((tx) => tx.messages.put(rows.slice(start, start + 250)))
      const seen: string[] = []
      let before: ReturnType<typeof point> | undefined
      for (;;) {
        const page = await storage.read((tx) => tx.messages.page({ conversationId: CONVERSATION, limit: 70, ...(before ? { before } : {}) }))
        if (page.length === 0) break
        seen.unshift(...names(page))
        before = page[0]?.at ?? undefined
      }
      same(seen, rows.map((_, index) => `m${index}`), 'all pages')
    },
  },
]

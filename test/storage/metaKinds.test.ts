/** Every kind of `meta` row that the source writes lies in the newest golden database: `test/client/tornRows.ts` tears what lies there, and nothing else. */
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { kindOfKey, kindsIn, metaKinds } from '../tools/metaKinds.js'
import { GOLDEN } from './goldenDatabases.js'
import { rowsByDeeds } from './metaDeeds.js'

const KINDS = metaKinds(fileURLToPath(new URL('../../src', import.meta.url)))
/** Taken away in the transaction that writes it: no database has it. */
const PASSING: readonly string[] = ['room']

const without = (rows: readonly unknown[]) => {
  const keys = rows.map((row) => (row as { readonly key: string }).key)
  return KINDS.filter((kind) => !PASSING.includes(kind) && !keys.some((key) => kindOfKey(KINDS, key) === kind))
}

describe('[I33] rows of meta', () => {
  it('of every kind lie in the newest golden database: what is missing there is written by the deeds of metaDeeds.ts, and put into it by hand', () => {
    expect(without(GOLDEN.at(-1)!.rows['meta']!)).toEqual([])
    expect(KINDS.length).toBeGreaterThan(25)
  })

  it('of every kind are written by real deeds', async () => {
    const { meta, ...others } = await rowsByDeeds(GOLDEN.at(-1)!)
    expect(without(meta!)).toEqual([])
    for (const table of ['archive', 'conversations', 'gaps', 'held', 'members', 'messages', 'outbox', 'ownStates', 'quarantine', 'readStates']) expect([table, others[table]!.length > 0]).toEqual([table, true])
  }, 60_000)
})

describe('keys that the source writes', () => {
  const kinds = (source: string, other = '') => kindsIn(new Map([['sync/a.ts', source], ['sync/b.ts', other]]))

  it.each([
    ['a string', "tx.meta.put('room', 0)", ['room']],
    ['a constant', "const NAME = 'lease'\ntx.meta.put(NAME, 0)", ['lease']],
    ['one for each conversation', 'const keyOf = (id: ConversationId) => `asked ${id}`\ntx.meta.put(keyOf(id), at)', ['asked *']],
    ['one made from a constant', "const COUNT = 'unheard'\nconst keyOf = (id: string) => `${COUNT} ${id}`\ntx.meta.put(\n  keyOf(id), at)", ['unheard *']],
    ['a row of the table itself', "const NAME = 'lost'\ntransaction.table('meta').put({ key: NAME, value })", ['lost']],
    ['none that is only spoken of', "// tx.meta.put('spoken', 0)", []],
  ])('%s', (_what, source, found) => {
    expect(kinds(source)).toEqual(found)
  })

  it('a constant of another file', () => {
    expect(kinds("import { NAME } from './b.js'\ntx.meta.put(NAME, 0)", "export const NAME = 'marker'")).toEqual(['marker'])
  })

  it('a key that cannot be seen is refused', () => {
    expect(() => kinds('tx.meta.put(key, 0)')).toThrow('src/sync/a.ts writes a row of meta under key')
  })
})

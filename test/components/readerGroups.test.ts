import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countGroups, groupReaders, READER_GROUPS } from '../../src/components/readerGroups.js'

const userIds = fc.uniqueArray(fc.integer({ min: 0, max: 40 }).map((n) => `u${n}`), { maxLength: 30 })
const kinds = fc.constantFrom('delivered', 'read', 'viewed' as const)

describe('the groups of a list of readers', () => {
  it('hold everybody who counts once, and as many as the badge says', () => {
    fc.assert(fc.property(userIds, userIds, fc.array(kinds, { minLength: 30, maxLength: 30 }), (audience, reached, how) => {
      const readers = reached.map((userId, index) => ({ userId, kind: how[index] ?? 'read', time: null }) as const)
      const groups = groupReaders(readers, audience, true)
      const all = READER_GROUPS.flatMap((group) => groups[group].map(({ userId }) => userId))
      expect(new Set(all).size).toBe(all.length)
      // Who left unread is in none of them; who left after reading is.
      const read = readers.filter(({ kind }) => kind !== 'delivered').map(({ userId }) => userId)
      expect(new Set(all)).toEqual(new Set([...audience, ...read]))
      const tally = { tracked: true, read: read.length, of: new Set([...audience, ...read]).size, delivered: readers.length, viewed: 0 } as const
      const counts = countGroups(groups, tally, true)
      expect(counts).toEqual({ read: groups.read.length, delivered: groups.delivered.length, waiting: groups.waiting.length })
      expect(counts.read + counts.delivered + counts.waiting).toBe(tally.of)
    }), { seed: 7 })
  })
  it('call nobody unreached before all pages are there', () => {
    expect(groupReaders([], ['ada'], false).waiting).toEqual([])
  })
  it('[RS25] name nobody who was only counted, and let nobody wait where nobody is left', () => {
    const readers = [{ userId: 'bo', kind: 'read', time: null }, { userId: 'cy', kind: 'delivered', time: null }] as const
    const names = (all: boolean) => READER_GROUPS.map((group) => groupReaders(readers, ['bo', 'cy', 'di'], true, all)[group].map(({ userId }) => userId))
    expect([names(false), names(true)]).toEqual([[['bo'], ['cy'], ['di']], [['bo'], [], []]])
  })
  it('count at first as the badge does', () => {
    const counts = countGroups(groupReaders([], [], false), { tracked: true, read: 3, of: 10, delivered: 7, viewed: 1 }, false)
    expect(counts).toEqual({ read: 3, delivered: 4, waiting: 3 })
  })
})

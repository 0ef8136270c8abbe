import { describe, expect, it } from 'vitest'
import { groupReactions, MAX_REACTION_CHIPS, shownEmoji } from '../../src/components/reactionGroups.js'

const by = (emoji: string, ...people: string[]) => people.map((person) => ({ emoji, by: person }))

describe('reactions', () => {
  it('are one for each emoji, in the order in which they came, mine marked', () => {
    const { groups } = groupReactions([...by('👍', 'bo'), ...by('❤️', 'ada'), ...by('👍', 'cy')], 'ada')
    expect(groups).toEqual([{ emoji: '👍', by: ['bo', 'cy'], mine: false }, { emoji: '❤️', by: ['ada'], mine: true }])
  })
  it('count nobody twice', () => {
    expect(groupReactions(by('👍', 'bo', 'bo'), 'ada').groups[0]?.by).toEqual(['bo'])
  })
  it('are nobody’s where nobody looks', () => {
    expect(groupReactions(by('👍', 'bo'), undefined).groups[0]?.mine).toBe(false)
  })
  it('beyond what has room are a number', () => {
    const many = Array.from({ length: 40 }, (_, index) => ({ emoji: String.fromCodePoint(0x1f600 + index), by: 'bo' }))
    const { groups, hidden } = groupReactions(many, 'ada')
    expect([groups.length, hidden]).toEqual([MAX_REACTION_CHIPS, 40 - MAX_REACTION_CHIPS])
  })
  it('that are none are left out, and long ones cut', () => {
    expect(groupReactions([...by(' ', 'bo'), { emoji: 7 as never, by: 'bo' }], 'ada').groups).toEqual([])
    expect(shownEmoji('x'.repeat(2 ** 20)).length).toBeLessThan(30)
    expect(shownEmoji('👩‍👩‍👧‍👦')).toBe('👩‍👩‍👧‍👦')
  })
  it('are safe with names of properties', () => {
    expect(groupReactions([...by('__proto__', 'constructor'), ...by('toString', '__proto__')], '__proto__').groups.map(({ emoji, mine }) => [emoji, mine])).toEqual([['__proto__', false], ['toString', true]])
  })
})

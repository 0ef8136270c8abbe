import { describe, expect, it } from 'vitest'
import { insertMention, isMeant, mentionAt } from '../../src/components/mentions.js'
import { mentionsIn, namedIn } from '../../src/components/named.js'

const at = (marked: string) => mentionAt(marked.replace('|', ''), marked.indexOf('|'))

describe('a mention', () => {
  it.each([['@|', ''], ['Could @b|', 'b'], ['(@bo|', 'bo'], ['line\n@bo|', 'bo'], ['@Bo L|', 'Bo L'], ['你好@美|', '美'], ['＠美|', '美'], ['a @b| c', 'b']])('is typed in %j', (marked, typed) => {
    expect(at(marked)?.typed).toBe(typed)
  })
  it.each(['|', 'bo|', 'bo@example|', '@ bo|', '@bo  x|', '@bo\n|', `@${'x'.repeat(40)}|`])('is not in %j', (marked) => {
    expect(at(marked)).toBeNull()
  })
  it('puts the name in place of what was typed', () => {
    const query = at('Could @b| come?')
    expect(query && insertMention('Could @b come?', query, 'Bo Lindqvist')).toEqual({ text: 'Could @Bo Lindqvist come?', caret: 20 })
  })
  it('names whom it was chosen for, wherever they now stand; what was only typed names nobody', () => {
    const bo = { userId: 'u1', name: 'Bo' }
    const longer = { userId: 'u2', name: 'Bo Lindqvist' }
    const named = (text: string, chosen = [bo, longer]) => mentionsIn(text, chosen).map(({ userId, start, end }) => [userId, text.slice(start, end)])
    expect(named('@Bo Lindqvist and @Bo, ＠Bo')).toEqual([['u2', '@Bo Lindqvist'], ['u1', '@Bo'], ['u1', '＠Bo']])
    expect([named('@Bob @bo a@example.com @'), named('@Bo', [])]).toEqual([[], []])
    const [first, second] = [{ userId: 'x', name: 'Sam' }, { userId: 'y', name: 'Sam' }]
    expect(named('@Sam @Sam @Sam', [first, second]).map(([id]) => id)).toEqual(['x', 'y', 'y'])
    expect(namedIn('Hi @Bo!', mentionsIn('Hi @Bo!', [bo]))).toEqual([bo])
  })
  it('means whoever’s name begins so, whatever its accents', () => {
    const means = (typed: string, name: string) => isMeant(typed, name, 'id-7')
    expect([means('', 'Bo'), means('tomas', 'Tomás Rivera'), means('riv', 'Tomás Rivera'), means('to ri', 'Tomás Rivera'), means('玲', '陈美玲'), means('id', 'Bo'), means('ovi', 'Tomás Rivera')]).toEqual([true, true, true, true, true, true, false])
  })
})

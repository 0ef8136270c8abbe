import { describe, expect, it } from 'vitest'
import { groupLimit, isMemberNow } from '../../src/receipts/groupLimit.js'
import { at, someone } from './arbitraries.js'

describe('groupLimit', () => {
  it('[RS26] is that of the policy, or that of the wire where the wire has less', () => {
    expect([undefined, 1_000, 200].map((wireLimit) => groupLimit({ maxGroupSize: 500 }, wireLimit))).toEqual([500, 500, 200])
  })
})

describe('isMemberNow', () => {
  it('goes by the last time of being a member: who left is none, who came back is one', () => {
    expect([someone('ann'), someone('bob', at(3)), someone('cem', null, at(5))].map(isMemberNow)).toEqual([true, true, false])
    const times = [{ joinedAt: null, leftAt: at(5) }, { joinedAt: at(8), leftAt: null }]
    expect(isMemberNow({ ...someone('dee'), intervals: times })).toBe(true)
    expect(isMemberNow({ ...someone('eve'), intervals: [] })).toBe(false)
  })
})

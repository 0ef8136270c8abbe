import { expect, it } from 'vitest'
import { atOnce } from '../../src/sync/atOnce.js'

it('begins each in its order, and no more at once than it may', async () => {
  const begun: number[] = []
  let underWay = 0
  await atOnce([1, 2, 3, 4, 5, 6, 7], 3, async (n) => {
    begun.push(n)
    expect(++underWay).toBeLessThanOrEqual(3)
    await new Promise((resolve) => setTimeout(resolve, 7 - n))
    underWay -= 1
  })
  expect([begun, underWay]).toEqual([[1, 2, 3, 4, 5, 6, 7], 0])
})

it('begins no other after one that fails, and rejects with its reason when those under way have ended', async () => {
  const ended: number[] = []
  const run = async (n: number) => {
    if (n === 2) throw new Error('two')
    await new Promise((resolve) => setTimeout(resolve, 5))
    ended.push(n)
  }
  await expect(atOnce([1, 2, 3, 4, 5, 6], 3, run)).rejects.toThrow('two')
  expect(ended).toEqual([1, 3])
})

it('has nothing to do for none', async () => {
  await atOnce([], 4, () => Promise.reject(new Error('never')))
})

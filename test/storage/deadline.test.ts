import { createFakeClock } from 'readback/testing'
import { expect, it } from 'vitest'
import { startDeadline } from '../../src/storage/deadline.js'

const late = () => new Error('late')

it('lets work through that ends in time, and leaves no timer', async () => {
  const clock = createFakeClock()
  const deadline = startDeadline(clock, 100, late)
  expect(await deadline.race(Promise.resolve(7))).toBe(7)
  deadline.stop()
  expect(clock.pending).toBe(0)
})

it('ends work that takes longer, and tells whoever is to stop it, also one who asks afterwards', async () => {
  const clock = createFakeClock()
  const deadline = startDeadline(clock, 100, late)
  const told: string[] = []
  deadline.onExpire(() => told.push('before'))
  const race = deadline.race(new Promise(() => {}))
  clock.advance(99)
  expect(deadline.isExpired).toBe(false)
  clock.advance(1)
  await expect(race).rejects.toThrow('late')
  deadline.onExpire(() => told.push('after'))
  expect([deadline.isExpired, told]).toEqual([true, ['before', 'after']])
})

it('waits on as long as there is reason to', async () => {
  const clock = createFakeClock()
  let more = 50
  const deadline = startDeadline(clock, 100, late, () => more)
  clock.advance(149)
  expect(deadline.isExpired).toBe(false)
  more = 0
  clock.advance(1)
  expect(deadline.isExpired).toBe(true)
})

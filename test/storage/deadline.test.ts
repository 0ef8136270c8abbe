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
  const note = (when: string) => () => {
    told.push(when)
    return null
  }
  deadline.onExpire(note('before'))
  const race = deadline.race(new Promise(() => {}))
  clock.advance(99)
  expect(deadline.isExpired).toBe(false)
  clock.advance(1)
  await expect(race).rejects.toThrow('late')
  deadline.onExpire(note('after'))
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

it('leaves work that cannot be stopped any more the time to say what became of it', async () => {
  const clock = createFakeClock()
  const begin = () => {
    const deadline = startDeadline(clock, 100, late)
    let giveUp!: () => void
    let finish!: (result: number) => void
    deadline.onExpire(() => new Promise((resolve) => (giveUp = resolve)))
    const race = deadline.race(new Promise<number>((resolve) => (finish = resolve)))
    clock.advance(100)
    return { deadline, race, giveUp, finish }
  }
  const told = begin()
  await told.deadline.over
  expect(told.deadline.isExpired).toBe(true)
  told.finish(7)
  expect(await told.race).toBe(7)
  const untold = begin()
  untold.giveUp()
  await expect(untold.race).rejects.toThrow('late')
})

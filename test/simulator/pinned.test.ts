import { describe, expect, it } from 'vitest'
import { PINNED } from './pinned.js'
import { runSchedule } from './run.js'

describe('what once went wrong does not again', () => {
  it.each(PINNED)('$name', async ({ schedule }) => {
    const { error } = await runSchedule(schedule)
    expect(error).toBeNull()
  }, 60_000)
})

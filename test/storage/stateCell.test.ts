import { expect, it } from 'vitest'
import { createStateCell } from '../../src/storage/stateCell.js'

it('tells of changes only', () => {
  const cell = createStateCell()
  const heard: string[] = []
  const stop = cell.subscribe(() => heard.push(cell.get().status))
  for (const status of ['opening', 'opening', 'ready'] as const) cell.set({ status })
  cell.set({ status: 'memory', reason: 'failed' })
  cell.set({ status: 'memory', reason: 'failed' })
  cell.set({ status: 'memory', reason: 'unavailable' })
  stop()
  cell.set({ status: 'closed' })
  expect(heard).toEqual(['opening', 'ready', 'memory', 'memory'])
})

it('a listener that stops another, or itself, while being told does no harm', () => {
  const cell = createStateCell()
  const heard: string[] = []
  const stopFirst = cell.subscribe(() => {
    heard.push('first')
    stopFirst()
    stopSecond()
  })
  const stopSecond = cell.subscribe(() => heard.push('second'))
  cell.set({ status: 'opening' })
  cell.set({ status: 'ready' })
  expect(heard).toEqual(['first', 'second'])
})

// @vitest-environment jsdom
import { systemPorts } from 'readback/core'
import { expect, it } from 'vitest'

it('tells of both ways, of being online and offline, until it is stopped', () => {
  const { connectivity } = systemPorts()
  const told: string[] = []
  const stop = connectivity.subscribe(() => told.push('told'))
  const happen = () => ['offline', 'online', 'focus'].forEach((type) => window.dispatchEvent(new Event(type)))
  happen()
  expect(told).toHaveLength(2)
  stop()
  happen()
  expect(told).toHaveLength(2)
})

import { memoryStorage } from 'readback/storage/memory'
import { expect, it, vi } from 'vitest'
import type { ChatStorage } from '../../src/storage/index.js'
import { startReign } from '../../src/sync/reign.js'
import { contextOf } from './contextOf.js'
import { scriptedTransport } from './scriptedTransport.js'

it('who connects anew while the database is still asked where from connects once', async () => {
  const wire = scriptedTransport()
  const connect = vi.spyOn(wire, 'connect')
  const storage = memoryStorage()
  await storage.open('me')
  let go = () => {}
  const isAsked = new Promise<void>((resolve) => (go = resolve))
  const slow: ChatStorage = { ...storage, read: async (work) => isAsked.then(() => storage.read(work)) }
  const errors: unknown[] = []
  const reign = startReign({ ...contextOf('me', slow, { transport: wire }), onError: (error) => void errors.push(error) }, { onChanged() {}, onCaughtUp() {}, onEphemeral() {} })
  await reign.startOver()
  go()
  await vi.waitFor(() => expect(connect).toHaveBeenCalled())
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(connect).toHaveBeenCalledTimes(1)
  expect(errors).toEqual([])
  await reign.stop()
})

import type { ChatClient } from 'readback/core'
import type { FakeClock } from 'readback/testing'
import { expect, vi } from 'vitest'
import { failedRequest, type faultyFactory } from '../storage/faultyFactory.js'

/** Starts a client whose database does not open, so that it goes on in memory; until `factory.onOpen` is null again. */
export async function startInMemory(client: ChatClient, factory: ReturnType<typeof faultyFactory>, clock: FakeClock): Promise<void> {
  factory.onOpen = () => failedRequest('UnknownError')
  const started = client.start()
  await vi.waitFor(() => {
    clock.advance(100)
    expect(client.getState().storage).toEqual({ status: 'memory', reason: 'failed' })
  }, 5_000)
  await started
}

/** What my other device read behind a loss, and what comes of that here. */
import type { HistoryPage } from 'readback/core'
import { expect, it, vi } from 'vitest'
import { at, RANGES, start, text, type Scene } from './oneReader.js'

const pause = (ms = 80) => new Promise((resolve) => setTimeout(resolve, ms))
const page = (...messages: readonly object[]): HistoryPage => ({ messages, contiguousTo: null }) as unknown as HistoryPage
const shown = ({ client }: Pick<Scene, 'client'>) => client.messages('c').getSnapshot().messages

it.each([['nothing was cleared', false], ['all was cleared here', true]])('[RS30] [RS31] [RS15] what my other device never had is told by nobody as read when it is sent again: %s', async (_what, isCleared) => {
  const scene = await start({ dense: true, read: RANGES, delivered: RANGES }, { history: async () => page(text(3)) })
  await scene.bring(text(1), text(3), text(4))
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await scene.bring(text(5, { at: at(5, 1) }), text(6, { at: at(6, 1) }))
  await pause(200)
  if (isCleared) await scene.client.clearUnread('c')
  await pause()
  // It had never had 4: it read 1, 3, 5 and 6.
  scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'published', upTo: at(6, 1) })
  await pause()
  // Ada sends it again.
  scene.wire.emit({ type: 'message', message: text(7, { localId: 'l4', at: at(7, 1), id: 'm7' }) as never })
  await vi.waitFor(() => expect(shown(scene).some(({ ids }) => ids.includes('m7'))).toBe(true))
  await pause(300)
  expect(scene.isTold(7, 1)).toBe(false)
  expect(scene.wire.reports.filter(({ kind, visibility }) => kind === 'read' && visibility === 'published')).toEqual([])
})

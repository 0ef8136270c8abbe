/** What my other device read behind a loss, and what comes of that here. */
import type { HistoryPage } from 'readback/core'
import { describe, expect, it, vi } from 'vitest'
import { coversPoint } from '../../src/receipts/coversPoint.js'
import { at, POINT, RANGES, start, text, type Scene } from './oneReader.js'

const pause = (ms = 80) => new Promise((resolve) => setTimeout(resolve, ms))
const page = (...messages: readonly object[]): HistoryPage => ({ messages, contiguousTo: null }) as unknown as HistoryPage
const line = (value: unknown) => `${JSON.stringify(value)}\n`
const HEADER = line({ readback: 1, conversation: { id: 'c', kind: 'group' }, gaps: [] })
const row = (order: number, changes: object = {}) => { const { id, ...rest } = text(order, changes); return line({ message: { ids: [id], ...rest } }) }
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

describe('what a file brings of others from before an epoch that was the first here', () => {
  /** 5 and 6 stand behind a loss; my other device read both. */
  async function startBehindLoss(extra: Parameters<typeof start>[1] = {}, scopes: Parameters<typeof start>[0] = { read: RANGES, delivered: RANGES }) {
    const scene = await start({ dense: true, ...scopes }, extra)
    await scene.bring(text(5, { at: at(5, 1) }), text(6, { at: at(6, 1) }))
    scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'published', upTo: at(6, 1) })
    await pause()
    expect(scene.unread()).toBe(0)
    return scene
  }

  it('[RS31] is not read by where my other device stood, nor told as read when it is sent again', async () => {
    const scene = await startBehindLoss()
    await scene.client.importConversation(HEADER + row(1) + row(4))
    expect(scene.unread()).toBe(2)
    // Lost by the server: no device of mine that read on ever had it. Ada sends it again.
    scene.wire.emit({ type: 'message', message: text(7, { localId: 'l4', at: at(7, 1), id: 'm7' }) as never })
    await pause(300)
    expect(scene.isTold(7, 1)).toBe(false)
    expect(scene.unread()).toBe(2)
  })

  it('[RS31] is read by it as far as the server still had it, once it says so', async () => {
    const scene = await startBehindLoss({ history: async () => page(text(3)) })
    await scene.client.importConversation(HEADER + row(1) + row(3) + row(4))
    await vi.waitFor(() => expect(scene.unread()).toBe(1))
    scene.wire.emit({ type: 'message', message: text(7, { localId: 'l4', at: at(7, 1), id: 'm7' }) as never })
    await pause(300)
    expect(scene.isTold(7, 1)).toBe(false)
    expect(scene.unread()).toBe(1)
  })

  it.each([['at once', HEADER + row(1) + row(3)], ['in two files', HEADER + row(1), HEADER + row(3)]])('[RS31] leaves read what the wire had brought before: %s', async (_how, ...files) => {
    const scene = await startBehindLoss()
    await scene.bring(text(2), text(4))
    expect(scene.unread()).toBe(0)
    for (const file of files) await scene.client.importConversation(file)
    expect(scene.unread()).toBe(2)
    const { synced } = (await scene.storage.read((tx) => tx.readStates.getOwn('c')))!
    expect([1, 2, 3, 4].map((order) => coversPoint(synced.read, at(order)))).toEqual([false, true, false, true])
  })

  it('[RS31] is in the way of no position once the server says that it has it', async () => {
    const scene = await startBehindLoss({ history: async () => page(text(3)) }, { read: POINT, delivered: POINT })
    await scene.client.importConversation(HEADER + row(1) + row(3))
    await vi.waitFor(() => expect(scene.unread()).toBe(0))
    await scene.bring(text(7, { at: at(7, 1) }))
    await scene.read(7)
    await vi.waitFor(() => expect(scene.isTold(7, 1)).toBe(true))
  })

  /** Ada sends 4 again, which the server had lost. */
  async function sendAgain(scene: Scene): Promise<void> {
    scene.wire.emit({ type: 'message', message: text(7, { localId: 'l4', at: at(7, 1), id: 'm7' }) as never })
    await pause(300)
  }

  it('[RS31] nor is what a second file brings, while what was lost is looked for', async () => {
    const scene = await startBehindLoss()
    await scene.bring(text(3))
    await scene.client.importConversation(HEADER + row(1))
    expect(scene.unread()).toBe(1)
    await scene.client.importConversation(HEADER + row(4))
    expect(scene.unread()).toBe(2)
  })

  it('[RS31] nor what another file brings of before the first', async () => {
    const scene = await startBehindLoss({}, { dense: false, inOrder: true, read: RANGES, delivered: RANGES })
    await scene.client.importConversation(HEADER + row(4))
    await scene.client.importConversation(HEADER + row(2))
    expect(scene.unread()).toBe(2)
    const { synced } = (await scene.storage.read((tx) => tx.readStates.getOwn('c')))!
    expect([at(2), at(4), at(5, 1), at(6, 1)].map((place) => coversPoint(synced.read, place))).toEqual([false, false, true, true])
  })

  it('[RS31] nor the second half of a long one', async () => {
    const scene = await startBehindLoss()
    await scene.bring(text(550))
    await scene.client.importConversation(HEADER + Array.from({ length: 600 }, (_, n) => row(n + 1)).join(''))
    const { synced } = (await scene.storage.read((tx) => tx.readStates.getOwn('c')))!
    expect([3, 549, 550, 560].map((order) => coversPoint(synced.read, at(order)))).toEqual([false, false, true, false])
  })

  it('[RS31] [RS15] nor is it told once receipts were switched off and on', async () => {
    const scene = await startBehindLoss()
    await scene.client.importConversation(HEADER + row(4))
    await scene.client.setReceipts('off')
    await scene.client.setReceipts('public')
    await sendAgain(scene)
    expect([scene.unread(), scene.isTold(7, 1)]).toEqual([1, false])
  })

  it.each([['my other device read on', false], ['this device read on', true]])('[RS31] [RS15] nor once the user confirms that earlier messages show as read: %s', async (_who, isHere) => {
    const scene = await start({ dense: true, read: RANGES, delivered: RANGES })
    scene.wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'direct' } })
    await scene.bring(text(5, { at: at(5, 1) }), text(6, { at: at(6, 1) }))
    if (isHere) await scene.client.setReceipts('private')
    if (isHere) await scene.read(6)
    else scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'published', upTo: at(6, 1) })
    await pause()
    expect(scene.unread()).toBe(0)
    if (!isHere) await scene.client.setReceipts('off')
    await scene.client.importConversation(HEADER + row(4))
    await scene.client.setReceipts('public')
    await scene.client.publishEarlier()
    await sendAgain(scene)
    expect([scene.unread(), scene.isTold(7, 1)]).toEqual([1, false])
  })

  it.each([['public', 'group'], ['private', 'group'], ['public', 'direct'], ['private', 'direct']] as const)('[RS13] [RS31] what was read here and pruned since is not unread when a file brings it back (%s, %s)', async (setting, kind) => {
    const scene = await start({ dense: true, read: RANGES, delivered: RANGES })
    scene.wire.emit({ type: 'conversation', conversation: { id: 'c', kind } })
    await scene.client.setReceipts(setting)
    await scene.bring(text(1), text(2), text(3), text(4))
    await scene.read(1, 2, 3, 4)
    await scene.bring(text(5, { at: at(5, 1) }), text(6, { at: at(6, 1) }), text(7, { at: at(7, 1) }))
    await scene.read(5, 6, 7)
    expect(await scene.client.pruneHistory('c', { before: text(7).time })).toBe(5)
    await scene.client.importConversation(HEADER + row(1) + row(2) + row(3) + row(4))
    await pause()
    expect(scene.unread()).toBe(0)
  })

  it('[RS31] what was never here is read by nothing behind it, though what stood around it was pruned', async () => {
    const scene = await start({ dense: true, read: RANGES, delivered: RANGES })
    scene.wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'direct' } })
    await scene.bring(text(1), text(3), text(4), text(5, { at: at(5, 1) }))
    await scene.read(1, 3, 4, 5)
    expect(await scene.client.pruneHistory('c', { before: text(5).time })).toBe(2)
    await scene.client.importConversation(HEADER + row(1) + row(2) + row(3) + row(4))
    await pause()
    expect(scene.unread()).toBe(1)
    const { synced } = (await scene.storage.read((tx) => tx.readStates.getOwn('c')))!
    expect([1, 2, 3, 4].map((order) => coversPoint(synced.read, at(order)))).toEqual([true, false, true, true])
  })

  it('[RS13] [RS31] what an earlier version pruned, which noted nothing of it, stays read where it was read one by one', async () => {
    const scene = await start({ dense: true, read: RANGES, delivered: RANGES })
    await scene.bring(text(1), text(2), text(3), text(5, { at: at(5, 1) }), text(6, { at: at(6, 1) }))
    await scene.read(1, 2, 3, 5, 6)
    await scene.client.pruneHistory('c', { before: text(6).time })
    await scene.storage.write((tx) => tx.meta.delete('pruned c'))
    await scene.client.importConversation(HEADER + row(1) + row(2) + row(3))
    await pause()
    expect(scene.unread()).toBe(0)
  })

  it('[RS23] [RS31] I am a reader of what the server still had, as my other device told', async () => {
    const scene = await startBehindLoss({ history: async () => page(text(3)) })
    await scene.client.importConversation(HEADER + row(1) + row(3) + row(4))
    await vi.waitFor(() => expect(scene.unread()).toBe(1))
    const { wanted } = (await scene.storage.read((tx) => tx.readStates.getOwn('c')))!
    expect([at(1), at(3), at(4), at(5, 1), at(6, 1)].map((place) => coversPoint(wanted.read, place))).toEqual([true, true, false, true, true])
  })
})

it('[RS31] what a file brings of an epoch is not read by where my other device stood in the next, though that brings nothing else', async () => {
  const scene = await start({ dense: true, read: RANGES, delivered: RANGES })
  await scene.bring(text(7, { at: at(7, 2) }))
  scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'published', upTo: at(6, 1) })
  await pause()
  await scene.client.importConversation(HEADER + row(4) + row(5, { at: at(5, 1) }))
  const { synced } = (await scene.storage.read((tx) => tx.readStates.getOwn('c')))!
  expect([at(4), at(5, 1), at(6, 1)].map((place) => coversPoint(synced.read, place))).toEqual([false, true, true])
})

/** What was deleted for me stays so, whatever brings it again. */
import { expect, it, vi } from 'vitest'
import { LATER, start, text, type Scene } from './oneReader.js'

const lastOf = ({ client }: Scene) => client.getState().conversations[0]!.lastMessage?.localId
const shown = ({ client }: Scene) => client.messages('c').getSnapshot().messages.map(({ localId }) => localId)

/** The newer of two messages is deleted for me. */
async function newestHidden(): Promise<Scene> {
  const scene = await start({ dense: true })
  await scene.bring(text(1), text(2))
  await scene.client.delete('c', 'm2', { for: 'me' })
  expect(lastOf(scene)).toBe('l1')
  return scene
}

it('is not last in the list again because a message behind it is taken back, nor does the conversation fall behind it', async () => {
  const scene = await newestHidden()
  const { client, wire } = scene
  wire.answer = () => new Promise(() => {})
  await client.discard('c', await client.send('c', { body: { kind: 'text', text: 'no, wait' } }))
  expect([lastOf(scene), client.getState().conversations[0]!.lastActivityAt]).toEqual(['l1', text(2).time])
})

it('nor because the wire tells it again', async () => {
  const scene = await newestHidden()
  scene.wire.emit({ type: 'message', message: text(2, { reactions: [{ emoji: '+', by: 'bo' }] }) as never })
  await vi.waitFor(async () => expect((await scene.client.getMessage('c', 'm2'))?.reactions).toHaveLength(1))
  expect(lastOf(scene)).toBe('l1')
})

it('[RS29] is not shown again when room was made of it and history brings it', async () => {
  const rows = [1, 2, 3, 4].map((order) => text(order))
  const history = async () => ({ messages: [...rows, text(0)] as never, contiguousTo: null })
  const scene = await start({ dense: true, history: true }, { history })
  await scene.bring(...rows, LATER)
  await scene.client.delete('c', 'm2', { for: 'me' })
  await scene.read(1, 3, 4)
  expect(await scene.client.pruneHistory('c', { before: LATER.time })).toBe(3)
  await scene.client.messages('c').loadOlder!()
  await vi.waitFor(() => expect(shown(scene)).toContain('l0'))
  expect(shown(scene)).toEqual(['l0', 'l1', 'l3', 'l4', 'l50'])
})

it('[RS38] goes with a file to my other devices, and is missing to whoever else reads it', async () => {
  const mine = await newestHidden()
  const lines: string[] = []
  for await (const line of mine.client.exportConversation('c')) lines.push(line)
  const bring = async (file: readonly string[]) => {
    const scene = await start({ dense: true })
    await scene.client.importConversation(file)
    return scene
  }
  const other = await bring(lines)
  await other.bring(text(3))
  expect([shown(other), other.unread()]).toEqual([['l1', 'l3'], 2])
  const theirs = await bring(lines.map((line) => line.replace('"by":"me"', '"by":"ada"')))
  await vi.waitFor(() => expect(shown(theirs)).toEqual(['l1']))
  for (const order of [2, 3]) theirs.wire.emit({ type: 'message', message: text(order) as never })
  await vi.waitFor(() => expect(theirs.unread()).toBe(3))
  await theirs.client.messages('c').loadNewer!()
  expect([shown(theirs), theirs.unread()]).toEqual([['l1', 'l2', 'l3'], 3])
})

it('leaves the last that is shown in the list, however many stand behind it', async () => {
  const scene = await start({ dense: true })
  await scene.bring(text(1), text(2))
  for (let order = 3; order < 70; order++) {
    await scene.bring(text(order, { from: 'bo' }))
    await scene.client.delete('c', `m${order}`, { for: 'me' })
    expect(lastOf(scene)).toBe('l2')
  }
})

/** What is cleared is what there was when the user asked for it. */
import { expect, it, vi } from 'vitest'
import { at, SPARSE, start, text } from './oneReader.js'

it('[RS15] what is stored between asking for it and doing it, on a slow disk, stays unread', async () => {
  const { client, wire, storage, bring, unread } = await start({ ...SPARSE, inOrder: true })
  await bring(text(1), text(2))
  expect(unread()).toBe(2)
  let goOn = () => {}
  void storage.write(() => new Promise<void>((resolve) => { goOn = resolve }))
  wire.emit({ type: 'message', message: text(3) as never })
  await new Promise((resolve) => setTimeout(resolve, 20))
  const cleared = client.clearUnread('c')
  goOn()
  await cleared
  await vi.waitFor(() => expect(client.getState().conversations[0]!.head).toEqual(at(3)))
  expect(client.getState().conversations[0]!.unread).toEqual({ count: 1, exact: true })
  await client.clearUnread('c')
  expect(client.getState().conversations[0]!.unread).toEqual({ count: 0, exact: true })
})

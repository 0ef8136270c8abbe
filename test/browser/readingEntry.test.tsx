/** Entering a conversation under `onOpen: 'all'`, and one that was marked as unread, in a window as an app has it. */
import { cleanup, render } from '@testing-library/react'
import { ChatProvider, ChatWindow, createChatClient, type ChatWindowProps, type Point, type Report } from 'readback'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeVisibility } from 'readback/testing'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, expect, it } from 'vitest'
import '../../src/styles/styles.css'

afterEach(() => {
  cleanup()
  document.body.replaceChildren()
})

const PATIENCE = { timeout: 10_000 }
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function scene(dwellMs: number, onOpen: 'all' | 'dwell' = 'all', readMode: 'upTo' | 'perMessage' = 'upTo') {
  const hub = memoryHub()
  await hub.seed({ conversation: { id: 'pair', kind: 'direct', members: ['ada', 'bo'] }, messages: Array.from({ length: 60 }, (_, n) => ({ from: 'bo', body: `Message ${n}`, time: 1_700_000_000_000 + n * 60_000 })) })
  const transport = hub.transport()
  const reports: Report[] = []
  const visibility = createFakeVisibility()
  const client = createChatClient({
    userId: 'ada', storage: memoryStorage(), policy: { onOpen: { direct: onOpen, group: 'dwell' }, readMode: { direct: readMode, group: 'perMessage' }, dwellMs }, ports: { visibility, locks: null, openChannel: () => null },
    transport: { ...transport, report: (report, signal) => {
      if (report.kind === 'read') reports.push(report)
      return transport.report(report, signal)
    } },
  })
  const box = document.createElement('div')
  box.style.cssText = 'position: fixed; inset: 0 auto auto 0; inline-size: 360px; block-size: 400px'
  document.body.append(box)
  const show = (props: Partial<ChatWindowProps> = {}) => render(<ChatProvider client={client}><ChatWindow conversationId="pair" {...props} /></ChatProvider>, { container: box })
  const unread = () => client.getState().conversations[0]?.unread?.count
  const settled = () => expect.poll(() => box.querySelector('.rb-list-scroller[data-settled="true"] .rb-row'), PATIENCE).not.toBeNull()
  return { client, hub, visibility, reports, box, show, unread, settled, newest: () => hub.log('pair').at(-1)!.at }
}

/** Longer than a look at what covers a list, and than its code takes to come. */
const A_WHILE_MS = 700

it('[RD12] nobody enters on a hidden page, without focus, or under a dialog; then all of it is read at once, in one report', async () => {
  const { visibility, reports, show, unread, settled, box, newest } = await scene(60_000)
  visibility.setVisible(false)
  show()
  await settled()
  await pause(A_WHILE_MS)
  expect(unread()).toBe(60)
  visibility.setFocus(false)
  visibility.setVisible(true)
  await pause(A_WHILE_MS)
  expect(unread()).toBe(60)
  const dialog = document.createElement('dialog')
  dialog.style.cssText = 'inline-size: 100vw; block-size: 100vh; max-inline-size: none; max-block-size: none'
  document.body.append(dialog)
  dialog.showModal()
  visibility.setFocus(true)
  await pause(A_WHILE_MS)
  expect(unread()).toBe(60)
  dialog.close()
  await expect.poll(unread, PATIENCE).toBe(0)
  await expect.poll(() => reports.map(({ upTo }) => upTo), PATIENCE).toEqual([newest()])
  // Most of it was never on the page: reached, and not seen.
  expect(box.textContent).not.toContain('Message 10')
})

it('[RD12] what comes while it is open dwells; what came while nobody looked is read on coming back', async () => {
  const { hub, visibility, show, unread, settled } = await scene(60_000)
  show()
  await settled()
  await expect.poll(unread, PATIENCE).toBe(0)
  await hub.post({ conversationId: 'pair', from: 'bo', body: 'while open' })
  await expect.poll(unread, PATIENCE).toBe(1)
  await pause(A_WHILE_MS)
  expect(unread()).toBe(1)
  visibility.setVisible(false)
  await hub.post({ conversationId: 'pair', from: 'bo', body: 'while away' })
  await expect.poll(unread, PATIENCE).toBe(2)
  await pause(A_WHILE_MS)
  expect(unread()).toBe(2)
  visibility.setVisible(true)
  await expect.poll(unread, PATIENCE).toBe(0)
})

it('[RD12] a message that comes while it is open is read after its dwell', async () => {
  const { hub, show, unread, settled, box, reports, newest } = await scene(200)
  show()
  await settled()
  await expect.poll(unread, PATIENCE).toBe(0)
  const scroller = box.querySelector<HTMLElement>('.rb-list-scroller')!
  scroller.scrollTop = scroller.scrollHeight
  await hub.post({ conversationId: 'pair', from: 'bo', body: 'while open' })
  await expect.poll(() => {
    scroller.scrollTop = scroller.scrollHeight
    return unread()
  }, PATIENCE).toBe(0)
  await expect.poll(() => reports.at(-1)?.upTo, PATIENCE).toEqual(newest())
})

it('[RD12] [RD9] an entering that could not be noted is noted after a wait, while the list still stands before somebody', async () => {
  const { client, show, unread, settled } = await scene(60_000)
  const told: unknown[] = []
  const { markReached } = client
  let calls = 0
  client.markReached = (id) => (++calls === 1 ? Promise.reject(new Error('disk full')) : markReached(id))
  show({ onError: (error) => told.push(error) })
  await settled()
  await expect.poll(unread, PATIENCE).toBe(0)
  expect([calls, told]).toEqual([2, [new Error('disk full')]])
})

it('[RS33] what was marked as unread while it was open, and is read, stays marked until the user comes back', async () => {
  const { client, show, unread, settled } = await scene(60_000, 'dwell')
  const isMarked = () => client.getState().conversations[0]?.manualUnread.on
  show()
  await settled()
  await client.clearUnread('pair')
  await client.markUnread('pair')
  await pause(A_WHILE_MS)
  expect([unread(), isMarked()]).toEqual([0, true])
  show({ conversationId: 'none' })
  await expect.poll(() => client.messages('pair').getSnapshot().status, PATIENCE).toBe('loading')
  expect(isMarked()).toBe(true)
  show()
  await expect.poll(isMarked, PATIENCE).toBe(false)
})

/** Messages of which at least half stands in the list. */
function inView(box: HTMLElement): string[] {
  const port = box.querySelector('.rb-list-scroller')!.getBoundingClientRect()
  return [...box.querySelectorAll<HTMLElement>('.rb-bubble')].flatMap((bubble) => {
    const { top, bottom, height } = bubble.getBoundingClientRect()
    return Math.min(bottom, port.bottom) - Math.max(top, port.top) >= height / 2 ? [document.createNodeIterator(bubble.querySelector('.rb-text')!, NodeFilter.SHOW_TEXT).nextNode()!.textContent!] : []
  })
}

it('[RD4] [RD7] under `dwell` entering is one report, up to the newest message that dwelt; what comes while it is open has its own, and entering again has none', async () => {
  const { client, hub, reports, box, show, unread, settled, newest } = await scene(300, 'dwell')
  const said = () => reports.map(({ upTo, ranges, visibility }) => [upTo, ranges, visibility])
  const isToldUpTo = (place: Point) => [place, [], 'published'] as const
  await client.start()
  await expect.poll(unread, PATIENCE).toBe(60)
  show()
  await settled()
  const readHere = () => client.messages('pair').getSnapshot().messages.filter((each) => client.readStates('pair').isRead(each))
  await expect.poll(() => readHere().map(({ body }) => body.kind === 'text' && body.text), PATIENCE).toEqual(inView(box))
  await pause(A_WHILE_MS)
  const read = readHere()
  expect(unread()).toBe(60 - read.length)
  const entering = isToldUpTo(read.at(-1)!.at!)
  await expect.poll(said, PATIENCE).toEqual([entering])

  const scroller = box.querySelector<HTMLElement>('.rb-list-scroller')!
  const toEnd = () => {
    scroller.scrollTop = scroller.scrollHeight
    return unread()
  }
  await expect.poll(toEnd, PATIENCE).toBe(0)
  const end = isToldUpTo(newest())
  await expect.poll(said, PATIENCE).toEqual([entering, end])
  await hub.post({ conversationId: 'pair', from: 'bo', body: 'Message 60' })
  await expect.poll(() => client.messages('pair').getSnapshot().messages.at(-1)?.at, PATIENCE).toEqual(newest())
  await expect.poll(toEnd, PATIENCE).toBe(0)
  await expect.poll(said, PATIENCE).toEqual([entering, end, isToldUpTo(newest())])

  show({ conversationId: 'none' })
  await pause(A_WHILE_MS)
  show()
  await settled()
  await pause(A_WHILE_MS)
  expect(said()).toHaveLength(3)
})

it('[RS15] [RD4] what was cleared counts as read and is told to nobody, until it stood before somebody for as long as what is unread: then that is told, and once', async () => {
  const { client, visibility, reports, box, show, unread, settled } = await scene(300, 'dwell', 'perMessage')
  const published = () => reports.filter((report) => report.visibility === 'published')
  await client.start()
  await expect.poll(unread, PATIENCE).toBe(60)
  await client.clearUnread('pair')
  expect(unread()).toBe(0)
  visibility.setVisible(false)
  show()
  await settled()
  await pause(A_WHILE_MS)
  expect([published(), box.querySelector('.rb-unread-separator')]).toEqual([[], null])
  visibility.setVisible(true)
  await expect.poll(() => published().length, PATIENCE).toBe(1)
  const messages = client.messages('pair').getSnapshot().messages
  const seen = inView(box)
  const inSight = messages.filter(({ body }) => body.kind === 'text' && seen.includes(body.text))
  expect(published().map(({ upTo, ranges }) => [upTo, ranges])).toEqual([[null, [{ from: inSight[0]!.at, to: inSight.at(-1)!.at }]]])
  show({ conversationId: 'none' })
  await pause(A_WHILE_MS)
  show()
  await settled()
  await pause(A_WHILE_MS)
  expect(published()).toHaveLength(1)
})

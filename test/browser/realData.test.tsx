/** Real logs through storage onto the screen, and all the way back to the beginning of history. `npm test` takes a part of each, the long run all. */
import { render } from '@testing-library/react'
import { ChatProvider, ChatWindow, createChatClient, MessageRow, messageKey, type ChatClient, type MessageSource } from 'readback'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryHub } from 'readback/transport/memory'
import 'readback/styles.css'
import { afterEach, describe, expect, it } from 'vitest'
import { sampleOf, stretchOf } from '../tools/sample.js'

/** So many rows follow on one another in the part of a log. */
const STRETCH = 10_000
const TEXTS = 1_500

interface LogRow {
  readonly id: number
  readonly t: string | null
  readonly from: string
  readonly kind: 'text' | 'action' | 'join' | 'leave'
  readonly text: string
}

/** Null when the file is not on this machine. */
async function loadLog(name: string): Promise<readonly LogRow[] | null> {
  const response = await fetch(`/real-data/${name}`)
  if (!response.ok || !response.body) return null
  const text = await new Response(response.body.pipeThrough(new DecompressionStream('gzip'))).text()
  return text.trimEnd().split('\n').map((line) => JSON.parse(line) as LogRow)
}

const bodyOf = (row: LogRow) =>
  row.kind === 'text' ? ({ kind: 'text', text: row.text } as const) : ({ kind: 'system', text: `${row.from} ${row.kind === 'action' ? row.text : row.kind}` } as const)

/** A row as the database keeps it, with its number as its place. */
const storedRow = (conversationId: string, row: LogRow) => {
  const id = String(row.id)
  return { conversationId, from: row.from, localId: `id:${id}`, ids: [id], at: { epoch: 0, order: row.id + 1, id }, time: row.t ? Date.parse(row.t) : row.id, body: bodyOf(row) }
}

const cleanUp: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

/** Fills a database as a device that was there from the first day has it, and opens a window over it. */
async function openLog(name: string, rows: readonly LogRow[]): Promise<{ client: ChatClient; source: MessageSource; container: HTMLElement }> {
  const storage = dexieStorage({ name })
  await storage.open('reader')
  cleanUp.push(async () => {
    await storage.open('reader')
    await storage.wipe()
  })
  const PAGE = 5_000
  for (let start = 0; start < rows.length; start += PAGE) {
    await storage.write((tx) => tx.messages.put(rows.slice(start, start + PAGE).map((row) => storedRow('log', row))))
  }
  const last = storedRow('log', rows.at(-1)!)
  await storage.write(async (tx) => {
    await tx.conversations.put([{ id: 'log', kind: 'group', title: name, head: last.at, lastMessage: last, lastActivityAt: last.time, unread: { count: 0, exact: true }, manualUnread: { rev: 0, on: false }, rosterComplete: false }])
  })
  await storage.close()
  const client = createChatClient({ userId: 'reader', transport: memoryHub().transport(), storage })
  const { container, unmount } = render(
    <ChatProvider client={client}>
      <div style={{ blockSize: 600, inlineSize: 400 }}>
        <ChatWindow conversationId="log" initialPosition="newest" />
      </div>
    </ChatProvider>,
  )
  cleanUp.push(() => {
    unmount()
    return client.stop()
  })
  await expect.poll(() => container.querySelector('[data-settled="true"]'), { timeout: 15_000 }).not.toBeNull()
  return { client, source: client.messages('log'), container }
}

/** Pages back until there is nothing older, noting every row in the order in which it came. */
async function readBack(source: MessageSource): Promise<number[]> {
  const stop = source.subscribe(() => {})
  const orders: number[] = []
  let oldest = Infinity
  for (;;) {
    const { messages, hasOlder } = source.getSnapshot()
    const fresh = messages.filter((row) => row.at !== null && row.at.order < oldest).map((row) => row.at!.order)
    orders.unshift(...fresh)
    oldest = orders[0]!
    if (!hasOlder) break
    await source.loadOlder!()
    // Lets the list draw: what is timed out here can be ended.
    await new Promise((resolve) => setTimeout(resolve, 0))
  }
  stop()
  return orders
}

describe('real logs', () => {
  it('148,051 rows of one channel, or a stretch of them: shown, scrolled, and paged back to the first row, in order with nothing missing', async (context) => {
    const log = await loadLog('duraspace-irc.jsonl.gz')
    if (!log) return context.skip('duraspace-irc.jsonl.gz is not in ../shared/data (or READBACK_DATA): the log is not part of this repository')
    expect(log).toHaveLength(148_051)
    const rows = stretchOf('duraspace-irc', log, STRETCH)
    const { source, container } = await openLog('duraspace', rows)
    const drawn = container.querySelector(`[data-key="${CSS.escape(messageKey(source.getSnapshot().messages.at(-1)!))}"]`)
    const [word = ''] = /[\p{L}\p{N}]+/u.exec(bodyOf(rows.at(-1)!).text) ?? []
    expect(drawn?.textContent).toContain(word)

    const scroller = container.querySelector<HTMLElement>('[data-settled]')!
    const before = source.getSnapshot().messages[0]!
    await expect.poll(async () => {
      scroller.scrollTop = 0
      await new Promise((resolve) => setTimeout(resolve, 50))
      return messageKey(source.getSnapshot().messages[0]!)
    }, { timeout: 10_000 }).not.toBe(messageKey(before))

    await source.loadAround!('newest')
    const orders = await readBack(source)
    expect(orders).toHaveLength(rows.length)
    expect(orders.every((order, i) => order === rows[i]!.id + 1)).toBe(true)
    expect(source.getSnapshot().messages.length).toBeLessThanOrEqual(400)
  }, 240_000)

  it('38 languages: every row stays in its bubble', async (context) => {
    const rows = await loadLog('multilingual.jsonl.gz')
    if (!rows) return context.skip('multilingual.jsonl.gz is not in ../shared/data (or READBACK_DATA): the texts are not part of this repository')
    const { source, container } = await openLog('multilingual', rows)
    const stop = source.subscribe(() => {})
    const seen = new Set<string>()
    for (;;) {
      const scroller = container.querySelector<HTMLElement>('[data-settled]')!
      for (const bubble of container.querySelectorAll<HTMLElement>('.rb-bubble')) {
        const { left, right } = bubble.getBoundingClientRect()
        const box = scroller.getBoundingClientRect()
        expect(left, bubble.textContent!.slice(0, 80)).toBeGreaterThanOrEqual(box.left - 1)
        expect(right, bubble.textContent!.slice(0, 80)).toBeLessThanOrEqual(box.right + 1)
        // Whatever the text does, it is not laid out outside its bubble.
        expect(bubble.scrollWidth, bubble.textContent!.slice(0, 80)).toBeLessThanOrEqual(bubble.clientWidth + 1)
        seen.add(bubble.textContent!)
      }
      const first = source.getSnapshot().messages[0]!
      if (seen.size > 400) break
      scroller.scrollTop = Math.max(0, scroller.scrollTop - 500)
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 10)))
      if (scroller.scrollTop === 0 && !source.getSnapshot().hasOlder && first === source.getSnapshot().messages[0]) break
    }
    stop()
    expect(seen.size).toBeGreaterThan(400)
  }, 120_000)

  for (const { widthPx, dir } of [{ widthPx: 400, dir: 'ltr' }, { widthPx: 280, dir: 'rtl' }] as const) {
    it(`38 languages, row by row: at ${widthPx} pixels, ${dir}, not one breaks its bubble`, async ({ skip }) => {
      const texts = await loadLog('multilingual.jsonl.gz')
      if (!texts) return skip('multilingual.jsonl.gz is not in ../shared/data (or READBACK_DATA): the texts are not part of this repository')
      expect(texts).toHaveLength(8_261)
      const rows = sampleOf(`multilingual at ${widthPx} pixels`, texts, TEXTS)
      const AT_ONCE = 250
      const { container, rerender, unmount } = render(<div />)
      cleanUp.push(unmount)
      const broken: string[] = []
      let seen = 0
      for (let start = 0; start < rows.length; start += AT_ONCE) {
        rerender(
          <ChatProvider dir={dir}>
            <div style={{ inlineSize: widthPx, containerType: 'inline-size' }}>
              {rows.slice(start, start + AT_ONCE).map((row, index) => <MessageRow key={row.id} message={storedRow('log', row)} own={index % 2 === 0} runStart runEnd conversationKind="group" />)}
            </div>
          </ChatProvider>,
        )
        const drawn = [...container.querySelectorAll<HTMLElement>('.rb-row')]
        seen += drawn.length
        broken.push(...drawn.flatMap((row, index) => escapeOf(row, drawn[index + 1])))
        await new Promise((resolve) => setTimeout(resolve, 0))
      }
      expect(broken).toEqual([])
      expect(seen).toBe(rows.length)
    }, 480_000)
  }
})

/** What of a row is outside of it, or of its bubble: its text in words, where something is. */
function escapeOf(row: HTMLElement, next: HTMLElement | undefined): readonly string[] {
  const frame = row.getBoundingClientRect()
  const bubble = row.querySelector('.rb-bubble, .rb-notice')!
  const box = bubble.getBoundingClientRect()
  const lines = linesOf(bubble)
  const fits = box.left >= frame.left - 1 && box.right <= frame.right + 1 && lines.every(({ left, right, top, bottom }) => left >= box.left - 1 && right <= box.right + 1 && top >= box.top - 1 && bottom <= box.bottom + 1)
  const apart = next === undefined || next.getBoundingClientRect().top >= frame.bottom - 1
  return fits && apart ? [] : [`${row.textContent.slice(0, 80)} (${Math.round(box.width)} by ${Math.round(box.height)})`]
}

/** What scrolls or is cut by an ellipsis: its box counts, not the text in it. */
const CUTS = 'pre, .rb-author'

/** Where each line of text is drawn. What is only said is drawn nowhere. */
function linesOf(bubble: Element): readonly DOMRect[] {
  const texts = document.createTreeWalker(bubble, NodeFilter.SHOW_TEXT, (node) => (node.parentElement?.closest(`${CUTS}, .rb-sr`) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT))
  const range = document.createRange()
  const lines: DOMRect[] = [...bubble.querySelectorAll(CUTS)].map((block) => block.getBoundingClientRect())
  while (texts.nextNode()) {
    range.selectNodeContents(texts.currentNode)
    lines.push(...range.getClientRects())
  }
  return lines.filter(({ width }) => width > 0)
}

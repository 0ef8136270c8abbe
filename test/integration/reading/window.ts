/** The whole window over a hub in the page, with its client and a database of the browser: what it reads is what the client is told, what it reports is what reaches the wire. */
import { createElement } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { ChatProvider, ChatWindow, type MessageRowProps } from 'readback'
import { createChatClient, type Point, type Report } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryHub } from 'readback/transport/memory'

export interface WindowOptions {
  readonly heights: readonly number[]
  /** Of the messages alone, about. */
  readonly panelPx: number
  readonly dwellMs: number
  readonly onRead: (ids: readonly string[]) => void
  readonly onReported: (ids: readonly string[]) => void
}

/** Header and composer, about. */
export const BESIDE_PX = 120

/** Resolves once the window is on the page. */
export async function startWindow({ heights, panelPx, dwellMs, onRead, onReported }: WindowOptions) {
  const hub = memoryHub({ backfill: heights.length })
  await hub.seed({ conversation: { id: 'c', kind: 'direct', members: ['ann', 'me'] }, messages: heights.map((_height, n) => ({ from: 'ann', body: `m${n}`, time: Date.now() - heights.length + n, localId: `m${n}` })) })
  const log = hub.log('c')
  const line = hub.transport()
  const told = new Set<string>()
  const transport = {
    ...line,
    report: async (report: Report, signal: AbortSignal) => {
      const ids = report.kind === 'read' && report.visibility === 'published' ? log.filter(({ at, id }) => !told.has(id) && isWithin(report, at)).map(({ id }) => id) : []
      for (const id of ids) told.add(id)
      if (ids.length > 0) onReported(ids.map((id) => `m${log.findIndex((one) => one.id === id)}`))
      return line.report(report, signal)
    },
  }
  const client = createChatClient({ userId: 'me', transport, storage: dexieStorage({ name: `reading-${performance.now()}` }), policy: { dwellMs, flushMs: 50, maxFlushMs: 200, readMode: { direct: 'perMessage', group: 'perMessage' }, onOpen: { direct: 'dwell', group: 'dwell' } } })
  const markRead: typeof client.markRead = (messages, ...rest) => {
    onRead(messages.map(({ localId }) => localId))
    return client.markRead(messages, ...rest)
  }
  await client.start()
  const box = document.createElement('div')
  Object.assign(box.style, { height: `${panelPx + BESIDE_PX}px`, width: '320px' })
  document.body.append(box)
  const MessageRow = ({ message: { localId } }: MessageRowProps) => createElement('div', { 'data-message': localId, style: { height: heights[Number(localId.slice(1))], boxSizing: 'border-box', border: '1px solid gray' } }, localId)
  const Nothing = () => null
  const components = { MessageRow, DateSeparator: Nothing, UnreadSeparator: Nothing, JumpToNewest: Nothing }
  const root = createRoot(box)
  flushSync(() => root.render(createElement(ChatProvider, { client: { ...client, markRead } }, createElement(ChatWindow, { conversationId: 'c', components, initialPosition: { id: log[0]!.id } }))))
  return {
    box,
    stop() {
      root.unmount()
      void client.signOut({ data: 'wipe' }).catch(() => {})
    },
  }
}

/** One epoch, consecutive numbers. */
function isWithin({ upTo, ranges }: Report, { order }: Point): boolean {
  return (upTo !== null && order <= upTo.order) || ranges.some(({ from, to }) => from.order <= order && order <= to.order)
}

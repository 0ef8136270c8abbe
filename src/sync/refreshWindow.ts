/** Reads again what an open window shows, without moving it: after a handle died, or a tab that was frozen or put aside comes back. */
import { comparePoints, messageKey, type ConversationId, type Message } from '../model/index.js'
import { sameData } from '../model/sameData.js'
import { sameItems } from '../model/sameItems.js'
import { samePoint } from '../model/samePoint.js'
import { NO_OWN_STATE } from '../receipts/index.js'
import type { StorageTx } from '../storage/index.js'
import { withEntry } from '../store/chatStore.js'
import { layRows } from '../store/windows.js'
import { MAX_WINDOW_ROWS, type MessageWindow } from '../store/windowTypes.js'
import type { SyncContext } from './context.js'
import { loadReading, readViewOf } from './readViews.js'
import { beginOf, pageAfter, pageBefore, pageFrom, type RowPage } from './windowPages.js'

export async function refreshWindow(ctx: SyncContext, id: ConversationId): Promise<void> {
  const before = ctx.store.getState().windows.get(id)
  if (!before || before.status !== 'ready') return
  const { own, page, echoes, reading } = await ctx.storage.read(async (tx) => {
    const rows = await pageOf(tx, id, before)
    return {
      page: rows,
      own: (await tx.readStates.getOwn(id)) ?? NO_OWN_STATE,
      echoes: await tx.messages.echoes(id),
      reading: await loadReading(tx, ctx.me, id, rows.rows),
    }
  })
  const view = readViewOf(ctx, id, own, reading)
  ctx.store.setState((state) => {
    const window = state.windows.get(id)
    // It was loaded, closed or opened elsewhere meanwhile: what is there now is newer.
    if (!window || window.messages !== before.messages) return {}
    const { from: _, ...rest } = window
    const next: MessageWindow = { ...rest, messages: keepSame(window.messages, layRows([...page.rows, ...echoes], page)), hasOlder: page.hasOlder, hasNewer: page.hasNewer, ...beginOf(page) }
    return {
      windows: withEntry(state.windows, id, sameWindow(window, next) ? window : next),
      readViews: withEntry(state.readViews, id, view),
    }
  })
}

/** From the first row on screen to the last; to the beginning and to the newest where the window reached them. */
async function pageOf(tx: StorageTx, id: ConversationId, { messages, hasOlder, hasNewer }: MessageWindow): Promise<RowPage> {
  const placed = messages.filter(({ at }) => at !== null)
  const first = placed[0]?.at
  if (!first || !hasNewer) {
    const page = await pageBefore(tx, id, undefined, MAX_WINDOW_ROWS)
    const rows = first && hasOlder ? page.rows.filter(({ at }) => comparePoints(at!, first) >= 0) : page.rows
    return { ...page, rows, hasOlder: page.hasOlder || rows.length < page.rows.length, hasNewer: false }
  }
  const page = await (hasOlder ? pageFrom(tx, id, first, placed.length - 1 || 1) : pageAfter(tx, id, null, placed.length))
  return { ...page, hasOlder }
}

/** Rows that say the same keep their identity, and the whole array where nothing changed, so that nothing is drawn again for it. */
function keepSame(before: readonly Message[], after: readonly Message[]): readonly Message[] {
  const known = new Map(before.map((row) => [messageKey(row), row]))
  const rows = after.map((row) => {
    const old = known.get(messageKey(row))
    return old && sameData(old, row) ? old : row
  })
  return sameItems(rows, before) ? before : rows
}

function sameWindow(a: MessageWindow, b: MessageWindow): boolean {
  return a.messages === b.messages && a.hasOlder === b.hasOlder && a.hasNewer === b.hasNewer && samePoint(a.from ?? null, b.from ?? null)
}

/** Opens, pages and closes the windows that the screen looks through. */
import { ChatError, messageKey, type ConversationId, type Message, type Point, type SourceAnchor } from '../model/index.js'
import { NO_OWN_STATE, type MemberState } from '../receipts/index.js'
import { withEntry, withoutEntry } from '../store/chatStore.js'
import { addPage, layRows } from '../store/windows.js'
import { CLOSED_WINDOW, type MessageWindow } from '../store/windowTypes.js'
import { archivedStates } from './archiving.js'
import { showChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { openGap } from './gapFilling.js'
import { mendUnread } from './mendUnread.js'
import { loadReading, readViewOf } from './readViews.js'
import { refreshWindow } from './refreshWindow.js'
import { BEYOND_ALL, beginOf, PAGE_ROWS, pageAfter, pageAround, pageBefore, showsAny, type RowPage } from './windowPages.js'

export interface WindowLoader {
  /** Shows the conversation around an anchor. */
  open(id: ConversationId, anchor: SourceAnchor): Promise<void>
  loadOlder(id: ConversationId): Promise<void>
  loadNewer(id: ConversationId): Promise<void>
  /** Loads how far messages of a conversation got whose window is closed. */
  openReading(id: ConversationId): Promise<void>
  /** @param isRead - how far its messages got is looked at all the same */
  close(id: ConversationId, isRead: boolean): void
  /** Something was committed: what came while a page was on its way is laid over it. */
  noteChanges(changes: Changes): void
  /** Reads again what every open window shows: the database may have changed unheard. Nothing moves on screen but what is different. */
  refreshAll(): Promise<void>
}

/** Least time between two tries to fetch a page, so that a list at its end does not ask without pause. Milliseconds. */
const FAILED_LOAD_REST_MS = 2_000

/** Fetches a page of missing history next to a place. */
export type FetchGap = (id: ConversationId, edge: Point, end: 'older' | 'newer', limit: number) => Promise<void>

/**
 * @param fetchGap - null while there is no connection to fetch by
 * @param commit - shows what was changed here, and tells the other tabs
 */
export function createWindowLoader(ctx: SyncContext, fetchGap: () => FetchGap | null, commit: (changes: Changes) => void): WindowLoader {
  const patch = (id: ConversationId, change: (window: MessageWindow) => MessageWindow) => {
    ctx.store.setState(({ windows }) => {
      const window = windows.get(id)
      return window ? { windows: withEntry(windows, id, change(window)) } : {}
    })
  }

  const underWay = new Set<Changes[]>()

  /**
   * What is committed between the read and its showing would be missed: it is kept and shown after. `forget`: what was committed until now is in what is read now, or nothing of that is shown at all;
   * shown after, it would take back what was changed since and is on screen already.
   */
  async function withLateChanges(run: (forget: () => void) => Promise<void>): Promise<void> {
    const late: Changes[] = []
    underWay.add(late)
    try {
      await run(() => void (late.length = 0))
    } finally {
      underWay.delete(late)
      for (const changes of late) showChanges(ctx.store, ctx.me, changes)
      for (const { doubted } of late) joinAllArchived(doubted.keys())
    }
  }

  const refresh = (id: ConversationId) => withLateChanges(() => refreshWindow(ctx, id))

  let opens = 0
  /** Which of the opens each conversation shows: one that was asked for earlier and read later must not replace it. */
  const shownOpen = new Map<ConversationId, number>()

  async function open(id: ConversationId, anchor: SourceAnchor): Promise<void> {
    const turn = ++opens
    const before = ctx.store.getState().windows.get(id) ?? CLOSED_WINDOW
    // Kept while the conversation is open: what is marked meanwhile is not ended by what is on screen.
    const markAtEntry = before.markAtEntry ?? ctx.store.getState().conversations.get(id)?.manualUnread
    const loading = before.status === 'ready' ? 'around' : 'initial'
    ctx.store.setState(({ windows }) => ({ windows: withEntry(windows, id, { ...before, loading, markAtEntry }) }))
    const loaded = await ctx.storage.read(async (tx) => {
      const conversation = await tx.conversations.get(id)
      if (!conversation) return null
      const own = (await tx.readStates.getOwn(id)) ?? NO_OWN_STATE
      const page = await pageAround(tx, ctx.me, conversation, own, anchor)
      const echoes = await tx.messages.echoes(id)
      return { own, page, echoes, reading: await loadReading(tx, ctx.me, id, page.rows) }
    }).catch((cause: unknown) => {
      patch(id, (window) => ({ ...window, loading: 'none', status: window.status === 'ready' ? 'ready' : 'failed' }))
      throw cause
    })
    if (turn < (shownOpen.get(id) ?? 0)) return
    shownOpen.set(id, turn)
    if (!loaded) return patch(id, (window) => ({ ...window, loading: 'none', status: 'unknown' }))
    const { own, page, echoes, reading } = loaded
    const view = readViewOf(ctx, id, own, reading)
    // Kept while the conversation is open, so that the separator stays where the reader found it.
    const firstUnreadKey = before.status === 'ready' ? before.firstUnreadKey : page.firstUnread ? messageKey(page.firstUnread) : null
    const window: MessageWindow = {
      messages: layRows([...page.rows, ...echoes], page),
      hasOlder: page.hasOlder,
      hasNewer: page.hasNewer,
      loading: 'none',
      status: 'ready',
      firstUnreadKey,
      lean: page.hasNewer ? 'older' : 'newer',
      markAtEntry,
      ...beginOf(page),
    }
    ctx.store.setState((state) => ({
      windows: withEntry(state.windows, id, window),
      readViews: withEntry(state.readViews, id, view),
    }))
    if (before.status !== 'ready') compareCount(id)
    if (page.rows.length > 0) fetchNewest(id)
  }

  /** What is missing behind the newest row is on no page, neither above nor below what is here: whoever looks has it fetched. Where that fails, the next visit or connection does it. */
  function fetchNewest(id: ConversationId): void {
    const fetchMissing = fetchGap()
    if (!fetchMissing || ctx.store.getState().connection.status !== 'online') return
    const run = async () => {
      if (openGap(await ctx.storage.read((tx) => tx.gaps.list(id)))) await fetchMissing(id, BEYOND_ALL, 'older', PAGE_ROWS)
    }
    run().catch(() => {})
  }

  /** With what there is to read now. Nobody waits for it; where it fails, the next visit does it. */
  function compareCount(id: ConversationId): void {
    mendUnread(ctx, id).then((changes) => changes && commit(changes), () => {})
  }

  async function openReading(id: ConversationId): Promise<void> {
    // Whoever opens its window in the same breath loads more than this.
    await Promise.resolve()
    if (ctx.store.getState().windows.has(id)) return
    const { own, reading } = await ctx.storage.read(async (tx) => {
      const last = (await tx.conversations.get(id))?.lastMessage
      return { own: (await tx.readStates.getOwn(id)) ?? NO_OWN_STATE, reading: await loadReading(tx, ctx.me, id, last ? [last] : []) }
    })
    const view = readViewOf(ctx, id, own, reading)
    ctx.store.setState(({ windows, readViews }) => (windows.has(id) ? {} : { readViews: withEntry(readViews, id, view) }))
  }

  const openLate = (id: ConversationId, anchor: SourceAnchor) => withLateChanges(() => open(id, anchor))

  const loading = new Map<ConversationId, Promise<void>>()

  /** One page at a time in each conversation; who asks meanwhile waits for the one under way. */
  function loadOnce(id: ConversationId, end: 'older' | 'newer'): Promise<void> {
    const running = loading.get(id)
    if (running) return running
    const started = withLateChanges((forget) => load(id, end, forget)).finally(() => loading.delete(id))
    loading.set(id, started)
    return started
  }

  async function load(id: ConversationId, end: 'older' | 'newer', forget: () => void): Promise<void> {
    const window = ctx.store.getState().windows.get(id)
    const more = end === 'older' ? window?.hasOlder : window?.hasNewer
    if (!window || window.status !== 'ready' || window.loading !== 'none' || !more) return
    patch(id, (current) => ({ ...current, loading: end }))
    const began = ctx.ports.clock.monotonic()
    try {
      const edge = edgeOf(window, end)
      const page = await loadPage(id, edge, end, forget)
      if (end === 'newer' && !page.hasNewer) fetchNewest(id)
      // Before the rows are there: their badges are right from the first.
      const index = ctx.store.getState().readViews.get(id)?.index
      index?.setStates(page.archived)
      // Those that failed have a place far up.
      const echoes = await ctx.storage.read((tx) => tx.messages.echoes(id))
      // It was opened elsewhere meanwhile: the page is not next to what is shown now.
      patch(id, (current) => (edgeOf(current, end)?.id === edge?.id ? addPage(current, [...page.rows, ...echoes], end, end === 'older' ? page.hasOlder : page.hasNewer) : rested(current, end)))
    } catch (cause) {
      forget()
      // Offline at the end of what is stored: the list may ask again later.
      await new Promise<void>((resolve) => ctx.ports.clock.setTimer(resolve, Math.max(0, began + FAILED_LOAD_REST_MS - ctx.ports.clock.monotonic())))
      patch(id, (current) => rested(current, end))
      if (!(cause instanceof ChatError)) throw cause
    }
  }

  /** Only own messages show who read them. */
  const mine = (rows: readonly Message[]) => rows.filter(({ from }) => from === ctx.me)

  async function loadPage(id: ConversationId, edge: Point | undefined, end: 'older' | 'newer', forget: () => void): Promise<RowPage & { readonly archived: readonly MemberState[] }> {
    const read = () => ctx.storage.read(async (tx) => {
      forget()
      const page = await (end === 'older' ? pageBefore(tx, id, edge) : pageAfter(tx, id, edge ?? null))
      return { ...page, archived: await archivedStates(tx, id, mine(page.rows)) }
    })
    const page = await read()
    const isStuck = !showsAny(page.rows) && (end === 'older' ? page.hasOlder : page.hasNewer)
    const fill = fetchGap()
    if (!isStuck || !edge || !fill) return page
    await fill(id, edge, end, PAGE_ROWS)
    return read()
  }

  /** Into a view that was made anew of what is known of everybody. */
  async function joinArchived(id: ConversationId): Promise<void> {
    if (!ctx.store.getState().readViews.has(id)) return
    const { windows, conversations } = ctx.store.getState()
    const rows = windows.get(id)?.messages ?? [conversations.get(id)?.lastMessage ?? []].flat()
    const archived = await ctx.storage.read((tx) => archivedStates(tx, id, mine(rows)))
    const view = ctx.store.getState().readViews.get(id)
    if (!view || archived.length === 0) return
    view.index.setStates(archived)
    ctx.store.setState(({ readViews }) => ({ readViews: withEntry(readViews, id, { ...view, version: view.version + 1 }) }))
  }

  /** Until then what is shown of it stays. */
  function joinAllArchived(ids: Iterable<ConversationId>): void {
    for (const id of ids) joinArchived(id).catch(() => {})
  }

  return {
    open: openLate,
    loadOlder: (id) => loadOnce(id, 'older'),
    loadNewer: (id) => loadOnce(id, 'newer'),
    noteChanges(changes) {
      for (const late of underWay) late.push(changes)
      joinAllArchived(changes.doubted.keys())
      for (const id of changes.gaps.keys()) {
        const window = ctx.store.getState().windows.get(id)
        // What was beyond missing history is all that there is to show, or nobody knew that there is any. Should the database fail now, it is read again when it is back.
        if (window && window.messages.every(({ at }) => at === null)) refresh(id).catch(() => {})
      }
    },
    openReading: (id) => withLateChanges(() => openReading(id)),
    close(id, isRead) {
      ctx.store.setState(({ windows, readViews }) => ({ windows: withoutEntry(windows, id), readViews: isRead ? readViews : withoutEntry(readViews, id) }))
    },
    async refreshAll() {
      const { windows, readViews } = ctx.store.getState()
      // One that the database could not give, and may now.
      for (const [id, { status }] of windows) await (status === 'failed' ? openLate(id, 'firstUnread') : refresh(id))
      for (const id of readViews.keys()) if (!windows.has(id)) await withLateChanges(() => openReading(id))
    },
  }
}

/** The place of the outermost row that has one; in an empty window, where missing history ends. */
function edgeOf({ messages, from }: MessageWindow, end: 'older' | 'newer'): Point | undefined {
  const placed = messages.filter(({ at }) => at !== null)
  return (end === 'older' ? placed[0] : placed.at(-1))?.at ?? from
}

function rested(window: MessageWindow, end: 'older' | 'newer'): MessageWindow {
  return window.loading === end ? { ...window, loading: 'none' } : window
}

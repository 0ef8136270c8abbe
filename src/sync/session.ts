/** One run of the synchronisation, from an open database to `stop`: leads or follows among the tabs, and keeps this tab's view up to date. */
import type { ConversationId, Point, Stop } from '../model/index.js'
import type { ChatStorage } from '../storage/index.js'
import { showChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import type { EnsuredConversation } from './ensure.js'
import { createEphemeral } from './ephemeral.js'
import { createErrands } from './errands.js'
import { BEAT_MS, leadAlone, neverLead, takeLead, type Leadership } from './leadership.js'
import { untilOver } from './fencedStorage.js'
import { startReign, type Reign } from './reign.js'
import { channelName, isTabNews, newsOf, openTabChannel, placesOf, type TabNews } from './tabs.js'
import { createNewsReader } from './newsReader.js'
import { createPendingCount } from './pendingCount.js'
import { createUploadNews } from './uploadNews.js'
import type { WindowLoader } from './windowLoader.js'

export interface Session {
  isLeading(): boolean
  /** Shows what a transaction changed, tells the other tabs, and sends what was queued. */
  commit(changes: Changes): void
  /** As `commit`, for reads: their report waits for the batch window. */
  commitReads(changes: Changes, count: number): void
  setTyping(id: ConversationId, on: boolean): void
  /** Tells the back end, by whichever tab leads, what the store says of how the user wishes to be seen. */
  tellPresence(): void
  /** Makes a conversation known to the back end, by whichever tab leads. */
  tellEnsured(conversation: EnsuredConversation): Promise<void>
  /** Fetches a page of missing history, by whichever tab leads. @throws ChatError when that tab does not answer */
  fetchGap(id: ConversationId, edge: Point, end: 'older' | 'newer', limit: number): Promise<void>
  /** Tells the other tabs that the account is signed out. */
  tellSignedOut(): void
  /** The rows are others than before (site data was cleared): everything is asked for again. */
  startOver(): Promise<void>
  stop(): Promise<void>
}

/** News between tabs may be lost: this often the leader looks at the outbox, and a visible tab at its rows, milliseconds. */
const RECONCILE_MS = 15_000

export interface SessionOptions {
  readonly windows: WindowLoader
  /** Shows what the database says now. */
  refresh(): Promise<void>
  /** Looks whether another tab signed the account out, for news of it may be lost. */
  lookForSignOut(): Promise<void>
  /** Another tab signed the account out. */
  onSignedOut(): void
}

export function startSession(ctx: SyncContext, { windows, refresh, lookForSignOut, onSignedOut }: SessionOptions): Session {
  const { store, ports } = ctx
  const shared = ctx.storage.getState().status !== 'memory'
  const name = channelName(shared ? ctx.storage.name : ctx.databaseName, ctx.me)
  const channel = openTabChannel(ports, name, () => ctx.onDropped('tabs/unsent'))
  /** With a tab in memory the others share no rows, but the account. */
  const concerns = ({ type }: TabNews) => shared || type === 'signedOut'
  const stops: Stop[] = []
  const ephemeral = createEphemeral(ctx, (presences) => post({ type: 'presences', presences }))
  const errands = createErrands(ports, (news) => post(news))
  let stopped = false
  /** Nothing of it is written any more: the storage may be another account's by now. */
  let isClosed = false
  let newsTimer: Stop | null = null
  let heard: TabNews[] = []
  let stopReconciling: Stop = () => {}
  let wasVisible = ports.visibility.isVisible()
  let reign: Reign | null = null
  /** The wire of the last reign is closed; only then may the next one connect. */
  let closed: Promise<void> = Promise.resolve()

  const post = (news: TabNews) => {
    if (!stopped && concerns(news)) channel?.post(news)
  }
  const newsReader = createNewsReader(ctx, show)
  const pendingCount = createPendingCount(ctx)
  const uploadNews = createUploadNews(ctx, (uploads) => post({ type: 'uploads', uploads }))
  const isReadOnly = () => ctx.storage.getState().status === 'readOnly'

  function show(changes: Changes): void {
    if (stopped) return
    windows.noteChanges(changes)
    showChanges(store, ctx.me, changes)
    if (changes.outbox) pendingCount.count()
  }

  function commit(changes: Changes): void {
    if (stopped) return
    if (changes.doubted.size > 0) newsReader.doubt()
    show(changes)
    const news = newsOf(changes)
    post(news)
    for (const { localId } of changes.removed.values()) reign?.cancel(localId)
    if (changes.outbox) reign?.nudge(new Set(placesOf(news)))
    else if (changes.reports) reign?.nudgeReports()
    reign?.look(news)
  }

  function commitReads(changes: Changes, count: number): void {
    if (stopped) return
    // The window opens before the nudge, so that the report waits for it.
    if (changes.reports) noteReads(count)
    commit({ ...changes, reports: false })
  }

  function noteReads(count: number): void {
    if (reign) reign.noteReads(count)
    else post({ type: 'reads', count })
  }

  function onLead(storage: ChatStorage): Stop {
    let own: Reign | null = null
    let isOver = false
    let endUploadNews: Stop = () => {}
    void closed.then(() => {
      if (isOver || stopped) return
      endUploadNews = uploadNews.lead()
      own = startReign({ ...ctx, storage }, {
        onChanged: commit,
        onCaughtUp: tellConnection,
        onEphemeral(event) {
          ephemeral.show(event)
          if (event.type === 'state') tellConnection()
          if (event.type === 'typing') post(event)
        },
      })
      reign = own
    })
    return () => {
      isOver = true
      if (!own) return
      endUploadNews()
      if (reign === own) reign = null
      closed = own.stop()
      if (stopped) return
      ephemeral.show({ type: 'state', state: { status: 'connecting', reason: 'starting', attempt: 0 } })
      post({ type: 'hello' })
    }
  }

  function campaign(): Leadership {
    if (isReadOnly()) return neverLead()
    // Its numbers of entries, and how far it was told, say nothing of the database that takes the place of the rows in memory.
    if (!shared) return leadAlone({ storage: untilOver(ctx.storage, () => isClosed || ctx.storage.getState().status !== 'memory'), onLead })
    return takeLead({ storage: ctx.storage, locks: ports.locks, clock: ports.clock, random: ports.random, name: `${name}/lead`, onLead })
  }

  function tellConnection(): void {
    const { connection, presences, myPresence, caughtUp } = store.getState()
    post({ type: 'connection', connection, presences: [...presences], mine: myPresence, caughtUp })
  }

  function showConnection({ connection, presences, mine, caughtUp }: Extract<TabNews, { type: 'connection' }>): void {
    ephemeral.show({ type: 'state', state: connection })
    store.setState({ myPresence: mine, ...(caughtUp && { caughtUp }) })
    ephemeral.showPresences(presences)
  }

  /**
   * A frozen page still gets messages, but no answer of its database: a transaction begun then holds the tables of all tabs until it wakes
   * (measured in Chromium). Its timers stand still, so news begin something only from a timer. What was heard meanwhile is read at once.
   */
  function onNews(message: unknown): void {
    if (stopped || !isTabNews(message) || !concerns(message)) return
    heard.push(message)
    newsTimer ??= ports.clock.setTimer(() => {
      newsTimer = null
      const news = heard
      heard = []
      takeNews(news)
    }, 0)
  }

  function takeNews(news: readonly TabNews[]): void {
    if (news.some(({ type }) => type === 'signedOut')) return onSignedOut()
    const changed = news.filter((each) => each.type === 'changed')
    if (changed.length > 0) newsReader.read(changed)
    for (const { localId } of changed.flatMap(({ removed }) => removed)) reign?.cancel(localId)
    const queued = changed.filter(({ outbox }) => outbox).map(placesOf)
    if (queued.length > 0) reign?.nudge(queued.every((places) => places.length > 0) ? new Set(queued.flat()) : undefined)
    else if (changed.some(({ reports }) => reports)) reign?.nudgeReports()
    reign?.look({ epochs: changed.some(({ epochs }) => epochs), unheard: changed.flatMap(({ unheard }) => unheard) })
    for (const each of news) {
      if (each.type === 'myPresence') store.setState({ myPresence: each.presence })
      if (each.type === 'fetched') errands.done(each.request)
      else if (reign) serve(reign, each)
      else if (each.type === 'uploads') uploadNews.show(each.uploads)
      else if (each.type === 'connection') showConnection(each)
      else if (each.type === 'typing') ephemeral.show(each)
      else if (each.type === 'presences') ephemeral.showPresences(each.presences)
    }
  }

  /** What the other tabs ask of the leading one. */
  function serve(leader: Reign, message: TabNews): void {
    switch (message.type) {
      case 'reads':
        return leader.noteReads(message.count)
      case 'flush':
        return leader.flush()
      case 'myTyping':
        return leader.setTyping(message.conversationId, message.on)
      case 'myPresence':
        return leader.tellPresence()
      case 'hello':
        tellConnection()
        return uploadNews.tell()
      case 'ensured':
        return void leader.tellEnsured(message.conversation).catch(() => {})
      case 'fetch': {
        const answer = () => post({ type: 'fetched', request: message.request })
        return void leader.fetchGap(message.conversationId, message.edge, message.end, message.limit).then(answer, answer)
      }
      default:
        // What a former leader said before it stood down.
    }
  }

  function reconcile(): void {
    if (reign) reign.nudge()
    else post({ type: 'hello' })
    pendingCount.count()
    lookForSignOut().catch(() => {})
    if (ports.visibility.isVisible()) refresh().catch(() => {})
  }

  /** Again and again, so that nothing depends on news that may be lost; without a channel there is no other way to hear. */
  function reconcileLater(): void {
    stopReconciling = ports.clock.setTimer(() => {
      reconcile()
      reconcileLater()
    }, channel ? RECONCILE_MS : BEAT_MS)
  }

  function onVisibility(): void {
    const isVisible = ports.visibility.isVisible()
    if (isVisible === wasVisible) return
    wasVisible = isVisible
    // Not again when it is frozen: what is begun then does not end.
    if (!isVisible && reign) reign.flush()
    else if (!isVisible) post({ type: 'flush' })
    // While hidden it may have been frozen, or put aside for the way back, and have heard nothing.
    if (isVisible && shared) reconcile()
  }

  if (channel) stops.push(channel.subscribe(onNews), () => channel.close())
  stops.push(ports.visibility.subscribe(onVisibility))
  const leadership = campaign()
  // A newer version of the app has taken the database over: this tab only looks on.
  stops.push(ctx.storage.subscribe(() => {
    if (isReadOnly()) void leadership.stop()
  }))
  post({ type: 'hello' })
  pendingCount.count()
  if (shared) reconcileLater()

  return {
    isLeading: () => leadership.isLeading(),
    commit,
    commitReads,
    setTyping(conversationId, on) {
      if (reign) reign.setTyping(conversationId, on)
      else post({ type: 'myTyping', conversationId, on })
    },
    tellPresence() {
      // Any of the others may lead next, so all of them know.
      post({ type: 'myPresence', presence: store.getState().myPresence })
      reign?.tellPresence()
    },
    async tellEnsured(conversation) {
      if (reign) await reign.tellEnsured(conversation)
      else post({ type: 'ensured', conversation })
    },
    fetchGap(id, edge, end, limit) {
      return reign ? reign.fetchGap(id, edge, end, limit) : errands.ask({ conversationId: id, edge, end, limit })
    },
    tellSignedOut: () => post({ type: 'signedOut' }),
    async startOver() {
      await reign?.startOver()
    },
    async stop() {
      stopped = true
      pendingCount.stop()
      newsTimer?.()
      stopReconciling()
      errands.stop()
      ephemeral.stop()
      for (const stop of stops) stop()
      await leadership.stop()
      await closed
      isClosed = true
    },
  }
}

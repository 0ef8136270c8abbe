/** One run of the synchronisation, from an open database to `stop`: takes the lead among the tabs, holds the wire, drains the outbox, and keeps every tab's view up to date. */
import { ChatError, type ConversationId, type TabChannel } from '../model/index.js'
import { catchUp } from './catchUp.js'
import { showChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { loadEnsured } from './ensure.js'
import { createInbound, CURSOR_KEY, type Inbound } from './inbound.js'
import { takeLead, type Leadership } from './leadership.js'
import { createOutbox, type Outbox } from './outbox.js'
import { channelName, isTabNews, newsOf, readNews, type TabNews } from './tabs.js'
import type { WindowLoader } from './windowLoader.js'

export interface Session {
  readonly inbound: Inbound
  isLeading(): boolean
  /** Shows what a transaction changed, tells the other tabs, and sends what was queued. */
  commit(changes: Changes): void
  /** As `commit`, for reads: their report waits for the batch window. */
  commitReads(changes: Changes, count: number): void
  setTyping(id: ConversationId, on: boolean): void
  stop(): Promise<void>
}

/** Least time between two counts of the outbox for the screen, milliseconds. */
const PENDING_COUNT_MS = 100

export function startSession(ctx: SyncContext, windows: WindowLoader): Session {
  const { store, transport, ports } = ctx
  const shared = ctx.storage.getState().status !== 'memory'
  const name = channelName(ctx.storage.name, ctx.me)
  const channel: TabChannel | null = shared ? ports.openChannel(name) : null
  const stops: (() => void)[] = []
  let stopped = false
  let first = true
  let countTimer: (() => void) | null = null

  const isOnline = () => store.getState().connection.status === 'online'
  const inbound = createInbound(ctx, (changes) => commit(changes))
  const outbox: Outbox = createOutbox(ctx, { canSend: () => !stopped && leadership.isLeading() && isOnline(), onChanged: (changes) => commit(changes) })
  const post = (news: TabNews) => channel?.post(news)

  function show(changes: Changes): void {
    windows.noteChanges(changes)
    showChanges(store, ctx.me, changes)
    if (changes.outbox) countPending()
  }

  function commit(changes: Changes): void {
    if (stopped) return
    show(changes)
    post(newsOf(changes))
    if (changes.outbox) outbox.nudge()
  }

  function commitReads(changes: Changes, count: number): void {
    if (stopped) return
    // The window opens before the nudge, so that the report waits for it.
    if (changes.outbox) noteReads(count)
    show(changes)
    post(newsOf({ ...changes, outbox: false }))
  }

  function noteReads(count: number): void {
    if (leadership.isLeading()) outbox.noteReads(count)
    else post({ type: 'reads', count })
  }

  function countPending(): void {
    countTimer ??= ports.clock.setTimer(() => {
      countTimer = null
      ctx.storage.read((tx) => tx.outbox.list({ lane: 'intent' })).then(
        (entries) => store.setState({ pendingCount: entries.length }),
        () => {},
      )
    }, PENDING_COUNT_MS)
  }

  async function connect(): Promise<void> {
    const { ensured, since } = await ctx.storage.read(async (tx) => ({ ensured: await loadEnsured(tx), since: await tx.meta.get<string>(CURSOR_KEY) }))
    if (stopped) return
    first = since === undefined
    await transport.connect({ userId: ctx.me, token: ctx.getToken, conversations: ensured, ...(since === undefined ? {} : { since }) })
  }

  function onLead(): void {
    stops.push(
      transport.on((event) => {
        if (stopped) return
        inbound.handle(event)
        if (event.type === 'state') onState()
        if (event.type === 'typing') post(event)
      }),
    )
    connect().catch((cause: unknown) => {
      if (stopped) return
      ctx.onError(cause instanceof ChatError ? cause : new ChatError('transport/connect', 'The transport could not connect, and gave no reason that it can be tried again for. Messages wait in the outbox. See the cause.', { retryable: true, cause }))
    })
  }

  function onState(): void {
    post({ type: 'connection', connection: store.getState().connection })
    if (isOnline()) void pull()
  }

  /** After every connect: what changed meanwhile, then what waits here. */
  async function pull(): Promise<void> {
    outbox.nudge()
    try {
      await catchUp(ctx, inbound, first)
      first = false
    } catch (cause) {
      if (!stopped && isOnline()) ctx.onDropped(`catchUp/${cause instanceof ChatError ? cause.code : 'failed'}`)
    }
  }

  function onNews(message: unknown): void {
    if (stopped || !isTabNews(message)) return
    const leading = leadership.isLeading()
    switch (message.type) {
      case 'changed':
        ctx.storage.read((tx) => readNews(tx, message, new Set(store.getState().windows.keys()))).then(show, () => {})
        if (message.outbox && leading) outbox.nudge()
        break
      case 'reads':
        if (leading) outbox.noteReads(message.count)
        break
      case 'flush':
        if (leading) outbox.flush()
        break
      case 'connection':
        if (!leading) store.setState({ connection: message.connection })
        break
      case 'typing':
        if (!leading) inbound.handle(message)
        break
      case 'myTyping':
        if (leading) setTyping(message.conversationId, message.on)
        break
      case 'hello':
        if (leading) post({ type: 'connection', connection: store.getState().connection })
        break
    }
  }

  function setTyping(conversationId: ConversationId, on: boolean): void {
    if (!leadership.isLeading()) post({ type: 'myTyping', conversationId, on })
    else if (isOnline()) transport.typing?.(conversationId, on).catch(() => {})
  }

  if (channel) stops.push(channel.subscribe(onNews), () => channel.close())
  stops.push(
    ports.visibility.subscribe(() => {
      if (ports.visibility.isVisible()) return
      if (leadership.isLeading()) outbox.flush()
      else post({ type: 'flush' })
    }),
  )
  const leadership: Leadership = takeLead(shared ? ports.locks : null, `${name}/lead`, onLead)
  post({ type: 'hello' })
  countPending()

  return {
    inbound,
    isLeading: () => leadership.isLeading(),
    commit,
    commitReads,
    setTyping,
    async stop() {
      stopped = true
      countTimer?.()
      for (const stop of stops) stop()
      outbox.stop()
      inbound.stop()
      const wasLeading = leadership.isLeading()
      if (wasLeading) await transport.close()
      leadership.stop()
      await inbound.idle()
    },
  }
}

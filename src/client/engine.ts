/**
 * What a client loads when it starts, in one piece: everything that works on the database and the wire, and what an app asks of it.
 * A page that only shows what it has does not wait for it.
 */
import { ChatError, systemPorts, type Ports } from '../model/index.js'
import type { ChatStorage } from '../storage/index.js'
import type { SyncContext } from '../sync/context.js'
import * as sync from '../sync/engine.js'
import type { EnsuredConversation } from '../sync/ensure.js'
import type { Finding } from '../sync/marker.js'
import type { Session } from '../sync/session.js'
import type { WindowLoader } from '../sync/windowLoader.js'
import { createVerbs, type Verbs, type VerbsOptions } from './verbs.js'

export { whyNotRunning } from './whyNotRunning.js'

/** What a client is made of before it has started: of its surroundings it needs only the time. */
export interface ClientContext extends Omit<SyncContext, 'ports'> {
  readonly ports: Partial<Ports> & Pick<Ports, 'clock'>
}

export interface EngineOptions extends Omit<VerbsOptions, 'ctx' | 'windows'> {
  readonly ctx: ClientContext
  onFailure(cause: unknown): void
}

/** There once a client was started. */
export interface Engine extends Pick<typeof sync, 'computeShown'> {
  readonly ports: Ports
  readonly windows: WindowLoader
  readonly verbs: Verbs
  exportLines(id: string): ReturnType<typeof sync.exportLines>
  /** The database is open: afterwards its rows are in the store, with the conversations that were made before. Takes those out of `early`. */
  prepare(early: EnsuredConversation[]): Promise<void>
  begin(onSignedOut: () => void): Session
  /** Conversations made while the stored ones were read, when there was no session to take them. */
  storeLate(session: Session, early: EnsuredConversation[]): Promise<void>
  ensure(session: Session, conversation: EnsuredConversation): Promise<void>
  /** The handle died and there is a new one: perhaps with other rows. False: as it seems, the account was signed out in another tab. */
  comeBack(): Promise<boolean>
  /** Says that the account was signed out in a row, for tabs that the news of it does not reach. Where that cannot be written they have only the news. */
  noteSignOut(): Promise<void>
  /** Closes the database, unless the storage was opened for another account since. */
  close(): Promise<void>
  /** Deletes all that is kept of the account. Where another tab is in the way, the next start does. */
  wipe(): Promise<void>
}

/** Rest before what the database did not take is stored again, milliseconds. */
const STORE_AGAIN_MS = 3_000

export function createEngine({ ctx: given, ...options }: EngineOptions): Engine {
  const ports = { ...systemPorts(), ...given.ports }
  const bare: SyncContext = { ...given, ports }
  const rows = sync.createKnownRows(bare.storage, ports.clock)
  const ctx: SyncContext = { ...bare, storage: rows.storage }
  const { storage } = ctx
  const { session, onFailure } = options
  const windows = sync.createWindowLoader(ctx, () => session()?.fetchGap ?? null, (changes) => session()?.commit(changes))
  const marker = sync.createMarker(bare)
  /** Rows of a time in memory that are not in the database yet. */
  let remembered: ChatStorage | null = null
  /** Whether it was this client that opened the storage last. What another account has in it is not to be closed at the end of this one, let alone deleted. */
  let isOurs = true
  bare.storage.subscribe(() => {
    isOurs = bare.storage.getState().status !== 'closed' && (isOurs || bare.store.getState().phase === 'starting')
  })
  const isReadOnly = () => storage.getState().status === 'readOnly'
  /** What the app made known since this page was loaded: it does so once, and a database that is thrown away loses them. */
  const ensured = new Map<string, EnsuredConversation>()

  async function ensureStored(conversation: EnsuredConversation): ReturnType<typeof sync.storeEnsured> {
    sync.refuseNoConversation(conversation)
    ensured.set(conversation.id, conversation)
    return sync.storeEnsured(ctx, conversation)
  }

  /** How often the account had been signed out when this session began. */
  let signOuts = 0

  /** The database can be opened after all: what was kept in memory meanwhile goes into it. A failure leaves it for the next try, and one that does not pass is no reason to show nothing. */
  async function joinRemembered(): Promise<void> {
    remembered ??= bare.storage.takeRemembered?.() ?? null
    if (!remembered) return
    try {
      await sync.mergeRemembered(ctx, remembered)
      remembered = null
    } catch (cause) {
      if (cause instanceof ChatError && cause.retryable) throw cause
      onFailure(cause)
    }
  }

  function forgetKept(): void {
    marker.forget()
    sync.forgetChoices(ctx)
  }

  /** The page in which the account was signed out did not live to see its rows deleted. */
  async function finishWipe(): Promise<void> {
    if (!(await marker.isWipeDue())) return
    // Whoever signed in again since, and had to go on in memory, wrote this after it.
    remembered ??= bare.storage.takeRemembered?.() ?? null
    try {
      await bare.storage.wipe()
      marker.noteWiped()
    } catch (cause) {
      // Opening waits in line behind the deletion, and says so.
      if (!(cause instanceof ChatError && cause.code === 'storage/blocked')) throw cause
    }
    await bare.storage.open(ctx.me)
  }

  /** Returns what became of the rows that were here before. */
  async function lookForEviction(): Promise<Finding> {
    const finding = await marker.check()
    if (finding === 'evicted') ctx.onError(sync.evictedError())
    return finding
  }

  /** What is on screen is read again: the database may have changed unheard. */
  async function refresh(): Promise<void> {
    await sync.hydrate(ctx)
    await windows.refreshAll()
  }

  /** A full disk keeps nobody from what is stored: the rest is tried again once the client runs. Nor does what is no conversation. */
  async function storeEarly(early: EnsuredConversation[]): Promise<void> {
    for (; early[0]; early.shift()) {
      try {
        await ensureStored(early[0])
      } catch (cause) {
        const code = cause instanceof ChatError && cause.code
        if (code === 'storage/full') return
        if (code !== 'client/invalidConversation') throw cause
        onFailure(cause)
      }
    }
  }

  async function storeLate(current: Session, early: EnsuredConversation[]): Promise<void> {
    if (isReadOnly()) return
    for (; early[0]; early.shift()) {
      try {
        current.commit(await ensureStored(early[0]))
        current.tellEnsured(early[0]).catch(onFailure)
      } catch (cause) {
        // Not lost where the database takes no more of them now.
        if (cause instanceof ChatError && cause.retryable) return void ports.clock.setTimer(() => void (current === session() && storeLate(current, early)), STORE_AGAIN_MS)
        onFailure(cause)
      }
    }
  }

  return {
    computeShown: sync.computeShown,
    ports: ctx.ports,
    windows,
    verbs: createVerbs({ ...options, ctx, windows }),
    exportLines: (id) => sync.exportLines(ctx, id),
    async prepare(early) {
      await finishWipe()
      // Whatever was known of them before: who starts is signed in, and writes into the rows that there are.
      rows.know(null)
      if (!isReadOnly()) await joinRemembered()
      // Wiped elsewhere while this client was stopped: it starts as for the first time.
      if ((await lookForEviction()) === 'wiped') await marker.check()
      await sync.restoreChoices(ctx)
      signOuts = await sync.readSignOuts(storage)
      if (!isReadOnly()) await storeEarly(early)
      await sync.hydrate(ctx)
    },
    begin(end) {
      rows.know(marker.known())
      const onSignedOut = () => {
        rows.leave()
        end()
      }
      const lookForSignOut = async () => {
        if ((await sync.readSignOuts(storage)) > signOuts) onSignedOut()
      }
      return sync.startSession(ctx, { windows, refresh, lookForSignOut, onSignedOut })
    },
    storeLate,
    async ensure(current, conversation) {
      current.commit(await ensureStored(conversation))
      await current.tellEnsured(conversation).catch(onFailure)
    },
    async comeBack() {
      const finding = await lookForEviction()
      if (finding === 'wiped') {
        rows.lose()
        return false
      }
      rows.know(marker.known())
      // Asked of the database in one go, before what waited for it can ask: who is told of the eviction can send at once.
      if (finding === 'evicted') await Promise.all([...ensured.values()].map(ensureStored)).catch(onFailure)
      await sync.restoreChoices(ctx)
      if (finding === 'evicted') {
        // What these rows count is all since this session began.
        signOuts = 0
        await session()?.startOver()
      }
      await refresh()
      return true
    },
    noteSignOut: () => sync.noteSignOut(storage).catch(() => {}),
    async close() {
      if (isOurs) await bare.storage.close()
    },
    async wipe() {
      remembered = null
      ensured.clear()
      rows.lose()
      forgetKept()
      if (!isOurs) throw takenError()
      try {
        await bare.storage.wipe()
      } finally {
        // What was under way may have kept something once more.
        forgetKept()
      }
      marker.noteWiped()
    },
  }
}

function takenError(): ChatError {
  return new ChatError('storage/blocked', 'The storage was opened for another account before the rows of this one could be deleted. Those in a database are deleted when this one is started again, those in memory end with the page. Await signOut() before another client starts with the same storage.', { retryable: true })
}

/** Opening and closing of one client: its database, then its session; and coming back after trouble with the database. */
import { ChatError, type Stop } from '../model/index.js'
import { INITIAL_STATE } from '../store/chatStore.js'
import type { EnsuredConversation } from '../sync/ensure.js'
import type { Session } from '../sync/session.js'
import type { Engine, EngineOptions } from './engine.js'
import { loadEngine } from './loadEngine.js'

/** A session with the engine that runs it. */
export interface Running {
  readonly session: Session
  readonly engine: Engine
}

export interface Lifecycle {
  /** Null while the database is closed, opening or blocked. */
  session(): Session | null
  /** Null before the first start. */
  engine(): Engine | null
  start(): Promise<void>
  stop(): Promise<void>
  signOut(data: 'keep' | 'wipe'): Promise<void>
  /** The running session; waits while it starts. @throws ChatError saying why there is none */
  running(verb: string): Promise<Running>
  /** What works on the database, also before the first start. */
  makeEngine(): Promise<Engine>
  /** Stores the conversation at once, or as soon as the database is open. */
  ensure(conversation: EnsuredConversation): Promise<void>
}

export interface LifecycleOptions extends Omit<EngineOptions, 'session'> {
  /** The database can be read: what is listened to is loaded. */
  onOpen(): void
}

/** Rest before the database is tried again after opening the client failed for a passing reason, milliseconds. */
const RETRY_OPEN_MS = 3_000

/** The first use of Intl in a page takes some ten milliseconds. Spent while the database opens, they hold up no screen. */
function warmUpIntl(): void {
  new Intl.DateTimeFormat(undefined, { timeStyle: 'short' }).format(0)
}

export function createLifecycle({ onOpen, ...options }: LifecycleOptions): Lifecycle {
  const { ctx, onFailure } = options
  const { storage, store } = ctx
  let engine: Engine | null = null
  let session: Session | null = null
  let line: Promise<void> = Promise.resolve()
  let wanted = false
  /** The database was opened, or is being opened, and has to be closed. */
  let held = false
  let stopRetry: Stop = () => {}
  let failure: unknown = null
  /** The session works on rows that no other tab shares, and that a reload ends. */
  let inMemory = false
  /** The handle died while the rows were first looked at: they may be others since. */
  let isOther = false
  /** The handle died, and there is no new one yet; meanwhile the storage may say something else, as that it is full. */
  let isReopening = false
  /** The start goes on when whoever is in the way is gone. */
  let isWaiting = false
  const isBlocked = () => storage.getState().status === 'blocked'
  const early: EnsuredConversation[] = []

  async function open(): Promise<void> {
    store.setState({ phase: 'starting' })
    held = true
    const opening = Promise.all([makeEngine(), storage.open(ctx.me)])
    warmUpIntl()
    const [opened] = await opening
    store.setState({ storage: storage.getState() })
    // Another tab is in the way; the screen says so, and opening goes on by itself when it is gone.
    isWaiting = isBlocked()
    if (isWaiting) return
    isOther = false
    try {
      await opened.prepare(early)
    } catch (cause) {
      isWaiting = isBlocked() && cause instanceof ChatError && cause.retryable
      if (!isWaiting) throw cause
      return
    }
    store.setState({ phase: 'running' })
    inMemory = storage.getState().status === 'memory'
    session = opened.begin(() => void end().catch(onFailure))
    // Not waited for: it may end what is only just being begun.
    if (isOther) comeBack().catch(onFailure)
    await opened.storeLate(session, early)
    onOpen()
  }

  async function makeEngine(): Promise<Engine> {
    const { createEngine } = await loadEngine()
    return (engine ??= createEngine({ ...options, session: () => session }))
  }

  /** The session of the time in memory, which shared its rows with no other tab, makes room for one that does. */
  function leaveMemory(): void {
    const ending = endSession()
    line = line.then(() => ending)
    settle().then(() => engine?.windows.refreshAll()).catch(onFailure)
  }

  async function close(): Promise<void> {
    await endSession()
    await (engine ?? storage).close()
    held = false
    const { profiles, windows, readViews } = store.getState()
    store.setState({ ...INITIAL_STATE, phase: 'stopped', profiles, windows, readViews })
  }

  async function endSession(): Promise<void> {
    const ending = session
    session = null
    await ending?.stop()
  }

  /** Nothing of the account stays on screen. */
  async function end(): Promise<void> {
    wanted = false
    await settle()
    await clear()
  }

  async function clear(): Promise<void> {
    await (engine ?? storage).close()
    store.setState({ ...INITIAL_STATE, phase: 'stopped' })
  }

  /** The handle died and there is a new one. */
  async function comeBack(): Promise<void> {
    // Signed out elsewhere, as it seems. That is only inferred, so what is there is left alone: an empty database stays behind rather than that rows are deleted by mistake.
    try {
      if (await engine?.comeBack() === false) await end()
    } catch (cause) {
      if (!(cause instanceof ChatError && cause.retryable)) throw cause
      // Until it is known whose rows these are nothing is written into them, and nobody else would look again.
      stopRetry()
      stopRetry = ctx.ports.clock.setTimer(() => session && void comeBack().catch(onFailure), RETRY_OPEN_MS)
    }
  }

  storage.subscribe(() => {
    const now = storage.getState()
    store.setState({ storage: now })
    if (now.status === 'reopening') {
      isReopening = true
      if (inMemory) {
        inMemory = false
        return leaveMemory()
      }
    }
    if (now.status !== 'ready' && now.status !== 'memory' && now.status !== 'readOnly') return
    if (isWaiting && wanted) settle().catch(onFailure)
    if (!isReopening) return
    isReopening = false
    if (session) comeBack().catch(onFailure)
    // Between the first look at the rows and the session, which would come back.
    else isOther = held
  })

  /** Starts and stops follow each other; a stop and a start in one breath (StrictMode) cancel out. */
  function settle(): Promise<void> {
    // What a session looks for again is not looked for by starting once more.
    if (!session) stopRetry()
    const current = line.then(async () => {
      if (wanted && !session) await open()
      else if (!wanted && held) await close()
      failure = null
    })
    line = current.catch((cause: unknown) => {
      failure = cause
      store.setState({ phase: 'stopped' })
      if (wanted && cause instanceof ChatError && cause.retryable) stopRetry = ctx.ports.clock.setTimer(() => void settle().catch(() => {}), RETRY_OPEN_MS)
    })
    return current
  }

  /** For tabs that the news does not reach. */
  async function sayInRows(): Promise<void> {
    // At once: where neither gets through, both have the time of one.
    const noting = session && engine?.noteSignOut()
    await Promise.all([endSession(), noting])
  }

  async function wipe(): Promise<void> {
    const { wipe: wipeRows } = await makeEngine()
    await Promise.all([endSession(), wipeRows()])
  }

  /** Nothing of the account stays on screen, whatever is in the way of deleting its rows, or of saying in them that it is signed out. */
  async function leave(isWiped: boolean): Promise<void> {
    try {
      await (isWiped ? wipe() : sayInRows())
    } finally {
      held = false
      await clear()
    }
  }

  /** As it was when it was asked. */
  async function refuse(verb: string, isWanted = wanted, why = failure): Promise<never> {
    throw (await loadEngine()).whyNotRunning(verb, isWanted, why)
  }

  async function running(verb: string): Promise<Running> {
    if (wanted) await line
    if (session && engine) return { session, engine }
    return refuse(verb)
  }

  return {
    session: () => session,
    engine: () => engine,
    running,
    makeEngine,
    start() {
      wanted = true
      return settle()
    },
    stop() {
      wanted = false
      return settle()
    },
    async signOut(data) {
      // A start in the same breath has opened nothing yet.
      if (wanted && !held) await line
      if (!held && data === 'wipe') await refuse('signOut')
      wanted = false
      session?.tellSignedOut()
      // A start that is under way is waited for; an app that takes the client down in the same breath waits for this.
      stopRetry()
      const leaving = line.then(() => leave(data === 'wipe'))
      line = leaving.catch(() => {})
      await leaving
    },
    async ensure(conversation) {
      if (!session || !engine) {
        // Inert until started: kept here, stored as soon as the database is open.
        early.push(conversation)
        if (wanted) await line
        return
      }
      await engine.ensure(session, conversation)
    },
  }
}

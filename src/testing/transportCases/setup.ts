/** What a transport's author gives to the suite, and how one case is run. */
import type { ConversationRef, UserId } from '../../model/index.js'
import type { Transport, TransportCapabilities } from '../../transport/index.js'
import { createScene, type Scene } from './scene.js'

/** A running back end, or a way to one. Each case opens one and closes it. @public */
export interface TransportRig {
  /** A transport for one device of `userId`, not connected yet. */
  transport(userId: UserId): Transport
  /** What the app would give; default no token. */
  token?(userId: UserId): Promise<string | undefined>
  /** Whom the back end knows by this name; default the name with the run's own ending, so that a shared server can be used. */
  userId?(name: string): UserId
  /** Makes a conversation, where transports cannot (`ensureConversation`, or `conversations` of connect). */
  makeConversation?(conversation: ConversationRef & { readonly members: readonly UserId[] }): Promise<void>
  /** Cuts a device off without a word; `restore` gives its network back. */
  drop?(transport: Transport): void | Promise<void>
  restore?(transport: Transport): void | Promise<void>
  /** Lets nothing pass either way, and tells nobody: a half-open connection. */
  stall?(transport: Transport): void | Promise<void>
  /** A device whose clock is wrong by this much; everything else as `transport`. */
  wrongClock?(userId: UserId, offsetMs: number): Transport
  /** A token that the back end does not accept, as one that has expired. */
  expiredToken?(userId: UserId): Promise<string>
  /** A token that the back end accepts for so long, and then ends the connection. */
  shortToken?(userId: UserId, lifetimeMs: number): Promise<string>
  /** Missed messages of one conversation, above which the back end announces a gap. */
  readonly replayLimit?: number
  /** The next send of this device is stored, and its answer never arrives. The call may stay open as long as the transport waits. */
  swallowAnswer?(transport: Transport): void | Promise<void>
  /** The back end loses its newest message of a conversation, or makes the conversation anew. */
  reset?(conversationId: string): Promise<void>
  /** Lets time pass; default real time. With a fake clock the cases take none. */
  pass?(ms: number): Promise<void>
  /** Moves the back end's and the devices' time on, for windows of minutes; absent: such cases are left out. */
  passLong?(ms: number): Promise<void>
  close(): Promise<void>
}

/** @public */
export interface TransportSetup {
  /** As the transport declares them. */
  readonly capabilities: TransportCapabilities
  open(): Promise<TransportRig>
  /** What the rig does not offer; cases that need it are left out, and their titles say so. */
  readonly cannot?: readonly RigAbility[]
  /** How long something may take to arrive, milliseconds; default 5,000. */
  readonly patienceMs?: number
  /** How long nothing must happen before it counts as not happening, milliseconds; default 60. */
  readonly quietMs?: number
}

/** @public */
export interface TransportCase {
  readonly title: string
  /** Why it is not expected to pass, or not run. */
  readonly gap?: string
  /** Rejects with a sentence that says what went wrong. */
  readonly run: () => Promise<void>
}

/** What a rig may be unable to do. @public */
export type RigAbility = 'drop' | 'stall' | 'wrongClock' | 'expiredToken' | 'shortToken' | 'replayLimit' | 'swallowAnswer' | 'reset' | 'passLong'

/** Names the capability that is missing, or null when all are there. */
export type Needs = (capabilities: TransportCapabilities) => string | null

export interface CaseSpec {
  readonly title: string
  readonly needs?: Needs
  readonly rig?: readonly RigAbility[]
  readonly run: (scene: Scene) => Promise<void>
}

/** A gap should show itself soon. */
const GAP_PATIENCE_MS = 300

export function toCase(setup: TransportSetup, spec: CaseSpec): TransportCase {
  const missing = (spec.rig ?? []).filter((ability) => setup.cannot?.includes(ability))
  if (missing.length > 0) return { title: `${spec.title} (not run: the rig has no ${missing.join(', ')})`, gap: missing.join(', '), run: async () => {} }
  const gap = spec.needs?.(setup.capabilities) ?? null
  if (gap === null) return { title: spec.title, run: () => runCase(setup, spec) }
  return { title: `${spec.title} (not offered: ${gap})`, gap, run: () => expectGap(setup, spec, gap) }
}

async function runCase(setup: TransportSetup, spec: CaseSpec): Promise<void> {
  const rig = await setup.open()
  try {
    const missing = (spec.rig ?? []).filter((ability) => rig[ability] === undefined)
    if (missing.length > 0) throw new Error(`This case needs the rig to offer ${missing.join(' and ')}. Add it, or name it in "cannot" of the setup.`)
    await spec.run(createScene(setup, rig))
  } finally {
    await rig.close()
  }
}

async function expectGap(setup: TransportSetup, spec: CaseSpec, gap: string): Promise<void> {
  try {
    await runCase({ ...setup, patienceMs: GAP_PATIENCE_MS }, spec)
  } catch {
    return
  }
  throw new Error(`"${spec.title}" passes, although the capabilities say ${gap}. Declare it, so that the core uses it.`)
}

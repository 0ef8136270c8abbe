import type { Clock, Random, UserId } from '../../model/index.js'
import type { TransportCapabilities } from '../capabilities.js'
import type { TransportEvent } from '../transport.js'
import type { FaultTable } from './faults.js'
import type { HubCore } from './hubCore.js'
import type { CatchUpLimits } from './hubViews.js'
import type { Device } from './memoryTransport.js'

/** What the hub gives to its devices and bots. */
export interface HubWorld {
  readonly core: HubCore
  readonly clock: Clock
  readonly random: Random
  readonly faults: FaultTable
  readonly capabilities: TransportCapabilities
  readonly catchUp: CatchUpLimits
  /** How long a lost answer is waited for, milliseconds. */
  readonly answerTimeoutMs: number
  /** One way, milliseconds. */
  latencyMs(): number
  /** Waits for one way of the network. */
  travel(): Promise<void>
  wait(ms: number): Promise<void>
  accepts(userId: UserId, token: string | undefined): boolean
  hasNetwork(userId: UserId): boolean
  deviceOpened(device: Device): void
  /** Tells `to` and those in other tabs something that is not kept. */
  whisper(to: readonly UserId[], event: TransportEvent): void
  presenceFor(userId: UserId): readonly TransportEvent[]
  /** Looks again whether somebody is there, and tells those who share a conversation when that changed. */
  presenceChanged(userId: UserId, wish?: 'online' | 'unavailable'): void
}

/** One device: a real client on a storage of its own, which outlives the client as a disk outlives a crash. */
import { createChatClient, type ChatError, type ChatClient, type ChatStorage, type Message, type MessageSource, type ReadStateSource, type Transport } from 'readback/core'
import { createFakeVisibility } from 'readback/testing'
import { memoryStorage } from 'readback/storage/memory'
import type { Hub } from 'readback/transport/memory'
import { createPrng } from './prng.js'
import { CONVERSATIONS } from './schedule.js'
import type { DeviceClock, VirtualTime } from './virtualTime.js'

export interface Shown {
  readonly source: MessageSource
  readonly readStates: ReadStateSource
  /** How often its subscribers were told that something changed. */
  version(): number
}

/** A disk that says how often it was written, so that what did not change need not be looked at again. */
export interface Disk extends ChatStorage {
  version(): number
}

export interface Device {
  readonly index: number
  readonly user: string
  readonly client: ChatClient
  readonly transport: Transport
  readonly clock: DeviceClock
  /** What is on its disk. */
  readonly disk: Disk
  readonly shown: ReadonlyMap<string, Shown>
  /** Grows when the disk is replaced: then nothing that was known before binds it. */
  readonly generation: number
  /** Clients that ran here, this one included. */
  readonly life: number
  readonly errors: ChatError[]
  readonly dropped: string[]
  /** Dies in the middle of whatever it does. */
  crash(): void
}

export function startDevice(hub: Hub, time: VirtualTime, seed: number, index: number, user: string, before?: { readonly disk?: Disk; readonly generation: number; readonly life: number }): Device {
  const life = (before?.life ?? 0) + 1
  const clock = time.device()
  const disk = before?.disk ?? counted(memoryStorage({ name: `disk-${index}-${life}`, clock: time.clock }))
  const gate = gated(disk)
  const random = createPrng(seed, `device ${index} life ${life}`)
  let ids = 0
  const transport = hub.transport()
  const client = createChatClient({
    userId: user,
    transport,
    storage: gate.storage,
    ports: {
      clock,
      random: { next: random.next, id: () => `d${index}-${life}-${(ids += 1)}` },
      visibility: createFakeVisibility(),
      locks: null,
      connectivity: { isOnline: () => true, subscribe: () => () => {} },
      openChannel: () => null,
    },
  })
  const errors: ChatError[] = []
  const dropped: string[] = []
  client.on('error', (error) => errors.push(error))
  client.on('dropped', ({ reason }) => dropped.push(reason))
  const shown = new Map(CONVERSATIONS.map((id) => [id as string, show(client, id)]))
  void client.start()
  return {
    index, user, client, transport, clock, disk, shown, life, generation: before?.generation ?? 0, errors, dropped,
    crash() {
      gate.kill()
      clock.kill()
      hub.setOnline(transport, false)
      void transport.close()
    },
  }
}

function show(client: ChatClient, id: string): Shown {
  const source = client.messages(id)
  const readStates = client.readStates(id)
  let version = 0
  source.subscribe(() => (version += 1))
  readStates.subscribe(() => (version += 1))
  return { source, readStates, version: () => version }
}

function counted(disk: ChatStorage): Disk {
  let version = 0
  return { ...disk, version: () => version, write: (fn, options) => disk.write(fn, options).finally(() => (version += 1)) }
}

/** A disk whose client can die: after that nothing is answered any more. What was under way may or may not have been written. */
function gated(disk: ChatStorage): { readonly storage: ChatStorage; kill(): void } {
  let dead = false
  const during = async <T>(work: () => Promise<T>): Promise<T> => {
    if (dead) return new Promise<T>(() => {})
    try {
      const result = await work()
      return dead ? await new Promise<T>(() => {}) : result
    } catch (error) {
      if (dead) return new Promise<T>(() => {})
      throw error
    }
  }
  return {
    storage: { ...disk, read: (fn) => during(() => disk.read(fn)), write: (fn, options) => during(() => disk.write(fn, options)), open: (userId) => during(() => disk.open(userId)), close: () => during(() => disk.close()) },
    kill: () => void (dead = true),
  }
}

/** Whether somebody else's message has content, by a rule written down again here. */
export function isCountableFor(message: Pick<Message, 'from' | 'body' | 'recalledAt' | 'deletedAt'>, user: string): boolean {
  return message.from !== user && message.body.kind !== 'system' && message.recalledAt === undefined && message.deletedAt === undefined
}

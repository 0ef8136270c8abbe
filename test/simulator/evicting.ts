/** The browser throws a device's database away, under its open tabs, and keeps what stands beside it. What must hold then: `checkEvicted.ts`. */
import { awake, type Device } from './device.js'
import type { Oracle } from './oracle.js'
import type { VirtualTime } from './virtualTime.js'

/** Longer than a tab takes to find that its handle has died, with a slow disk, and to read again. */
const UNSURE_MS = 20_000

interface Surroundings {
  readonly oracle: Oracle
  readonly sent: ReadonlyMap<string, unknown[]>
  readonly time: VirtualTime
}

/** What the disk held and nobody else knew is lost; who is told of reading is not. */
export async function evict(device: Device, { oracle, sent, time }: Surroundings): Promise<void> {
  if (!device.browser) return
  const { index, disk, tabs } = device
  for (const one of oracle.seen) {
    if (one.device !== index) continue
    one.stored = false
    one.owed = false
  }
  sent.forEach((list, key) => key.startsWith(`${index}.`) && list.splice(0))
  device.generation += 1
  device.drafts.clear()
  device.came.clear()
  device.unsureUntil = time.now() + UNSURE_MS
  await disk.evict()
  for (const tab of awake(device)) if (tab.client.getState().phase === 'running') device.evicted.add(tab)
  for (const tab of tabs) tab?.disk.lose()
}

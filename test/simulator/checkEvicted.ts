/** [I34] That the browser threw a database away is noticed and told, and nothing stands in the one in its place before. That it is made good, the other rules say. */
import { checkForeign } from './foreignRows.js'
import { Violation } from './stored.js'
import type { Tab } from './tab.js'
import type { World } from './world.js'

/** A database that nobody has looked at yet holds nothing: what a tab writes that does not know of it would pass for what was there before. */
async function checkUnknown(world: World): Promise<void> {
  for (const { index, generation, disk, browser } of world.devices) {
    if (!browser || generation === 0) continue
    const rows = await disk.read(async (tx) => ((await tx.meta.get('marker')) === undefined ? [await tx.meta.get('receipts'), ...(await tx.conversations.list()), ...(await tx.outbox.list())] : []))
    if (rows.some((row) => row !== undefined)) throw new Violation('I34', `device ${index}.${generation}: somebody wrote into a database made anew before it was known to be that: ${JSON.stringify(rows)}`)
  }
}

/** After every step. */
export async function checkRows(world: World): Promise<void> {
  await checkUnknown(world)
  for (const device of world.devices) await checkForeign(world, device)
}

/** Once trouble has stopped: every tab under which the database went has said so. What is in the new one, the other rules look at. */
export function checkEvicted(world: World): void {
  for (const { index, evicted } of world.devices) {
    for (const tab of evicted) if (!wasTold(tab)) throw new Violation('I34', `device ${index}, tab ${tab.life} has not noticed that its database was thrown away`)
  }
}

const wasTold = (tab: Tab) => tab.isDead() || tab.isFrozen() || tab.errors.some(({ code }) => code === 'storage/evicted')

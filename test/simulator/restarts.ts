/** A device is started again: on the disk that it had, or on a new one. With all who have an account on it. */
import type { Accounts, OptionsOf } from './accounts.js'
import { awake, startDevice, type Device } from './device.js'
import { forgetStored, type People } from './people.js'
import type { World } from './world.js'

export function createRestarts(world: World, people: People, { on, watch }: Accounts, optionsOf: OptionsOf) {
  const { time } = world

  return async function restart(machine: number, how: 'restart' | 'crash' | 'fresh'): Promise<void> {
    const all = on(machine)
    for (const { tabs } of all) tabs.forEach(people.closeReader)
    if (how === 'restart') {
      for (const device of all) for (const tab of awake(device)) people.doing(tab, 'dispose', tab.client.dispose())
      await time.settle()
    }
    if (how === 'crash') for (const { halts } of all) halts.push(time.now())
    for (const { tabs } of all) for (const tab of tabs) tab?.crash()
    await time.settle()
    let first: Device | undefined
    for (const device of all) {
      const { index } = device
      if (how === 'fresh') forgetStored(world, people, index)
      const again = await startDevice(optionsOf(device), { device, keepsDisk: how !== 'fresh' }, first)
      world.devices[index] = again
      watch(again)
      first ??= again
    }
  }
}

/** What happens to the tabs of a device: opened, closed, frozen, crashed, and two that lead at once. */
import { openTab, type Device, type DeviceOptions } from './device.js'
import type { People } from './people.js'
import type { Step } from './schedule.js'
import type { Tab } from './tab.js'
import type { World } from './world.js'

type TabStep = Extract<Step, { do: 'freeze' | 'wake' | 'closeTab' | 'crashTab' | 'openTab' | 'look' | 'steal' | 'twoLeaders' | 'oneLeader' }>
const TAB_STEPS: ReadonlySet<string> = new Set<TabStep['do']>(['freeze', 'wake', 'closeTab', 'crashTab', 'openTab', 'look', 'steal', 'twoLeaders', 'oneLeader'])

/** A tab shows what comes for so long before it stores it, milliseconds. */
const SHOWN_MS = 400

export function isTabStep(step: Step): step is TabStep {
  return TAB_STEPS.has(step.do)
}

/** What it is handed as it wakes it shows, and stores no more where another tab leads by now: also at the end of a schedule. */
export function wakeTab({ halts }: Device, tab: Tab | null | undefined, { now }: Pick<World['time'], 'now'>): void {
  halts.push(now() + SHOWN_MS)
  tab?.wake()
}

export async function changeTabs(device: Device, step: TabStep, { closeReader, doing }: People, { time }: World, options: DeviceOptions): Promise<void> {
  const { browser, tabs: places } = device
  const place = step.t ?? 0
  const tab = places[place]
  if (!browser) return
  switch (step.do) {
    case 'steal': return browser.stealLocks()
    case 'twoLeaders': return browser.giveToAll(true)
    case 'oneLeader': return browser.giveToAll(false)
    case 'openTab': return void (tab ?? (device.isSignedIn && openTab(device, place, options)))
    case 'look': return places.forEach((each, at) => each?.visibility.setVisible(at === place && !each.isFrozen()))
    case 'freeze':
      device.halts.push(time.now())
      tab?.visibility.setVisible(false)
      return tab?.freeze()
    case 'wake': return wakeTab(device, tab, time)
    case 'closeTab': {
      if (!tab) return
      closeReader(tab)
      if (!tab.isFrozen()) doing(tab, 'dispose', tab.client.dispose())
      await time.settle()
      tab.crash()
      places[place] = null
      return
    }
    case 'crashTab':
      device.halts.push(time.now())
      closeReader(tab)
      tab?.crash()
      places[place] = null
  }
}

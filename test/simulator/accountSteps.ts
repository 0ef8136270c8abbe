/** People sign out, and others in, between the steps of a schedule: drawn apart, so that those stay what they are without. */
import type { Prng } from './prng.js'
import type { Step } from './schedule.js'

/** So many more steps for each one, in a row. */
const SHARE = 0.3
const MOST_IN_A_ROW = 4
/** Devices that are handed from one to the other; with more, few would be handed on twice. */
const SHARED_DEVICES = 2

/** Who is signed in on a device, as far as the steps can say. */
interface Handed {
  readonly d: number
  readonly users: Set<string>
}

/** Who there is, and where. */
export interface Cast {
  /** Whose each device is. */
  readonly devices: readonly string[]
  readonly users: readonly string[]
  /** Tabs of a device. */
  readonly tabs: number
}

export function withAccounts(steps: readonly Step[], random: Prng, cast: Cast): readonly Step[] {
  const { devices } = cast
  const first = random.int(devices.length)
  const shared: readonly Handed[] = Array.from({ length: SHARED_DEVICES }, (_, n) => (first + n * 2) % devices.length).map((d) => ({ d, users: new Set([devices[d]!]) }))
  return steps.flatMap((step) => {
    if (!random.chance(SHARE)) return [step]
    const between = Array.from({ length: 1 + random.int(MOST_IN_A_ROW) }, () => drawStep(random, random.pick(shared), cast))
    return [...between, step]
  })
}

function drawStep(random: Prng, { d, users }: Handed, cast: Cast): Step {
  const after = random.pick([-1, 0, 15, 250, 900, 2_500])
  const t = random.int(cast.tabs)
  const c = random.pick(['pair', 'team', 'team'] as const)
  // Most often one after the other; now and then two at a time, each in tabs of their own.
  if (random.chance([0.7, 0.1, 0][users.size] ?? 0)) {
    const user = random.pick(cast.users)
    users.add(user)
    return { after, do: 'signIn', d, t, user }
  }
  if (random.chance([0, 0.35, 0.35][users.size] ?? 0)) {
    // Whose tab it is, the world knows.
    users.delete([...users][0]!)
    return { after, do: 'signOut', d, t, data: random.chance(0.65) ? 'keep' : 'wipe' }
  }
  const choices: readonly (() => Step)[] = [
    () => ({ after, do: 'send', d, t, c }),
    () => ({ after, do: 'send', d, t, c }),
    () => ({ after, do: 'read', d, t, c, from: random.next(), count: 1 + random.int(3) }),
    () => ({ after, do: 'draft', d, t, c }),
    () => ({ after, do: 'openTab', d, t }),
    () => ({ after, do: random.pick(['off', 'on', 'on']), d, t }),
    () => ({ after, do: 'receipts', d, t, to: random.pick(['public', 'private', 'off']), ...(random.chance(0.5) ? { c } : {}) }),
    () => ({ after, do: random.pick(['freeze', 'wake', 'wake']), d, t }),
    () => ({ after, do: random.pick(['restart', 'crash', 'closeTab']), d, t }),
    () => ({ after, do: 'wait', ms: random.pick([1_500, 20_000]) }),
  ]
  return random.pick(choices)()
}

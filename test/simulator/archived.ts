/** Receipts that became bits: told apart here by hand, one bit a member by their number in the roster. Who read stays known, so every rule that speaks of what a device knows counts them in. */
import type { Clock, ReceiptKind } from 'readback/core'
import type { Device } from './device.js'
import type { Place } from './oracle.js'
import type { Stored, StoredPart } from './stored.js'
import type { World } from './world.js'

type States = StoredPart['states']
/** What a device holds, and what it knows of others with all that it archived. */
export type Known = readonly (Stored[number] & { readonly known: States })[]

const KINDS = ['delivered', 'read', 'viewed'] as const
/** After a tab began to lead, and from then on; and how long these are here, milliseconds. */
const SOONER: ReadonlyMap<number, number> = new Map([[10 * 60_000, 8_000], [6 * 3_600_000, 20_000]])

/** The clock of a tab, on which what is done every few hours is done every few seconds. */
export function archivingSoon(clock: Clock): Clock {
  return { ...clock, setTimer: (fn, delayMs) => clock.setTimer(fn, SOONER.get(delayMs) ?? delayMs) }
}

export async function withArchived(world: World, device: Device, parts: Stored): Promise<Known> {
  if (!world.archives) return parts.map((part) => ({ ...part, known: part.states }))
  return Promise.all(parts.map(async (part) => ({ ...part, known: await knownOf(world, device, part) })))
}

async function knownOf(world: World, device: Device, { id, states }: StoredPart): Promise<States> {
  const accepted = world.accepted.get(id)!
  const [roster, ...bits] = await device.disk.read((tx) => tx.archive.get(id, ['roster', ...[...accepted.keys()].map((each) => `message ${each}`)]))
  if (!Array.isArray(roster)) return states
  const places = [...accepted.values()].map(({ at }) => at!)
  return states.map((state) => {
    const number = (roster as readonly string[]).indexOf(state.memberId)
    if (number < 0) return state
    const joined = KINDS.map((kind) => [kind, { upTo: state[kind].upTo, ranges: [...state[kind].ranges, ...places.filter((_, n) => hasBit(bits[n], kind, number)).map(asRange)] }] as const)
    return { ...state, ...Object.fromEntries(joined) }
  })
}

const asRange = (at: Place) => ({ from: at, to: at })

function hasBit(segment: unknown, kind: ReceiptKind, number: number): boolean {
  const bits = (segment as Partial<Record<ReceiptKind, Uint8Array>> | undefined)?.[kind]
  return ((bits?.[Math.floor(number / 8)] ?? 0) & (1 << (number % 8))) !== 0
}

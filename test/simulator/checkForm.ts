/** Of one reading there is one form: then replicas to which the same was told are the same bytes, in whatever order it came. */
import { isBefore, type Place, type Reached } from './oracle.js'
import { nameOfDevice, say, Violation, type StoredPart } from './stored.js'
import type { Device } from './device.js'

const KINDS = ['delivered', 'read', 'viewed'] as const

/** After a step nobody can say which of two devices was told what; that each is in this form can be said, and after settling they are compared. */
export function checkForm(device: Device, { id, own, states }: StoredPart): void {
  const name = nameOfDevice(device, id)
  for (const kind of KINDS) {
    if (own) for (const reached of [own.synced[kind], own.wanted[kind]]) requireForm(`${name} own ${kind}`, reached)
    for (const state of states) requireForm(`${name} ${kind} of ${state.memberId}`, state[kind])
  }
}

/** Ranges in order, apart from each other, and beyond what is reached as a whole. */
function requireForm(name: string, { upTo, ranges }: Reached): void {
  let last: Place | null = upTo
  for (const { from, to } of ranges) {
    if (isBefore(to, from) || (last && !isBefore(last, from))) throw new Violation('I2', `${name}: ${say(from)} to ${say(to)} stands behind ${say(last)}`)
    last = to
  }
}

/** The messages of a benchmark: the same at every run. */
import type { Row, Scene } from './contract'

/** Newest messages of a direct conversation that are mine and not read yet: each of them can flip once. So few and short that all are in sight. */
export const OWN_TAIL = 14
const START = Date.UTC(2026, 0, 5, 8)
const WORDS = 'harbour lantern second stage ferry at nine tent by the lighthouse sound check parade market first aid shift corner fireworks moved north needs two more people half an hour later ready waiting for power got new key on schedule room ten'.split(' ')

export function rowAt(index: number, scene: Pick<Scene, 'kind' | 'size' | 'members'>): Row {
  const own = isOwn(index, scene)
  const others = Math.max(1, scene.members - 1)
  // People write in runs of three.
  const from = own ? 'me' : `u${Math.abs(Math.floor(index / 3)) % others}`
  return { key: `m${index}`, from, own, text: `${textOf(index, own && index >= scene.size - OWN_TAIL)} ${token(index)}`, time: START + index * 40_000 }
}

/** Found in the text of exactly one row. */
export function token(index: number): string {
  return `#${index};`
}

function isOwn(index: number, { kind, size }: Pick<Scene, 'kind' | 'size'>): boolean {
  if (index >= size) return false
  if (kind === 'group') return index === size - 1 || index % 40 === 7
  return index >= size - OWN_TAIL || index % 4 === 0
}

/** One to some sixty words; short ones where many must be in sight. */
function textOf(index: number, short: boolean): string {
  const seed = Math.imul(index ^ 0x9e3779b9, 0x85ebca6b) >>> 0
  const count = short ? 2 : 1 + (seed % 100 < 8 ? 25 + (seed % 37) : seed % 14)
  return Array.from({ length: count }, (_, i) => WORDS[(seed + i * 7 + ((seed >>> 8) % 11) * i) % WORDS.length]).join(' ')
}

/** What lies over an element, by asking the page what is on top. */
import { outward, type Edges } from './edges.js'
import { frameOf, holds, parentOf } from './layoutTree.js'

/** On top is the element itself or a part of it, something that it lies in, or something else. */
type OnTop = 'own' | 'around' | 'other'

/** From 0 to 1 of the width and height of what shows. */
type Probe = readonly [x: number, y: number]

const FEW: readonly Probe[] = [[0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9]]
/** Where something lies over it, how much. Finer downward, since what sticks to an edge of a list takes whole lines. */
const MANY: readonly Probe[] = Array.from({ length: 40 }, (_, n) => [((n % 4) + 0.5) / 4, (Math.floor(n / 4) + 0.5) / 10])

/** How much of what shows of an element has nothing over it, 0 to 1. */
export function clearShare(element: Element, shown: Edges): number {
  const few = FEW.map((probe) => onTopAt(element, shown, probe))
  const isBehind = few.includes('other')
  // Rounded corners are not its own; in the middle nothing else is.
  if (!isBehind && (few[0] === 'own' || isUntouchable(element))) return 1
  if (few.every((each) => each === 'other')) return 0
  const clear: OnTop[] = isBehind ? ['own', 'around'] : ['own']
  return MANY.filter((probe) => clear.includes(onTopAt(element, shown, probe))).length / MANY.length
}

function onTopAt(element: Element, { left, top, right, bottom }: Edges, [x, y]: Probe): OnTop {
  return onTop(element, left + (right - left) * x, top + (bottom - top) * y)
}

function onTop(element: Element, x: number, y: number): OnTop {
  const tree = element.getRootNode() as Document | ShadowRoot
  const { host = null } = tree as Partial<ShadowRoot>
  const outer = host ?? frameOf(element)
  // What lies over the host of a shadow tree, or over the frame of a page, lies over all that is in it.
  if (outer && onTop(outer, ...(host ? ([x, y] as const) : outward(outer, x, y))) === 'other') return 'other'
  const hit = tree.elementFromPoint(x, y)
  // What belongs to a dialog, or another layer of the page, that is written into the element lies over it.
  let part: OnTop = 'own'
  for (let each = hit; each; each = parentOf(each)) {
    if (each === element) return part
    if (getComputedStyle(each).position === 'fixed') part = 'other'
  }
  // A shadow tree may say nothing of what is not in it; then the page around it has said enough.
  return !hit ? 'own' : holds(hit, element) ? 'around' : 'other'
}

/**
 * Where nothing of an element can be hit, something that it lies in is painted over it (a veil of its list, a clip), unless it lets every hit through:
 * by its style, or because lines of text fill little of the box around them.
 */
function isUntouchable(element: Element): boolean {
  const { pointerEvents, display } = getComputedStyle(element)
  return pointerEvents === 'none' || display === 'inline' || !!element.closest('[inert]')
}

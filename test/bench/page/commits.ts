/**
 * Counts React's commits, and when asked the rows that rendered in them: through the hook that React offers to its developer tools,
 * which production builds call too. Must be loaded before React.
 */
interface Fiber {
  readonly tag: number
  readonly flags: number
  readonly child: Fiber | null
  readonly sibling: Fiber | null
  readonly alternate: Fiber | null
  readonly stateNode: unknown
}

const FUNCTION_TAGS = new Set([0, 1, 11, 14, 15])
const HOST = 5
const PERFORMED_WORK = 1

export const commits = {
  count: 0,
  /** Most commits between two frames. */
  mostInFrame: 0,
  /** Set to count rendered rows too; costs time, so never while time is measured. */
  rowSelector: null as string | null,
  rows: new Set<Element>(),
  /** Rows that rendered, each counted once a commit. */
  rowRenders: 0,
}

let inFrame = 0
const nextFrame = () => {
  inFrame = 0
}

Object.assign(globalThis, {
  __REACT_DEVTOOLS_GLOBAL_HOOK__: {
    supportsFiber: true,
    checkDCE() {},
    inject: () => 1,
    onCommitFiberUnmount() {},
    onPostCommitFiberRoot() {},
    onCommitFiberRoot(_id: number, root: { readonly current: Fiber }) {
      commits.count += 1
      if (inFrame === 0) requestAnimationFrame(nextFrame)
      inFrame += 1
      commits.mostInFrame = Math.max(commits.mostInFrame, inFrame)
      if (commits.rowSelector === null) return
      const rendered = new Set<Element>()
      collect(root.current, null, commits.rowSelector, rendered)
      for (const row of rendered) commits.rows.add(row)
      commits.rowRenders += rendered.size
    },
  },
})

/** Walks only where something was rendered: a subtree that React skipped keeps its first child. */
function collect(fiber: Fiber, row: Element | null, selector: string, rendered: Set<Element>): void {
  const before = fiber.alternate
  const here = row ?? (fiber.tag === HOST && (fiber.stateNode as Element).matches(selector) ? (fiber.stateNode as Element) : null)
  if (before !== null && FUNCTION_TAGS.has(fiber.tag) && (fiber.flags & PERFORMED_WORK) !== 0) {
    const own = here ?? rowBelow(fiber, selector)
    if (own !== null) rendered.add(own)
  }
  if (before === null && fiber.tag === HOST && here === fiber.stateNode && here !== null) rendered.add(here)
  if (before !== null && before.child === fiber.child) return
  for (let child = fiber.child; child !== null; child = child.sibling) collect(child, here, selector, rendered)
}

/** The row that a component draws, if it draws just that. */
function rowBelow(fiber: Fiber, selector: string): Element | null {
  for (let at: Fiber | null = fiber.child; at !== null; at = at.child) {
    if (at.tag === HOST) return (at.stateNode as Element).matches(selector) ? (at.stateNode as Element) : null
    if (at.sibling !== null) return null
  }
  return null
}

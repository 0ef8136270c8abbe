/** The page as it is laid out, through slots and out of shadow trees and frames of the same origin. */

/** The parent as it is laid out: through slots and out of shadow trees. */
export function parentOf(element: Element): Element | null {
  return element.assignedSlot ?? element.parentElement ?? (element.getRootNode?.() as Partial<ShadowRoot> | undefined)?.host ?? null
}

/** Whether `outer` is `inner` or something that it is laid out in. */
export function holds(outer: Element, inner: Element): boolean {
  for (let each: Element | null = inner; each; each = parentOf(each)) if (each === outer) return true
  return false
}

/** The frame that the page of an element is shown in; null for a window of its own, and where a page of another origin is around it. */
export function frameOf({ ownerDocument }: Element): Element | null {
  try {
    return ownerDocument.defaultView!.frameElement
  } catch {
    return null
  }
}

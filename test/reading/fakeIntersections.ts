/** An IntersectionObserver whose page is told by the test. */
export interface FakePage {
  readonly Observer: typeof IntersectionObserver
  /** Elements under observation now. */
  readonly observed: ReadonlySet<Element>
  /** Observers made and not disconnected. */
  readonly alive: number
  /** Shows part of an element; heights in pixels, in a viewport of 500. All are 300 wide. */
  show(element: Element, height: number, visibleHeight: number): void
  hide(element: Element): void
}

const rect = (height: number, width = 300) => ({ width, height }) as DOMRectReadOnly

export function createFakePage(viewportHeight = 500): FakePage {
  const observed = new Set<Element>()
  const observers = new Map<Fake, Set<Element>>()
  class Fake {
    constructor(readonly callback: IntersectionObserverCallback) {
      observers.set(this, new Set())
    }
    observe(element: Element): void {
      observed.add(element)
      observers.get(this)?.add(element)
    }
    unobserve(element: Element): void {
      observed.delete(element)
      observers.get(this)?.delete(element)
    }
    disconnect(): void {
      for (const element of observers.get(this) ?? []) observed.delete(element)
      observers.delete(this)
    }
  }
  const send = (element: Element, height: number, visible: number): void => {
    for (const [observer, elements] of observers) {
      if (!elements.has(element)) continue
      const entry = { target: element, isIntersecting: visible > 0, boundingClientRect: rect(height), intersectionRect: rect(visible), rootBounds: rect(viewportHeight) } as IntersectionObserverEntry
      observer.callback([entry], observer as unknown as IntersectionObserver)
    }
  }
  return {
    Observer: Fake as unknown as typeof IntersectionObserver,
    observed,
    get alive() {
      return observers.size
    },
    show: send,
    hide: (element) => send(element, 100, 0),
  }
}

/** An element as far as the observer asks: it is only compared and measured by the fake page. */
export const fakeElement = (): Element => ({ parentElement: null }) as unknown as Element

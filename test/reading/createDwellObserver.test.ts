import { createDwellObserver, type DwellObserverOptions } from 'readback/core'
import { createFakeClock, createFakeVisibility } from 'readback/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { systemVisibility } from '../../src/model/index.js'
import { createFakePage, fakeElement } from './fakeIntersections.js'

function setup(options: Partial<DwellObserverOptions> = {}) {
  const clock = createFakeClock()
  const visibility = createFakeVisibility()
  const page = createFakePage()
  const read: string[][] = []
  let covered = false
  const observer = createDwellObserver({ clock, visibility, IntersectionObserver: page.Observer, whyUnseen: () => (covered ? 'covered' : null), onRead: (ids) => read.push([...ids]), ...options })
  const add = (id: string) => {
    const element = fakeElement()
    return { element, stop: observer.observe(element, id) }
  }
  return { clock, visibility, page, read, observer, add, cover: (on: boolean) => (covered = on) }
}

describe('createDwellObserver', () => {
  it('[RD4] reads after the dwell and not before, once', () => {
    const { clock, page, read, observer, add } = setup()
    const { element } = add('a')
    expect([observer.getView('a').state, observer.getView('a').reasons]).toEqual(['unseen', ['offScreen']])
    page.show(element, 100, 100)
    expect([observer.getView('a').state, observer.getView('a').reasons]).toEqual(['dwelling', ['dwelling']])
    clock.advance(799)
    expect(read).toEqual([])
    clock.advance(1)
    expect(read).toEqual([['a']])
    expect([observer.getView('a').state, observer.getView('a').reasons]).toEqual(['read', []])
    observer.observe(fakeElement(), 'a')
    observer.markNow('a')
    clock.advance(5000)
    expect(read).toEqual([['a']])
  })

  it('[RD4] an element that a list uses again for what is read already shows nobody what was in it before', () => {
    const { clock, page, read, observer, add } = setup()
    observer.markNow('b')
    const { element } = add('a')
    page.show(element, 100, 100)
    clock.advance(500)
    observer.observe(element, 'b')
    clock.advance(5000)
    expect(read).toEqual([['b']])
    expect(observer.getView('a').reasons).toEqual(['offScreen'])
  })

  it('says of what it watches whether it is gathering time, and of what has left that it is gone', () => {
    const { clock, page, observer, add, cover, visibility } = setup()
    const { element } = add('a')
    page.show(element, 100, 100)
    cover(true)
    clock.advance(100)
    expect(observer.getView('a')).toEqual({ state: 'unseen', reasons: ['covered'] })
    page.hide(element)
    expect(observer.getView('a')).toEqual({ state: 'unseen', reasons: ['offScreen'] })
    cover(false)
    page.show(element, 100, 100)
    visibility.setFocus(false)
    expect(observer.getView('a')).toEqual({ state: 'unseen', reasons: ['blurred'] })
  })

  it('listens and waits for nothing once all is read or gone', () => {
    let listening = 0
    const visibility = { isVisible: () => true, hasFocus: () => true, subscribe: () => (listening += 1, () => void (listening -= 1)) }
    const { clock, page, add, observer } = setup({ visibility })
    page.show(add('a').element, 100, 100)
    clock.advance(800)
    expect([listening, clock.pending, page.alive]).toEqual([0, 0, 0])
    const { element, stop } = add('b')
    page.show(element, 100, 100)
    expect([listening, clock.pending]).toEqual([1, 1])
    stop()
    expect([listening, clock.pending, page.alive]).toEqual([0, 0, 0])
    page.show(add('c').element, 100, 100)
    observer.dispose()
    expect([listening, clock.pending, page.alive]).toEqual([0, 0, 0])
  })

  it('tells those who listen of a change, and of nothing else', () => {
    const { page, observer, add } = setup()
    let told = 0
    observer.subscribe(() => (told += 1))
    const { element, stop } = add('a')
    page.hide(element)
    expect(told).toBe(0)
    page.show(element, 100, 100)
    expect(told).toBe(1)
    stop()
    expect([told, observer.getView('a').reasons]).toEqual([2, ['offScreen']])
  })

  describe('one message in two elements, as in a list and in a panel beside it', () => {
    it('[RD4] is read in the list though the panel is out of sight', () => {
      const { clock, page, read, observer, add } = setup()
      const [inList, inPanel] = [add('a').element, add('a').element]
      page.show(inList, 100, 100)
      page.hide(inPanel)
      expect(observer.getView('a').reasons).toEqual(['dwelling'])
      clock.advance(799)
      expect(read).toEqual([])
      clock.advance(1)
      expect([read, page.observed.size]).toEqual([[['a']], 0])
    })

    it('[RD4] goes on in the one when the other is gone', () => {
      const { clock, page, read, add } = setup()
      const [inList, inPanel] = [add('a'), add('a')]
      page.show(inList.element, 100, 100)
      page.show(inPanel.element, 100, 100)
      clock.advance(300)
      inPanel.stop()
      clock.advance(499)
      expect(read).toEqual([])
      clock.advance(1)
      expect(read).toEqual([['a']])
    })

    it('[RD4] has one time: in both at once it does not run twice as fast, and in neither not at all', () => {
      const { clock, page, read, observer, add } = setup()
      const [inList, inPanel] = [add('a').element, add('a').element]
      page.show(inList, 100, 100)
      page.show(inPanel, 100, 100)
      clock.advance(500)
      page.hide(inList)
      page.show(inPanel, 100, 10)
      clock.advance(5000)
      expect([read, observer.getView('a').reasons]).toEqual([[], ['notEnoughVisible']])
      page.hide(inPanel)
      expect(observer.getView('a').reasons).toEqual(['offScreen'])
      page.show(inList, 100, 100)
      clock.advance(299)
      expect(read).toEqual([])
      clock.advance(1)
      expect(read).toEqual([['a']])
    })

    it.each([0, 1])('[RD5] is read where it is seen in one of them, whichever the other covers, and not where both are covered: %s', (seen) => {
      const covered = new Set<Element>()
      const { clock, page, read, observer, add } = setup({ whyUnseen: (element) => (covered.has(element) ? 'covered' : null) })
      const both = [add('a').element, add('a').element]
      for (const element of both) {
        covered.add(element)
        page.show(element, 100, 100)
      }
      clock.advance(5000)
      expect([read, observer.getView('a').reasons]).toEqual([[], ['covered']])
      covered.delete(both[seen]!)
      clock.advance(900)
      expect(read).toEqual([['a']])
    })

    it('lets go of one that went off the page, and nobody said so', () => {
      const { page, add } = setup()
      const gone = add('a').element
      Object.assign(gone, { isConnected: false })
      const { element, stop } = add('a')
      expect([...page.observed]).toEqual([element])
      stop()
      expect(page.alive).toBe(0)
    })
  })

  it('[RD4] several that complete together come in one call', () => {
    const { clock, page, read, add } = setup()
    for (const id of ['a', 'b', 'c']) page.show(add(id).element, 100, 100)
    clock.advance(800)
    expect(read).toEqual([['a', 'b', 'c']])
  })

  it('[RD4] scrolling past reads nothing', () => {
    const { clock, page, read, add } = setup()
    for (let row = 0; row < 50; row += 1) {
      const { element, stop } = add(`m${row}`)
      page.show(element, 100, 100)
      clock.advance(60)
      page.hide(element)
      stop()
    }
    clock.advance(10_000)
    expect(read).toEqual([])
  })

  it('[RD4] visible time accumulates, also over a new element under the same id', () => {
    const { clock, page, read, add } = setup()
    const first = add('a')
    page.show(first.element, 100, 100)
    clock.advance(500)
    page.hide(first.element)
    clock.advance(5000)
    first.stop()
    const second = add('a')
    page.show(second.element, 100, 100)
    clock.advance(299)
    expect(read).toEqual([])
    clock.advance(1)
    expect(read).toEqual([['a']])
    first.stop()
  })

  it('[RD1] too little of it is no reading, however long', () => {
    const { clock, page, read, observer, add } = setup()
    const { element } = add('a')
    page.show(element, 100, 40)
    clock.advance(60_000)
    expect([read, observer.getView('a').reasons]).toEqual([[], ['notEnoughVisible']])
    page.show(element, 5000, 250)
    clock.advance(800)
    expect(read).toEqual([['a']])
  })

  it('[RD2] a hidden page and one without focus read nothing, though no event of the viewport comes', () => {
    const { clock, visibility, page, read, observer, add } = setup()
    page.show(add('a').element, 100, 100)
    clock.advance(799)
    visibility.setVisible(false)
    expect(observer.getView('a').reasons).toEqual(['hidden'])
    clock.advance(60_000)
    expect(read).toEqual([])
    visibility.setVisible(true)
    visibility.setFocus(false)
    expect(observer.getView('a').reasons).toEqual(['blurred'])
    clock.advance(60_000)
    expect(read).toEqual([])
    visibility.setFocus(true)
    clock.advance(100)
    expect(read).toEqual([['a']])
  })

  it('[RD2] without requireFocus a window behind another one reads', () => {
    const { clock, visibility, page, read, add } = setup({ policy: { requireFocus: false } })
    visibility.setFocus(false)
    page.show(add('a').element, 100, 100)
    clock.advance(800)
    expect(read).toEqual([['a']])
  })

  it('[RD3] sleep in the middle of a dwell does not finish it', () => {
    const { clock, page, read, add } = setup()
    page.show(add('a').element, 100, 100)
    clock.advance(300)
    clock.sleep(8 * 3_600_000)
    clock.advance(100)
    expect(read).toEqual([])
    clock.advance(300)
    expect(read).toEqual([['a']])
  })

  it('[RD3] setting the wall clock changes nothing', () => {
    const { clock, page, read, add } = setup()
    page.show(add('a').element, 100, 100)
    clock.shiftWallClock(86_400_000)
    clock.advance(700)
    clock.shiftWallClock(-2 * 86_400_000)
    expect(read).toEqual([])
    clock.advance(100)
    expect(read).toEqual([['a']])
  })

  it('[RD5] what was gathered before it came back covered still counts, and nothing of the time below', () => {
    const { clock, page, read, add, cover } = setup()
    const { element } = add('a')
    page.show(element, 100, 100)
    clock.advance(500)
    page.hide(element)
    cover(true)
    page.show(element, 100, 100)
    clock.advance(5_000)
    expect(read).toEqual([])
    cover(false)
    clock.advance(100 + 299)
    expect(read).toEqual([])
    clock.advance(1)
    expect(read).toEqual([['a']])
  })

  it('[RD5] a list that is not settled reads nothing', () => {
    let settled = false
    const { clock, page, read, observer, add } = setup({ isSettled: () => settled })
    page.show(add('a').element, 100, 100)
    clock.advance(5000)
    expect([read, observer.getView('a').reasons]).toEqual([[], ['notSettled']])
    settled = true
    clock.advance(800)
    expect(read).toEqual([])
    clock.advance(20)
    expect(read).toEqual([['a']])
  })

  it('[RD5] the time in a list that settles counts from there on, wherever between two samples that was', () => {
    let settled = false
    const { clock, page, read, add } = setup({ isSettled: () => settled })
    page.show(add('a').element, 100, 100)
    clock.advance(15)
    settled = true
    clock.advance(804)
    expect(read).toEqual([])
    clock.advance(1)
    expect(read).toEqual([['a']])
  })

  it('[RD5] under a modal nothing is read, and the time under it does not count', () => {
    const { clock, page, read, observer, add, cover } = setup()
    page.show(add('a').element, 100, 100)
    clock.advance(500)
    cover(true)
    clock.advance(5000)
    expect([read, observer.getView('a').reasons]).toEqual([[], ['covered']])
    cover(false)
    // Noticed with the next look; then what is left of its time.
    clock.advance(100 + 299)
    expect(read).toEqual([])
    clock.advance(1)
    expect(read).toEqual([['a']])
  })

  it('[RD5] what lay over it for a while and is gone at the end was in the way all the same', () => {
    const { clock, page, read, add, cover } = setup()
    page.show(add('a').element, 100, 100)
    clock.advance(150)
    cover(true)
    clock.advance(500)
    cover(false)
    clock.advance(150)
    expect(read).toEqual([])
    clock.advance(5_000)
    expect(read).toEqual([['a']])
  })

  it('[RD5] says which of them it is that stands against it', () => {
    let unseen: 'notPainted' | 'notEnoughVisible' | null = 'notPainted'
    const { clock, page, observer, add } = setup({ whyUnseen: () => unseen })
    page.show(add('a').element, 100, 100)
    const answers = [observer.getView('a').reasons]
    unseen = 'notEnoughVisible'
    clock.advance(100)
    answers.push(observer.getView('a').reasons)
    unseen = null
    clock.advance(100)
    answers.push(observer.getView('a').reasons)
    expect(answers).toEqual([['notPainted'], ['notEnoughVisible'], ['dwelling']])
  })

  it('asks the page at most every 50 ms however often intersections are told, and at the end', () => {
    let looks = 0
    const { clock, page, read, add } = setup({ whyUnseen: () => ((looks += 1), null) })
    const { element } = add('a')
    for (let frame = 0; frame < 50; frame += 1) {
      page.show(element, 100, 100 - (frame % 10))
      clock.advance(16)
    }
    expect([looks <= 1 + 800 / 50 + 1, read]).toEqual([true, [['a']]])
  })

  it('asks about the element, the share and the list that it was given', () => {
    const asked: unknown[] = []
    const root = fakeElement()
    const { page, add } = setup({ root, policy: { visibleFraction: 0.7 }, whyUnseen: (...about) => (asked.push(about), 'covered') })
    const { element } = add('a')
    page.show(element, 100, 100)
    expect(asked).toEqual([[element, 0.7, root]])
  })

  it('[RD6] a strong signal reads at once, seen or not', () => {
    const { page, read, observer, add } = setup()
    page.show(add('a').element, 100, 20)
    observer.markNow('a')
    observer.markNow('b')
    observer.markNow('b')
    expect(read).toEqual([['a'], ['b']])
  })

  it('[RD4] an element that shows another message now says nothing more of the one before', () => {
    const { clock, page, read, observer, add } = setup()
    const { element, stop } = add('a')
    page.show(element, 100, 100)
    clock.advance(500)
    observer.observe(element, 'b')
    expect([observer.getView('a').reasons, page.observed.has(element)]).toEqual([['offScreen'], true])
    stop()
    expect(page.observed.has(element)).toBe(true)
    page.show(element, 100, 100)
    clock.advance(799)
    expect(read).toEqual([])
    clock.advance(1)
    expect(read).toEqual([['b']])
  })

  it('[RD11] what is off screen says so while others dwell, and what is not watched any more is not asked', () => {
    let tell: IntersectionObserverCallback = () => {}
    let thresholds: readonly number[] = []
    const Observer = class {
      constructor(callback: IntersectionObserverCallback, options: { threshold: number[] }) {
        tell = callback
        thresholds = options.threshold
      }
      observe() {}
      unobserve() {}
      disconnect() {}
    } as unknown as typeof IntersectionObserver
    const { clock, read, observer, add } = setup({ IntersectionObserver: Observer })
    const size = { width: 300, height: 100 } as DOMRectReadOnly
    const entry = (target: Element) => ({ target, isIntersecting: true, boundingClientRect: size, intersectionRect: size, rootBounds: size }) as IntersectionObserverEntry
    const first = add('a')
    const gone = add('b')
    gone.stop()
    add('c')
    tell([entry(gone.element), entry(first.element)], {} as IntersectionObserver)
    clock.advance(400)
    expect(['a', 'b', 'c'].map((id) => observer.getView(id).reasons[0])).toEqual(['dwelling', 'offScreen', 'offScreen'])
    clock.advance(400)
    expect(read).toEqual([['a']])
    // Layout rounds: half of it is told a little before the half.
    expect(thresholds.filter((each) => each > 0.49 && each < 0.5)).toHaveLength(1)
  })

  it('[RD4] one that is no longer watched takes none of the others with it', () => {
    const { clock, page, read, add, observer } = setup()
    const first = add('a')
    const second = add('b')
    const third = add('c')
    first.stop()
    observer.forget('b')
    expect([page.observed.has(second.element), page.observed.has(third.element)]).toEqual([false, true])
    page.show(third.element, 100, 100)
    clock.advance(800)
    expect(read).toEqual([['c']])
  })

  it('[RD6] what was read at once is watched no more', () => {
    const { page, observer, add } = setup()
    const { element } = add('a')
    observer.markNow('a')
    expect(page.observed.has(element)).toBe(false)
    expect(() => observer.forget('nobody')).not.toThrow()
  })

  it('a look 50 ms after the last one says something new', () => {
    let looks = 0
    const { clock, page, add } = setup({ whyUnseen: () => ((looks += 1), null) })
    const { element } = add('a')
    for (const waitMs of [0, 49, 1]) {
      clock.advance(waitMs)
      page.show(element, 100, 100)
    }
    expect(looks).toBe(2)
  })

  it('does no work while nothing is observed or nothing can be gathered', () => {
    const { clock, visibility, page, observer, add } = setup()
    expect([clock.pending, page.alive]).toEqual([0, 0])
    const { element, stop } = add('a')
    expect([clock.pending, page.alive, page.observed.size]).toEqual([0, 1, 1])
    page.show(element, 100, 100)
    expect(clock.pending).toBe(1)
    visibility.setVisible(false)
    expect(clock.pending).toBe(0)
    visibility.setVisible(true)
    expect(clock.pending).toBe(1)
    page.show(element, 100, 40)
    expect(clock.pending).toBe(0)
    stop()
    expect([clock.pending, page.alive, page.observed.size]).toEqual([0, 0, 0])
    page.show(add('b').element, 100, 100)
    clock.advance(800)
    expect([observer.getView('b').state, clock.pending, page.alive]).toEqual(['read', 0, 0])
  })

  it('tells listeners of changes only, and keeps a view until it changes', () => {
    const { clock, page, observer, add } = setup()
    let told = 0
    const stop = observer.subscribe(() => (told += 1))
    const { element } = add('a')
    page.show(element, 100, 100)
    expect(told).toBe(1)
    const view = observer.getView('a')
    clock.advance(700)
    expect([told, observer.getView('a') === view]).toEqual([1, true])
    clock.advance(100)
    expect(told).toBe(2)
    stop()
    observer.markNow('b')
    expect(told).toBe(2)
  })

  it('a message that was forgotten may be read again', () => {
    const { read, observer } = setup()
    observer.markNow('a')
    observer.forget('a')
    observer.markNow('a')
    expect(read).toEqual([['a'], ['a']])
  })

  it('says so where there is no IntersectionObserver, and reads by strong signals only', () => {
    const clock = createFakeClock()
    const observer = createDwellObserver({ clock, visibility: createFakeVisibility(), onRead: () => {} })
    let told = 0
    observer.subscribe(() => (told += 1))
    observer.observe(fakeElement(), 'a')
    expect([told, observer.getView('a').reasons]).toEqual([1, ['unsupported']])
    observer.markNow('a')
    expect(observer.getView('a').state).toBe('read')
  })

  describe('in a window that the page opened', () => {
    afterEach(() => vi.unstubAllGlobals())
    function windowThat(isVisible: boolean, onListen = () => {}) {
      const view = Object.assign(new EventTarget(), { document: { visibilityState: isVisible ? 'visible' : 'hidden', hasFocus: () => isVisible } })
      const { addEventListener } = view
      return Object.assign(view, { parent: view, addEventListener: (...given: Parameters<typeof addEventListener>) => (onListen(), addEventListener.apply(view, given)) }) as unknown as Window
    }
    const elementIn = (view: Window) => Object.assign(fakeElement(), { ownerDocument: { defaultView: view } })

    it('[RD2] that window is asked, and listened to once for all that is in it; the page is asked for what is in its own', () => {
      const listened = { here: 0, there: 0 }
      const here = windowThat(false, () => (listened.here += 1))
      const there = windowThat(true, () => (listened.there += 1))
      vi.stubGlobal('window', here)
      vi.stubGlobal('document', here.document)
      const { clock, page, read, observer } = setup({ visibility: systemVisibility })
      for (const [id, view] of [['a', here], ['b', there], ['c', there]] as const) {
        const element = elementIn(view)
        observer.observe(element, id)
        page.show(element, 100, 100)
      }
      clock.advance(800)
      expect([read, observer.getView('a').reasons]).toEqual([[['b', 'c']], ['hidden']])
      expect(listened.there).toBe(listened.here)
    })
  })

  describe('with a policy that asks for somebody', () => {
    function withSigns(idleAfterMs: number | null = 60_000) {
      const listeners = new Set<() => void>()
      const activity = { subscribe: (listener: () => void) => (listeners.add(listener), () => void listeners.delete(listener)) }
      return { ...setup({ activity, policy: { idleAfterMs } }), touch: () => listeners.forEach((listener) => listener()), listeners }
    }

    it('[RD2] nothing is read once nobody has touched anything for too long, until they do', () => {
      const { clock, page, read, observer, add, touch } = withSigns()
      clock.advance(60_000)
      page.show(add('a').element, 100, 100)
      expect(observer.getView('a').reasons).toEqual(['dwelling'])
      clock.advance(1)
      page.show(add('b').element, 100, 100)
      expect(observer.getView('a').reasons).toEqual(['idle'])
      clock.advance(3_600_000)
      expect([read, observer.getView('b').reasons, clock.pending]).toEqual([[], ['idle'], 0])
      touch()
      expect(observer.getView('b').reasons).toEqual(['dwelling'])
      clock.advance(800)
      expect(read).toEqual([['a', 'b']])
    })

    it('[RD2] signs count before anything is there to be read, and each begins the time anew', () => {
      const { clock, page, read, add, touch } = withSigns()
      clock.advance(59_000)
      touch()
      clock.advance(59_000)
      page.show(add('a').element, 100, 100)
      clock.advance(800)
      expect(read).toEqual([['a']])
    })

    it('[RD2] goes idle in the middle of a dwell', () => {
      const { clock, page, read, observer, add } = withSigns(1_000)
      clock.advance(500)
      page.show(add('a').element, 100, 100)
      clock.advance(2_000)
      expect([read, observer.getView('a').reasons]).toEqual([[], ['idle']])
    })

    it('signs of somebody who was there all the time cost no look at the page', () => {
      let looks = 0
      const listeners = new Set<() => void>()
      const { page, add } = setup({ policy: { idleAfterMs: 60_000 }, activity: { subscribe: (listener) => (listeners.add(listener), () => {}) }, whyUnseen: () => ((looks += 1), 'covered') })
      page.show(add('a').element, 100, 100)
      for (let n = 0; n < 10; n += 1) listeners.forEach((listener) => listener())
      expect(looks).toBe(1)
    })

    it('listens only where it is asked for, and not after its end', () => {
      expect(withSigns(null).listeners.size).toBe(0)
      const { observer, listeners } = withSigns()
      expect(listeners.size).toBe(1)
      observer.dispose()
      expect(listeners.size).toBe(0)
    })
  })

  it('ends for good when disposed, twice without harm', () => {
    const { clock, page, read, observer, add } = setup()
    page.show(add('a').element, 100, 100)
    observer.dispose()
    observer.dispose()
    clock.advance(5000)
    expect([read, clock.pending, page.alive]).toEqual([[], 0, 0])
    expect(observer.getView('a').reasons).toEqual(['offScreen'])
  })
})

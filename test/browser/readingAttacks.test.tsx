/** Attempts to have "read" said of what nobody saw. Geometry, paint order and intersections are the browser's own; time is ours. */
import { cleanup, render } from '@testing-library/react'
import { StrictMode } from 'react'
import { createDwellObserver, createReadReporter, useDwellRead, type DwellObserver, type DwellObserverOptions, type ReadReporter } from 'readback'
import { createFakeClock, createFakeVisibility, type FakeClock } from 'readback/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { server } from 'vitest/browser'

/** Only Chromium tells an observer of what a clip path cuts away; elsewhere our own look at the page finds it. */
const CUT_AWAY = server.browser === 'chromium' ? 'notEnoughVisible' : 'covered'

let clock: FakeClock
let observer: DwellObserver
let read: string[]

function watch(options: Partial<DwellObserverOptions> = {}): void {
  clock = createFakeClock()
  read = []
  observer = createDwellObserver({ clock, visibility: createFakeVisibility(), onRead: (ids) => read.push(...ids), ...options })
}

const box = (parent: Element | ShadowRoot, style: string, text = ''): HTMLElement => {
  const element = document.createElement('div')
  element.style.cssText = `box-sizing: border-box; ${style}`
  element.textContent = text
  parent.append(element)
  return element
}
/** A panel of 400 px, as an embedded chat is. */
const panel = (style = ''): HTMLElement => box(document.body, `position: fixed; inset: 0 auto auto 0; width: 300px; height: 400px; overflow-y: auto; background: white; ${style}`)
const row = (parent: Element | ShadowRoot, id: string, style = 'height: 100px'): HTMLElement => {
  const element = box(parent, `border: 1px solid gray; ${style}`, id)
  observer.observe(element, id)
  return element
}

/** What a list paints over itself, from so far below its top on; the last that was asked for counts. */
const veil = (list: Element, topPx: number): void => {
  list.classList.add('veiled')
  document.body.appendChild(document.createElement('style')).textContent = `.veiled::after { content: ""; position: absolute; inset: 0; top: ${topPx}px; background: white }`
}

/** Intersections are told between frames; two frames later they have been. */
const frames = async (count = 2): Promise<void> => {
  for (let frame = 0; frame < count; frame += 1) await new Promise(requestAnimationFrame)
  await new Promise((resolve) => setTimeout(resolve))
}
/** Nothing is read by any amount of time. */
async function requireUnread(id: string, reason: string): Promise<void> {
  await frames()
  clock.advance(60_000)
  await frames()
  clock.advance(60_000)
  expect([read, observer.getView(id).reasons]).toEqual([[], [reason]])
}
async function requireRead(...ids: readonly string[]): Promise<void> {
  await frames()
  clock.advance(1_000)
  expect([...read].sort()).toEqual([...ids].sort())
}

beforeEach(() => watch())
afterEach(() => {
  observer.dispose()
  cleanup()
  document.body.replaceChildren()
})

describe('what lies over a message', () => {
  it('[RD5] [I14] a dialog that was open in the middle of the dwell, and is closed at its end', async () => {
    row(panel(), 'm')
    await frames()
    clock.advance(150)
    const dialog = box(document.body, 'position: fixed; inset: 0; background: white')
    clock.advance(600)
    dialog.remove()
    clock.advance(100)
    expect(read).toEqual([])
    clock.advance(700)
    expect(read).toEqual(['m'])
  })

  it('[RD5] [I14] a header that sticks to the top of the list, over what shows of a message', async () => {
    const list = panel()
    box(list, 'position: sticky; top: 0; height: 30px; background: silver; z-index: 1', 'Today')
    row(list, 'm')
    box(list, 'height: 2000px')
    // 60 of its 100 pixels are within the list, and 30 of them under the header.
    list.scrollTop = 70
    await requireUnread('m', 'covered')
    list.scrollTop = 45
    await requireRead('m')
  })

  it('[RD5] [I14] a composer that floats over the end of the list', async () => {
    const list = panel()
    box(list, 'height: 330px')
    row(list, 'm', 'height: 140px')
    box(document.body, 'position: fixed; left: 0; top: 340px; width: 300px; height: 60px; background: silver')
    await requireUnread('m', 'covered')
  })

  it('[RD5] [I14] a veil that the list paints over itself', async () => {
    const list = panel()
    veil(list, 0)
    row(list, 'm')
    await requireUnread('m', 'covered')
    list.classList.remove('veiled')
    await requireRead('m')
  })

  it('[RD5] [I14] a veil that the list paints over most of a message', async () => {
    const list = panel()
    veil(list, 20)
    row(list, 'm')
    await requireUnread('m', 'covered')
    veil(list, 60)
    await requireRead('m')
  })

  it.each(['dialog', 'div'])('[RD5] [I14] a %s over the page that is written into the message itself', async (tag) => {
    const message = row(panel(), 'm')
    const layer = message.appendChild(document.createElement(tag))
    layer.style.cssText = 'position: fixed; inset: 0; width: 100vw; height: 100vh; background: white'
    if (layer instanceof HTMLDialogElement) layer.showModal()
    await requireUnread('m', 'covered')
    layer.remove()
    await requireRead('m')
  })

  it('[RD5] [I14] a layer over the host of the shadow tree that it is in', async () => {
    const host = box(document.body, 'position: fixed; inset: 0 auto auto 0; width: 300px; height: 200px')
    row(host.attachShadow({ mode: 'open' }), 'm')
    const layer = box(document.body, 'position: fixed; inset: 0 auto auto 0; width: 300px; height: 200px; background: white')
    await requireUnread('m', 'covered')
    layer.remove()
    await requireRead('m')
  })

  it('[RD5] [I14] a popover in the top layer', async () => {
    row(panel(), 'm')
    const popover = box(document.body, 'width: 100vw; height: 100vh; margin: 0; border: 0', 'menu')
    popover.popover = 'manual'
    popover.showPopover()
    await requireUnread('m', 'covered')
  })

  it('[RD5] the card that it is on was turned over', async () => {
    const list = panel()
    const card = box(list, 'height: 100px; transform-style: preserve-3d')
    row(card, 'm', 'height: 100px; backface-visibility: hidden; transform: rotateY(180deg)')
    await requireUnread('m', 'covered')
    card.style.transform = 'rotateY(180deg)'
    await requireRead('m')
  })

  it('[RD5] and its own parts, its list behind its round corners, and a link beside it do not', async () => {
    const list = panel()
    const message = row(list, 'm', 'width: 100px; height: 100px; border-radius: 50%')
    box(message, 'height: 40px; background: gold')
    const inline = list.appendChild(document.createElement('p'))
    inline.append(Object.assign(document.createElement('span'), { style: 'display: inline-block; width: 250px', textContent: 'before' }))
    const span = inline.appendChild(document.createElement('span'))
    span.textContent = 'that begins at the end of one line and goes on in the next'
    observer.observe(span, 'inline')
    await requireRead('m', 'inline')
  })
})

describe('what is not painted', () => {
  it.each([
    ['an ancestor is not displayed', 'display: none', 'offScreen'],
    ['an ancestor is hidden', 'visibility: hidden', 'notPainted'],
    ['an ancestor is transparent', 'opacity: 0', 'notPainted'],
    ['an ancestor skips its content', 'content-visibility: hidden', /offScreen|notPainted/],
    ['an ancestor has no height', 'height: 0; overflow: hidden', 'notEnoughVisible'],
    ['an ancestor is scaled to nothing', 'transform: scale(.01)', 'notPainted'],
    // WebKit measures what is zoomed as if it were not, and finds something else where it should be.
    ['an ancestor is zoomed to nothing', 'zoom: .01', server.browser === 'webkit' ? 'covered' : 'notPainted'],
    ['an ancestor is scaled until no letter can be read', 'transform: scale(.2)', 'notPainted'],
    ['an ancestor is cut away', 'clip-path: inset(0 0 100% 0)', CUT_AWAY],
    ['an ancestor stands beside the window', 'transform: translateX(-400px)', 'offScreen'],
  ])('[RD5] [I14] %s', async (_title, style, reason) => {
    const list = panel()
    const parent = box(list, style)
    row(parent, 'm')
    await frames()
    clock.advance(60_000)
    await frames()
    clock.advance(60_000)
    expect(read).toEqual([])
    expect(observer.getView('m').reasons.join()).toMatch(reason)
    parent.style.cssText = ''
    // From nothing to something the browser may tell a frame later.
    await frames(4)
    clock.advance(200)
    await requireRead('m')
  })

  it('[RD5] [I14] it was cut away itself', async () => {
    row(panel(), 'm', 'height: 100px; clip-path: inset(0 0 100% 0)')
    await requireUnread('m', CUT_AWAY)
  })

  it('[RD5] [I14] the details that it is in are closed', async () => {
    const details = panel().appendChild(document.createElement('details'))
    row(details, 'm')
    await frames()
    clock.advance(60_000)
    expect(read).toEqual([])
    details.open = true
    await frames(4)
    clock.advance(200)
    await requireRead('m')
  })

  it('[RD5] [I12] a picture that has not come', async () => {
    const list = panel()
    const message = row(list, 'm', 'height: 200px')
    const picture = message.appendChild(document.createElement('img'))
    picture.style.cssText = 'display: block; width: 280px; height: 160px'
    // An address that answers late: nothing of it is here.
    const late = new Promise<void>((resolve) => setTimeout(resolve, 50))
    picture.src = 'data:image/gif;base64,R0lGODlhAgACAIAAAP///wAAACH5BAAAAAAALAAAAAACAAIAAAICRAoAOw=='
    Object.defineProperty(picture, 'complete', { value: false, configurable: true })
    await requireUnread('m', 'notPainted')
    await late
    Reflect.deleteProperty(picture, 'complete')
    await requireRead('m')
  })

  it.each([
    ['picture', URL.createObjectURL(new Blob([new Uint8Array(8)], { type: 'image/png' }))],
    ['drawing', '/not/there.svg'],
  ])('[RD5] [I12] a %s that failed', async (_what, src) => {
    const message = row(panel(), 'm', 'height: 200px')
    const picture = message.appendChild(document.createElement('img'))
    picture.style.cssText = 'display: block; width: 280px; height: 160px'
    const failed = new Promise((resolve) => picture.addEventListener('error', resolve))
    picture.src = src
    await failed
    await requireUnread('m', 'notPainted')
  })

  it('[RD5] and a drawing that names no size of its own is read, and so is what is scaled down and has large letters, or is turned', async () => {
    const list = panel()
    const drawing = row(list, 'drawing').appendChild(document.createElement('img'))
    drawing.style.cssText = 'display: block; width: 280px; height: 90px'
    drawing.src = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg"><rect width="100%" height="100%" fill="teal"/></svg>')}`
    await drawing.decode()
    row(box(list, 'height: 80px; transform: scale(.2)'), 'large', 'height: 80px; font-size: 60px')
    row(box(list, 'width: 90px; height: 90px; transform: rotate(90deg)'), 'turned', 'height: 30px')
    await frames()
    clock.advance(100)
    await frames()
    await requireRead('drawing', 'large', 'turned')
  })
})

describe('what is in a list within a list', () => {
  it('[RD1] [I12] the inner list is scrolled away in the outer one', async () => {
    const outer = panel()
    const inner = box(outer, 'height: 300px; margin-top: 330px; overflow-y: auto')
    row(inner, 'm', 'height: 280px')
    await requireUnread('m', 'notEnoughVisible')
    outer.scrollTop = 300
    await requireRead('m')
  })

  it('[RD1] [I12] a message of which a clamp shows a tenth', async () => {
    const clamp = box(panel(), 'height: 100px; overflow: hidden')
    row(clamp, 'm', 'height: 1000px')
    await requireUnread('m', 'notEnoughVisible')
    clamp.style.height = 'auto'
    await requireRead('m')
  })

  it('[RD1] [I12] the list grows while the message does not: it fills less than half of it', async () => {
    const list = panel('height: 300px')
    row(list, 'm', 'height: 5000px')
    box(list, 'height: 3000px')
    list.scrollTop = 5000 - 200
    await frames()
    clock.advance(400)
    expect(observer.getView('m').state).toBe('dwelling')
    list.style.height = '500px'
    await requireUnread('m', 'notEnoughVisible')
  })
})

describe('what stands out of what it is in', () => {
  it('[RD1] in a panel that is fixed, out of a part of the page that cuts off what is in it', async () => {
    const part = box(document.body, 'position: static; height: 0; overflow: hidden')
    row(box(part, 'position: fixed; inset: 0 auto auto 0; width: 300px; height: 400px; overflow-y: auto; background: white'), 'm')
    await requireRead('m')
  })

  it('[RD1] in a dialog over the page, written into a part of the page that cuts off what is in it', async () => {
    const part = box(document.body, 'position: relative; transform: translateX(0); height: 10px; overflow: hidden')
    const dialog = part.appendChild(document.createElement('dialog'))
    dialog.style.cssText = 'width: 300px; height: 300px'
    row(dialog, 'm')
    dialog.showModal()
    await requireRead('m')
  })

  it('[RD1] where it is absolute, out of a static part that cuts off what is in it', async () => {
    const part = box(panel(), 'height: 10px; overflow: hidden')
    row(box(part, 'position: absolute; inset: 20px auto auto 0; width: 280px'), 'm')
    await requireRead('m')
  })

  it('[RD1] [I12] not where it is absolute in a part that holds it', async () => {
    const part = box(panel(), 'position: relative; height: 40px; overflow: hidden')
    row(box(box(part, 'position: static'), 'position: absolute; inset: 0 auto auto 0; width: 280px'), 'm')
    await requireUnread('m', 'notEnoughVisible')
    part.style.height = '100px'
    await requireRead('m')
  })

  it('[RD1] [I12] not where what cuts it off holds it', async () => {
    const part = box(panel(), 'transform: translateX(0); height: 40px; overflow: hidden')
    row(box(part, 'position: fixed; inset: 0 auto auto 0; width: 280px'), 'm')
    await requireUnread('m', 'notEnoughVisible')
    part.style.height = '100px'
    await requireRead('m')
  })
})

describe('what stands where another stood', () => {
  it('[RD4] [I12] a message above that grows pushes it out of sight in the middle of its dwell', async () => {
    const list = panel('overflow-anchor: none')
    const above = box(list, 'height: 300px')
    row(list, 'm', 'height: 90px')
    await frames()
    clock.advance(500)
    above.style.height = '3000px'
    await requireUnread('m', 'offScreen')
  })

  it('[RD4] [I12] with anchoring, a page put in above leaves in sight what was, and shows nothing of itself', async ({ skip }) => {
    skip(!CSS.supports('overflow-anchor', 'auto'), `${server.browser} anchors nothing`)
    const list = panel()
    row(list, 'm', 'height: 390px')
    box(list, 'height: 3000px')
    list.scrollTop = 5
    await frames()
    clock.advance(500)
    const older = Array.from({ length: 10 }, (_, n) => {
      const element = box(list, 'height: 100px', `older ${n}`)
      list.prepend(element)
      observer.observe(element, `older ${n}`)
      return element
    })
    await frames()
    expect(list.scrollTop).toBeGreaterThanOrEqual(1000)
    await requireRead('m')
    expect(older).toHaveLength(10)
  })

  it('[RD4] an element that is used for another message begins anew with that one', async () => {
    const list = panel()
    const element = row(list, 'first')
    await frames()
    clock.advance(700)
    observer.observe(element, 'second')
    await frames()
    clock.advance(700)
    expect(read).toEqual([])
    await requireRead('second')
  })

  it('[RD4] two elements of one message, of which one is gone, add no time up at once', async () => {
    const list = panel()
    row(list, 'm')
    await frames()
    clock.advance(300)
    const again = box(list, 'height: 100px', 'm')
    observer.observe(again, 'm')
    await frames()
    clock.advance(499)
    expect(read).toEqual([])
    await requireRead('m')
  })
})

describe('a frame', () => {
  function inFrame(parent: Element = document.body): { frame: HTMLIFrameElement; message: HTMLElement } {
    const frame = document.createElement('iframe')
    frame.style.cssText = 'position: fixed; inset: 0 auto auto 0; width: 300px; height: 300px; border: 4px solid red'
    parent.append(frame)
    const page = frame.contentDocument!
    const message = page.createElement('div')
    message.style.cssText = 'height: 100px; background: white'
    message.textContent = 'm'
    page.body.append(message)
    observer.observe(message, 'm')
    return { frame, message }
  }

  it('[RD5] [I14] a dialog of the page around it lies over it', async () => {
    inFrame()
    const dialog = box(document.body, 'position: fixed; inset: 0; background: white; z-index: 9')
    await requireUnread('m', 'covered')
    dialog.remove()
    await requireRead('m')
  })

  it('[RD5] [I14] is hidden', async () => {
    const { frame } = inFrame()
    frame.style.display = 'none'
    await frames()
    clock.advance(60_000)
    expect(read).toEqual([])
  })

  it.each([
    ['is transparent', 'opacity: 0', 'notPainted'],
    ['is transparent, and lets every hit through', 'opacity: 0; pointer-events: none', 'notPainted'],
    ['is not visible', 'visibility: hidden', 'notPainted'],
    ['is scaled until nobody can read it', 'transform: scale(.05)', 'notPainted'],
    ['is scaled until no letter can be read', 'transform: scale(.2)', 'notPainted'],
    ['is scaled until it has no height', 'transform: scale(1, .05)', 'notPainted'],
    // Of what has no size at all the browser tells itself.
    ['is scaled to nothing', 'transform: scale(0)', 'notEnoughVisible'],
    ['is zoomed until nobody can read it', 'zoom: .05', 'notPainted'],
  ])('[RD5] [I14] %s', async (_title, style, reason) => {
    const { frame } = inFrame()
    const { cssText } = frame.style
    frame.style.cssText = `${cssText}; ${style}`
    await requireUnread('m', reason)
    frame.style.cssText = cssText
    await requireRead('m')
  })

  it('[RD5] [I14] is in a part of the page around it that is transparent', async () => {
    const around = box(document.body, 'opacity: 0')
    inFrame(around)
    await requireUnread('m', 'notPainted')
    around.style.cssText = ''
    await requireRead('m')
  })

  it('[RD1] [I12] is scrolled away in the page around it, but for a strip', async () => {
    const { frame } = inFrame()
    frame.style.top = `${innerHeight - 44}px`
    await requireUnread('m', 'notEnoughVisible')
    frame.style.top = '0'
    await requireRead('m')
  })
})

describe('nobody is there', () => {
  it('[RD2] [I12] what comes while nobody has touched anything is read when they do', async () => {
    observer.dispose()
    watch({ policy: { idleAfterMs: 60_000 } })
    const list = panel()
    clock.advance(60_001)
    row(list, 'm')
    await requireUnread('m', 'idle')
    // Pages scroll by themselves.
    list.scrollTop = 5
    await requireUnread('m', 'idle')
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'a' }))
    await requireRead('m')
  })
})

describe('StrictMode and unmounting', () => {
  const bare = (reporter: ReadReporter) => function Note() {
    const { ref } = useDwellRead({ id: 'm', reporter })
    return <p ref={ref} style={{ height: 50 }}>m</p>
  }

  it('[RD4] [F57] two mounts at once are one reading, told once; none after it is gone', async () => {
    const batches: (readonly string[])[] = []
    const reporter = createReadReporter({ clock, visibility: createFakeVisibility(), report: async ({ messages }) => void batches.push(messages.map(({ id }) => id)) })
    const Note = bare(reporter)
    const { unmount } = render(<StrictMode><Note /></StrictMode>)
    await frames()
    clock.advance(799)
    expect(batches).toEqual([])
    clock.advance(2_000)
    expect(batches).toEqual([['m']])
    unmount()
    clock.advance(5_000)
    expect(batches).toEqual([['m']])
    reporter.dispose()
  })

  it('[RD4] [F57] what is unmounted in the middle of its dwell is not read', async () => {
    const batches: unknown[] = []
    const reporter = createReadReporter({ clock, visibility: createFakeVisibility(), report: async (batch) => void batches.push(batch) })
    const Note = bare(reporter)
    const { unmount } = render(<StrictMode><Note /></StrictMode>)
    await frames()
    clock.advance(799)
    unmount()
    clock.advance(60_000)
    reporter.dispose()
    expect(batches).toEqual([])
  })
})

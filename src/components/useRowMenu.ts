/** When the menu of a row opens and where: right click, long press, Menu key or Enter on the row, its buttons. Gives the focus back when it closes. */
import { useState, type KeyboardEvent, type MouseEvent, type PointerEvent, type SyntheticEvent } from 'react'
import { systemClock, type Clock, type Stop } from '../model/index.js'
import { useBrowserLayoutEffect } from '../react/browserLayoutEffect.js'
import { useOptionalClient } from '../react/clientContext.js'
import type { MenuAnchor } from '../react/parts.js'

/** As long as phones wait for it. */
export const LONG_PRESS_MS = 480
/** A finger that moved further is scrolling, CSS pixels. */
const LONG_PRESS_SLOP_PX = 10

export interface OpenMenu {
  readonly anchor: MenuAnchor
  /** `react`: the emoji alone. */
  readonly kind: 'all' | 'react'
}

export interface RowMenu {
  readonly open: OpenMenu | null
  readonly openAt: (element: Element, kind: OpenMenu['kind']) => void
  readonly close: () => void
  readonly handlers: RowMenuHandlers
}

type RowMenuHandlers = Readonly<Record<'onContextMenu' | 'onKeyDown' | 'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel' | 'onClickCapture', (event: SyntheticEvent<HTMLElement>) => void>>

interface Press {
  readonly x: number
  readonly y: number
  readonly stop: Stop
}

export function useRowMenu(): RowMenu {
  const clock = useOptionalClient()?.ports.clock ?? systemClock
  const [open, setOpen] = useState<OpenMenu | null>(null)
  const [menu] = useState(() => createRowMenu(setOpen))
  const isOpen = open !== null
  useBrowserLayoutEffect(() => {
    menu.keepTime(clock)
    if (!isOpen) menu.giveFocusBack()
    return menu.endPress
  }, [menu, clock, isOpen])
  return { open, openAt: menu.openAt, close: menu.close, handlers: menu.handlers }
}

/** One for each row, so it is little: a row is made for every message that comes into view, and its menu is seldom asked for. */
function createRowMenu(setOpen: (open: OpenMenu | null) => void) {
  let clock: Clock = systemClock
  let before: Element | null = null
  let press: Press | null = null
  /** A finger rests, or has rested, long enough. */
  let isPressed = false

  const show = (anchor: MenuAnchor, kind: OpenMenu['kind']) => {
    before = document.activeElement
    setOpen({ anchor, kind })
  }
  const openAt = (element: Element, kind: OpenMenu['kind']) => show(boxOf(element), kind)
  const endPress = () => {
    press?.stop()
    press = null
  }
  const handle = (event: SyntheticEvent<HTMLElement>): void => {
    switch (event.type) {
      case 'contextmenu':
        return askForMenu(event as MouseEvent<HTMLElement>)
      case 'keydown':
        return takeKey(event as KeyboardEvent<HTMLElement>)
      case 'pointerdown':
        return beginPress(event as PointerEvent<HTMLElement>)
      case 'pointermove':
        return movePress(event as PointerEvent<HTMLElement>)
      case 'click':
        return endClick(event)
      default:
        endPress()
    }
  }
  const askForMenu = (event: MouseEvent<HTMLElement>) => {
    if (keepsOwnMenu(event)) return
    event.preventDefault()
    endPress()
    // The key that asks for a menu has no place of its own.
    if (event.button === 2 || isPressed) show({ x: event.clientX, y: event.clientY, widthPx: 0, heightPx: 0 }, 'all')
    else openAt(bubbleOf(event.currentTarget), 'all')
  }
  const takeKey = (event: KeyboardEvent<HTMLElement>) => {
    // On the row itself, which a list gives the focus: some keyboards have no key for menus.
    if (event.target !== event.currentTarget || (event.key !== 'Enter' && event.key !== ' ')) return
    event.preventDefault()
    openAt(bubbleOf(event.currentTarget), 'all')
  }
  const beginPress = (event: PointerEvent<HTMLElement>) => {
    isPressed = false
    endPress()
    if (event.pointerType !== 'touch' || !event.isPrimary || isInLayer(event.target)) return
    const { clientX: x, clientY: y } = event
    const stop = clock.setTimer(() => {
      isPressed = true
      show({ x, y, widthPx: 0, heightPx: 0 }, 'all')
    }, LONG_PRESS_MS)
    press = { x, y, stop }
  }
  const movePress = ({ clientX, clientY }: PointerEvent<HTMLElement>) => {
    if (press !== null && Math.hypot(clientX - press.x, clientY - press.y) > LONG_PRESS_SLOP_PX) endPress()
  }
  /** The click that ends a long press must not follow a link beneath it. */
  const endClick = (event: SyntheticEvent) => {
    if (!isPressed || isInLayer(event.target)) return
    isPressed = false
    event.preventDefault()
    event.stopPropagation()
  }

  return {
    keepTime(by: Clock) {
      clock = by
    },
    openAt,
    endPress,
    close: () => setOpen(null),
    handlers: { onContextMenu: handle, onKeyDown: handle, onPointerDown: handle, onPointerMove: handle, onPointerUp: handle, onPointerCancel: handle, onClickCapture: handle } satisfies RowMenuHandlers,
    giveFocusBack() {
      // Only a focus that went down with the menu is given back; somebody may have moved on.
      const lost = document.activeElement === null || document.activeElement === document.body
      if (before instanceof HTMLElement && lost && before.isConnected) before.focus({ preventScroll: true })
      before = null
    },
  }
}

/** The browser's own menu is wanted for links, for what is selected, and whenever Shift is held. */
function keepsOwnMenu(event: MouseEvent<HTMLElement>): boolean {
  if (isInLayer(event.target)) return true
  if (event.button !== 2) return false
  const selection = document.getSelection()
  const selected = selection !== null && !selection.isCollapsed && selection.containsNode(event.currentTarget, true)
  return event.shiftKey || selected || (event.target instanceof Element && event.target.closest('.rb-link') !== null)
}

/** Within a menu or a dialog that the row has open. */
function isInLayer(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="menu"], dialog') !== null
}

function bubbleOf(row: Element): Element {
  return row.querySelector('.rb-bubble') ?? row
}

function boxOf(element: Element): MenuAnchor {
  const { x, y, width, height } = element.getBoundingClientRect()
  return { x, y, widthPx: width, heightPx: height }
}

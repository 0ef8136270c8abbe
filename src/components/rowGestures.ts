/** How a pointer asks for the menu of a row: right click, long press. */
import type { MouseEvent, PointerEvent, SyntheticEvent } from 'react'
import type { Clock, Stop } from '../model/index.js'
import type { MenuAnchor } from '../react/parts.js'
import { bubbleOf, type RowGestures } from './rowMenu.js'

/** As long as phones wait for it. */
export const LONG_PRESS_MS = 480
/** A finger that moved further is scrolling, CSS pixels. */
const LONG_PRESS_SLOP_PX = 10

interface Press {
  readonly x: number
  readonly y: number
  readonly stop: Stop
}

export interface RowGesturesOptions {
  readonly clock: () => Clock
  readonly showAt: (anchor: MenuAnchor) => void
  readonly openAt: (element: Element) => void
}

export function createRowGestures({ clock, showAt, openAt }: RowGesturesOptions): RowGestures {
  let press: Press | null = null
  /** A finger rests, or has rested, long enough. */
  let isPressed = false

  const endPress = () => {
    press?.stop()
    press = null
  }
  const askForMenu = (event: MouseEvent<HTMLElement>) => {
    if (keepsOwnMenu(event)) return
    event.preventDefault()
    endPress()
    // The key that asks for a menu has no place of its own.
    if (event.button === 2 || isPressed) showAt({ x: event.clientX, y: event.clientY, widthPx: 0, heightPx: 0 })
    else openAt(bubbleOf(event.currentTarget))
  }
  const beginPress = (event: PointerEvent<HTMLElement>) => {
    isPressed = false
    endPress()
    if (event.pointerType !== 'touch' || !event.isPrimary || isInLayer(event.target)) return
    const { clientX: x, clientY: y } = event
    const stop = clock().setTimer(() => {
      isPressed = true
      showAt({ x, y, widthPx: 0, heightPx: 0 })
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
    endPress,
    handle(event) {
      switch (event.type) {
        case 'contextmenu':
          return askForMenu(event as MouseEvent<HTMLElement>)
        case 'pointerdown':
          return beginPress(event as PointerEvent<HTMLElement>)
        case 'pointermove':
          return movePress(event as PointerEvent<HTMLElement>)
        case 'click':
          return endClick(event)
        default:
          endPress()
      }
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

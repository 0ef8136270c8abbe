/** When the menu of a row opens and where: right click, long press, Menu key or Enter on the row, its buttons. Gives the focus back when it closes. */
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent, type PointerEvent } from 'react'
import { systemClock, type Stop } from '../model/index.js'
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
  readonly handlers: {
    onContextMenu(event: MouseEvent<HTMLElement>): void
    onKeyDown(event: KeyboardEvent<HTMLElement>): void
    onPointerDown(event: PointerEvent): void
    onPointerMove(event: PointerEvent): void
    onPointerUp(event: PointerEvent): void
    onPointerCancel(event: PointerEvent): void
    onClickCapture(event: MouseEvent): void
  }
}

interface Press {
  readonly x: number
  readonly y: number
  readonly stop: Stop
}

export function useRowMenu(): RowMenu {
  const clock = useOptionalClient()?.ports.clock ?? systemClock
  const [open, setOpen] = useState<OpenMenu | null>(null)
  const before = useRef<Element | null>(null)
  const press = useRef<Press | null>(null)
  const pressed = useRef(false)

  const show = useCallback((anchor: MenuAnchor, kind: OpenMenu['kind']) => {
    before.current = document.activeElement
    setOpen({ anchor, kind })
  }, [])
  const openAt = useCallback((element: Element, kind: OpenMenu['kind']) => show(boxOf(element), kind), [show])
  const close = useCallback(() => setOpen(null), [])
  const isOpen = open !== null
  useBrowserLayoutEffect(() => {
    if (isOpen || before.current === null) return
    // Only a focus that went down with the menu is given back; somebody may have moved on.
    const lost = document.activeElement === null || document.activeElement === document.body
    if (lost && before.current instanceof HTMLElement && before.current.isConnected) before.current.focus({ preventScroll: true })
    before.current = null
  }, [isOpen])
  useEffect(() => () => press.current?.stop(), [])

  const handlers = useMemo<RowMenu['handlers']>(() => {
    const endPress = () => {
      press.current?.stop()
      press.current = null
    }
    return {
      onContextMenu(event) {
        if (keepsOwnMenu(event)) return
        event.preventDefault()
        endPress()
        // The key that asks for a menu has no place of its own.
        if (event.button === 2 || pressed.current) show({ x: event.clientX, y: event.clientY, widthPx: 0, heightPx: 0 }, 'all')
        else openAt(event.currentTarget.querySelector('.rb-bubble') ?? event.currentTarget, 'all')
      },
      onKeyDown(event) {
        // On the row itself, which a list gives the focus: some keyboards have no key for menus.
        if (event.target !== event.currentTarget || (event.key !== 'Enter' && event.key !== ' ')) return
        event.preventDefault()
        openAt(event.currentTarget.querySelector('.rb-bubble') ?? event.currentTarget, 'all')
      },
      onPointerDown(event) {
        pressed.current = false
        endPress()
        if (event.pointerType !== 'touch' || !event.isPrimary || isInLayer(event.target)) return
        const { clientX: x, clientY: y } = event
        const stop = clock.setTimer(() => {
          pressed.current = true
          show({ x, y, widthPx: 0, heightPx: 0 }, 'all')
        }, LONG_PRESS_MS)
        press.current = { x, y, stop }
      },
      onPointerMove(event) {
        const held = press.current
        if (held !== null && Math.hypot(event.clientX - held.x, event.clientY - held.y) > LONG_PRESS_SLOP_PX) endPress()
      },
      onPointerUp: endPress,
      onPointerCancel: endPress,
      onClickCapture(event) {
        // The click that ends a long press must not follow a link beneath it.
        if (!pressed.current || isInLayer(event.target)) return
        pressed.current = false
        event.preventDefault()
        event.stopPropagation()
      },
    }
  }, [clock, openAt, show])
  return { open, openAt, close, handlers }
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

function boxOf(element: Element): MenuAnchor {
  const { x, y, width, height } = element.getBoundingClientRect()
  return { x, y, widthPx: width, heightPx: height }
}

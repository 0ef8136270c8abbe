/** When the menu of a row opens and where: right click, long press, Menu key or Enter on the row, its buttons. Gives the focus back when it closes. */
import { useState, type KeyboardEvent, type SyntheticEvent } from 'react'
import { systemClock, type Clock } from '../model/index.js'
import { useBrowserLayoutEffect } from '../react/browserLayoutEffect.js'
import { useOptionalClient } from '../react/clientContext.js'
import type { MenuAnchor } from '../react/parts.js'
import { createRowGestures } from './rowGestures.js'
import { bubbleOf, type OpenMenu, type RowGestures } from './rowMenu.js'

export interface RowMenu {
  readonly open: OpenMenu | null
  readonly openAt: (element: Element, kind: OpenMenu['kind']) => void
  readonly close: () => void
  readonly handlers: RowMenuHandlers
}

type RowMenuHandlers = Readonly<Record<'onContextMenu' | 'onKeyDown' | 'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel' | 'onClickCapture', (event: SyntheticEvent<HTMLElement>) => void>>

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
  let gestures: RowGestures | null = null

  const show = (anchor: MenuAnchor, kind: OpenMenu['kind']) => {
    before = document.activeElement
    setOpen({ anchor, kind })
  }
  const openAt = (element: Element, kind: OpenMenu['kind']) => show(boxOf(element), kind)
  const handle = (event: SyntheticEvent<HTMLElement>): void => {
    gestures ??= createRowGestures({ clock: () => clock, showAt: (anchor) => show(anchor, 'all'), openAt: (element) => openAt(element, 'all') })
    gestures.handle(event)
  }
  const onKeyDown = (event: SyntheticEvent<HTMLElement>) => {
    const { key, target, currentTarget } = event as KeyboardEvent<HTMLElement>
    // On the row itself, which a list gives the focus: some keyboards have no key for menus.
    if (target !== currentTarget || (key !== 'Enter' && key !== ' ')) return
    event.preventDefault()
    openAt(bubbleOf(currentTarget), 'all')
  }

  return {
    keepTime(by: Clock) {
      clock = by
    },
    openAt,
    endPress: () => gestures?.endPress(),
    close: () => setOpen(null),
    handlers: { onContextMenu: handle, onKeyDown, onPointerDown: handle, onPointerMove: handle, onPointerUp: handle, onPointerCancel: handle, onClickCapture: handle } satisfies RowMenuHandlers,
    giveFocusBack() {
      // Only a focus that went down with the menu is given back; somebody may have moved on.
      const lost = document.activeElement === null || document.activeElement === document.body
      if (before instanceof HTMLElement && lost && before.isConnected) before.focus({ preventScroll: true })
      before = null
    },
  }
}

function boxOf(element: Element): MenuAnchor {
  const { x, y, width, height } = element.getBoundingClientRect()
  return { x, y, widthPx: width, heightPx: height }
}

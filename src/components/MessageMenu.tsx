'use client'
import { useEffect, useLayoutEffect, useRef, type KeyboardEvent } from 'react'
import { useLocale } from '../react/localeContext.js'
import type { MessageMenuProps } from '../react/parts.js'
import { useTheme } from '../react/themeContext.js'
import { classNames } from './classNames.js'
import { menuGlyphs } from './menuGlyphs.js'
import { placeMenu } from './menuPlace.js'

export type { MessageMenuProps }

/**
 * What may be done with one message: emoji to react with, then a menu. Arrow keys, Home, End and first letters move in it; Escape, Tab
 * and a click elsewhere close it. It lies in the browser's top layer, so that nothing cuts it off.
 * @public
 */
export function MessageMenu({ message, own, entries, reactions, given, onReact, anchor, onClose, className, ...rest }: MessageMenuProps) {
  const { messages } = useLocale()
  const { dir } = useTheme()
  const menu = useRef<HTMLDivElement>(null)
  useTopLayer(menu, onClose)
  useLayoutEffect(() => {
    const element = menu.current
    if (element === null) return
    const { width, height } = element.getBoundingClientRect()
    const { x, y } = placeMenu(anchor, { widthPx: width, heightPx: height }, { widthPx: document.documentElement.clientWidth, heightPx: document.documentElement.clientHeight }, dir)
    element.style.translate = `${Math.round(x)}px ${Math.round(y)}px`
    focusables(element)[0]?.focus({ preventScroll: true })
  }, [anchor, dir])

  const choose = (act: () => void) => () => {
    onClose()
    act()
  }
  return (
    <div
      {...rest} ref={menu} className={classNames('rb-menu', className)} role="menu" aria-label={messages.messageActions} tabIndex={-1}
      onKeyDown={(event) => onMenuKey(event, onClose)}
    >
      {reactions.length > 0 && (
        <div className="rb-menu-reactions" role="group" aria-label={messages.react}>
          {reactions.map((emoji) => (
            <button
              key={emoji} type="button" role="menuitemcheckbox" aria-checked={given.includes(emoji)} className="rb-menu-emoji" tabIndex={-1}
              aria-label={messages.reactWith(emoji)} title={messages.reactWith(emoji)} data-row="reactions" onClick={choose(() => onReact(emoji))}
            >
              <span aria-hidden="true">{emoji}</span>
            </button>
          ))}
        </div>
      )}
      {entries.map(({ id, label, danger, onSelect }) => (
        <button key={id} type="button" role="menuitem" className="rb-menu-entry" data-entry={id} data-danger={danger || undefined} tabIndex={-1} onClick={choose(onSelect)}>
          {menuGlyphs[id]}
          <span>{label}</span>
        </button>
      ))}
    </div>
  )
}

/**
 * Shows the element above all else. Closing is ours: a popover that the browser closes by itself goes at the `pointerup` of the
 * very press that opened it.
 */
function useTopLayer(ref: React.RefObject<HTMLElement | null>, onClose: () => void): void {
  const close = useRef(onClose)
  useEffect(() => {
    close.current = onClose
  })
  useLayoutEffect(() => {
    const element = ref.current
    if (element === null) return
    // Browsers without popovers show it where it stands.
    if (typeof element.showPopover === 'function') {
      element.popover = 'manual'
      element.showPopover()
    }
    const onOutside = (event: Event) => !element.contains(event.target as Node) && close.current()
    document.addEventListener('pointerdown', onOutside, true)
    document.addEventListener('wheel', onOutside, { capture: true, passive: true })
    window.addEventListener('blur', onOutside)
    window.addEventListener('resize', onOutside)
    return () => {
      document.removeEventListener('pointerdown', onOutside, true)
      document.removeEventListener('wheel', onOutside, { capture: true })
      window.removeEventListener('blur', onOutside)
      window.removeEventListener('resize', onOutside)
    }
  }, [ref])
}

const focusables = (menu: Element): readonly HTMLElement[] => [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]')]

function onMenuKey(event: KeyboardEvent<HTMLElement>, onClose: () => void): void {
  // The list around it has keys of its own.
  event.stopPropagation()
  if (event.key === 'Escape' || event.key === 'Tab') {
    event.preventDefault()
    return onClose()
  }
  const all = focusables(event.currentTarget)
  const target = targetOf(event, all)
  if (target === undefined) return
  event.preventDefault()
  target.focus()
}

/** The emoji stand in one line: arrows along the line move within it, those across it move past it. */
function targetOf({ key, ctrlKey, metaKey, altKey, currentTarget }: KeyboardEvent<HTMLElement>, all: readonly HTMLElement[]): HTMLElement | undefined {
  const line = all.filter(isEmoji)
  const rows = all.filter((each) => !isEmoji(each))
  const current = all.find((each) => each === document.activeElement)
  const inLine = current !== undefined && isEmoji(current)
  const stops: readonly HTMLElement[] = line.length === 0 ? rows : [inLine ? current : (line[0] as HTMLElement), ...rows]
  const step = (list: readonly HTMLElement[], by: 1 | -1) => {
    const from = current === undefined ? -1 : list.indexOf(current)
    return list.at((from + (from === -1 && by === -1 ? 0 : by) + list.length) % list.length)
  }
  const towardsEnd = getComputedStyle(currentTarget).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
  if (key === 'ArrowDown') return step(stops, 1)
  if (key === 'ArrowUp') return step(stops, -1)
  if (key === 'ArrowLeft' || key === 'ArrowRight') return inLine ? step(line, key === towardsEnd ? 1 : -1) : undefined
  if (key === 'Home') return all[0]
  if (key === 'End') return all.at(-1)
  if (key.length !== 1 || key === ' ' || ctrlKey || metaKey || altKey) return undefined
  const from = current === undefined ? -1 : rows.indexOf(current)
  return [...rows.slice(from + 1), ...rows.slice(0, from + 1)].find((each) => each.textContent?.trim().toLocaleLowerCase().startsWith(key.toLocaleLowerCase()))
}

const isEmoji = (element: HTMLElement): boolean => element.dataset['row'] === 'reactions'

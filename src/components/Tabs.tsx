'use client'
import { useRef, type KeyboardEvent } from 'react'
import { useTheme } from '../react/themeContext.js'

export interface Tab<Id extends string> {
  readonly id: Id
  readonly label: string
  /** Beside the label, formatted. */
  readonly count?: string
}

interface TabsProps<Id extends string> {
  readonly tabs: readonly Tab<Id>[]
  readonly selected: Id
  readonly onSelect: (id: Id) => void
  /** Makes the ids of tabs and panel. */
  readonly baseId: string
  readonly label: string
}

/** A row of tabs: one stop for Tab; arrows, Home and End choose. The panel bears `id={`${baseId}-panel`}`. */
export function Tabs<Id extends string>({ tabs, selected, onSelect, baseId, label }: TabsProps<Id>) {
  const list = useRef<HTMLDivElement>(null)
  const { dir } = useTheme()
  const onKeyDown = (event: KeyboardEvent) => {
    const index = tabs.findIndex(({ id }) => id === selected)
    const next = { ArrowRight: index + (dir === 'rtl' ? -1 : 1), ArrowLeft: index + (dir === 'rtl' ? 1 : -1), Home: 0, End: tabs.length - 1 }[event.key]
    if (next === undefined) return
    event.preventDefault()
    const at = (next + tabs.length) % tabs.length
    onSelect((tabs[at] as Tab<Id>).id)
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[at]?.focus()
  }
  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- the tabs have the focus
    <div ref={list} role="tablist" aria-label={label} className="rb-tabs" onKeyDown={onKeyDown}>
      {tabs.map(({ id, label: text, count }) => (
        <button key={id} type="button" role="tab" id={`${baseId}-${id}`} className="rb-tab" aria-selected={id === selected} aria-controls={`${baseId}-panel`} tabIndex={id === selected ? 0 : -1} onClick={() => onSelect(id)}>
          {text} {count !== undefined && <span className="rb-tab-count">{count}</span>}
        </button>
      ))}
    </div>
  )
}

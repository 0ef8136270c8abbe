/** The floor: a bare list on @tanstack/react-virtual with the least row that can be called one. What any list on it costs. */
import '../commits'
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useLayoutEffect, useRef, useState } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import type { Row } from '../contract'
import { runContestant } from '../harness'
import { rowAt } from '../rows'
import './floor.css'

interface FloorRow extends Row {
  readonly read: boolean
  readonly readers: number
}

const FloorMessage = memo(function FloorMessage({ row }: { row: FloorRow }) {
  return (
    <div className="message" data-own={row.own} data-read={row.read}>
      <span>{row.text}</span> <time>{clock(row.time)}</time> {row.own && <i>{row.read ? '✓✓' : '✓'}</i>} {row.own && <b>{row.readers}</b>}
    </div>
  )
})

const FloorItem = memo(function FloorItem({ row, index, start, measure }: { row: FloorRow; index: number; start: number; measure: (element: Element | null) => void }) {
  return (
    <div ref={measure} data-index={index} className="row" style={{ transform: `translateY(${start}px)` }}>
      <FloorMessage row={row} />
    </div>
  )
})

let rows: readonly FloorRow[] = []
let show: (rows: readonly FloorRow[]) => void = () => {}

function Floor() {
  const [list, setList] = useState(rows)
  show = setList
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: list.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => list[index]!.key,
    estimateSize: () => 40,
    overscan: 6,
    anchorTo: 'end',
    followOnAppend: true,
  })
  useLayoutEffect(() => virtualizer.scrollToEnd(), [virtualizer])
  return (
    <div ref={scroller} className="scroller">
      <div className="rows" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ key, index, start }) => (
          <FloorItem key={key as string} row={list[index]!} index={index} start={start} measure={virtualizer.measureElement} />
        ))}
      </div>
    </div>
  )
}

const clock = (time: number) => new Date(time).toISOString().slice(11, 16)
const fresh = (row: Row): FloorRow => ({ ...row, read: false, readers: 0 })
const set = (next: readonly FloorRow[]) => {
  rows = next
  show(next)
}
const change = (index: number, by: (row: FloorRow) => FloorRow) => {
  const next = rows.slice()
  next[index] = by(next[index]!)
  set(next)
}

let react: Root | null = null
let offset = 0

runContestant({
  rowSelector: '.row',
  async open(scene) {
    rows = Array.from({ length: scene.size }, (_, i) => fresh(rowAt(i, scene)))
    offset = 0
  },
  mount(root) {
    react = createRoot(root)
    react.render(<Floor />)
  },
  unmount: () => react?.unmount(),
  append: (row) => set([...rows, fresh(row)]),
  flip: (index) => change(index + offset, (row) => ({ ...row, read: true })),
  receipt: () => change(rows.length - 1, (row) => ({ ...row, readers: row.readers + 1 })),
  prepend(page) {
    offset += page.length
    set([...page.map(fresh), ...rows])
  },
  scroller: () => document.querySelector<HTMLElement>('.scroller')!,
  rows: () => [...document.querySelectorAll('.row')],
  isRead: (row) => row.querySelector('.message')!.getAttribute('data-read') === 'true',
  readers: (row) => Number(row.querySelector('b')?.textContent ?? 0),
})

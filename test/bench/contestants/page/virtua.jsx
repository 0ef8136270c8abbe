/** virtua as its documentation shows a chat: shift while older messages come, and go to the end when one came and the reader was there. */
import { useLayoutEffect, useRef } from 'react'
import { VList } from 'virtua'
import { runArrayList } from './arrayList'
import { Bubble } from './Bubble'

function List({ rows, change }) {
  const list = useRef(null)
  const atEnd = useRef(true)
  useLayoutEffect(() => {
    if (atEnd.current && change !== 'prepend') list.current.scrollToIndex(rows.length - 1, { align: 'end' })
  }, [rows.length, change])
  return (
    <VList
      ref={list}
      className="scroller"
      style={{ height: '100%' }}
      data={rows}
      shift={change === 'prepend'}
      onScroll={(offset) => (atEnd.current = offset - list.current.scrollSize + list.current.viewportSize >= -2)}
    >
      {(row) => <div key={row.key} className="virtua-row" style={{ padding: '4px 12px' }}><Bubble row={row} /></div>}
    </VList>
  )
}

runArrayList(List, { rowSelector: '.virtua-row', scroller: '.scroller' })

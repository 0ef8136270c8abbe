/** What lists over an array have in common: an app keeps the messages in state, copies the array for each change, and draws with the kit. */
import '../../page/commits'
import { createRoot } from 'react-dom/client'
import { useLayoutEffect, useState } from 'react'
import { runContestant } from '../../page/harness'
import { rowAt } from '../../page/rows'

const fresh = (row) => ({ ...row, read: false, readers: 0 })

/**
 * @param {React.ComponentType<{ rows, prepended: number, change: 'append' | 'prepend' | 'update' }>} List
 * @param dom how to find things in it
 */
export function runArrayList(List, dom) {
  let state = { rows: [], prepended: 0, change: 'update' }
  let show = () => {}
  let react = null
  const set = (next) => {
    state = { ...state, ...next }
    show(state)
  }
  const update = (index, by) => {
    const rows = state.rows.slice()
    rows[index] = by(rows[index])
    set({ rows, change: 'update' })
  }
  function App() {
    const [shown, setShown] = useState(state)
    useLayoutEffect(() => {
      show = setShown
    }, [])
    return <List {...shown} />
  }
  runContestant({
    rowSelector: dom.rowSelector,
    async open(scene) {
      state = { rows: Array.from({ length: scene.size }, (_, i) => fresh(rowAt(i, scene))), prepended: 0, change: 'update' }
    },
    mount(root) {
      react = createRoot(root)
      react.render(<App />)
    },
    unmount: () => react?.unmount(),
    append: (row) => set({ rows: [...state.rows, fresh(row)], change: 'append' }),
    flip: (index) => update(index + state.prepended, (row) => ({ ...row, read: true })),
    receipt: () => update(state.rows.length - 1, (row) => ({ ...row, readers: row.readers + 1 })),
    prepend: (page) => set({ rows: [...page.map(fresh), ...state.rows], prepended: state.prepended + page.length, change: 'prepend' }),
    scroller: () => document.querySelector(dom.scroller),
    rows: () => [...document.querySelectorAll(dom.rowSelector)],
    isRead: dom.isRead ?? ((row) => row.querySelector('[data-read="true"]') !== null),
    readers: dom.readers ?? ((row) => Number(row.querySelector('b')?.textContent ?? 0)),
  })
}

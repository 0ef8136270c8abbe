/** react-virtuoso as its documentation shows a chat: first index, follow the output, keys. */
import { Virtuoso } from 'react-virtuoso'
import { runArrayList } from './arrayList'
import { Bubble } from './Bubble'

const FIRST = 10_000_000

function List({ rows, prepended }) {
  return (
    <Virtuoso
      style={{ height: '100%' }}
      data={rows}
      firstItemIndex={FIRST - prepended}
      initialTopMostItemIndex={{ index: 'LAST', align: 'end' }}
      followOutput
      increaseViewportBy={200}
      computeItemKey={(_, row) => row.key}
      itemContent={(_, row) => <div style={{ padding: '4px 12px' }}><Bubble row={row} /></div>}
    />
  )
}

runArrayList(List, { rowSelector: '[data-item-index]', scroller: '[data-virtuoso-scroller]' })

/**
 * What is in the heap of a tab, by kind. The code that V8 compiles grows for as long as a page runs, and so do caches of its own: some 380 kB in five minutes of calm,
 * while the objects, strings and closures of the page grew by 2 kB. Counted together, the one hides the other.
 */

/** What a page makes: everything else is compiled code, shapes of objects, and what the browser keeps outside. */
const DATA = new Set(['object', 'array', 'string', 'concatenated string', 'sliced string', 'closure', 'regexp', 'number', 'symbol', 'bigint'])

/** @returns {Promise<{ data: number, code: number }>} bytes */
export async function heapOf(tab) {
  const chunks = []
  const stop = tab.listen('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk))
  try {
    await tab.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  } finally {
    stop()
  }
  return sizesOf(JSON.parse(chunks.join('')))
}

function sizesOf({ snapshot: { meta }, nodes, edges, strings }) {
  const width = meta.node_fields.length
  const [typeAt, nameAt, sizeAt, countAt] = ['type', 'name', 'self_size', 'edge_count'].map((name) => meta.node_fields.indexOf(name))
  const edgeWidth = meta.edge_fields.length
  const toAt = meta.edge_fields.indexOf('to_node')
  const kinds = meta.node_types[typeAt]
  /** Caches that V8 holds by itself. */
  const ofEngine = new Set()
  let edge = 0
  for (let node = 0; node < nodes.length; node += width) {
    const isEngine = kinds[nodes[node + typeAt]] === 'synthetic' && strings[nodes[node + nameAt]] === '(Strong root list)'
    for (let n = 0; n < nodes[node + countAt]; n += 1, edge += edgeWidth) if (isEngine) ofEngine.add(edges[edge + toAt])
  }
  const sizes = { data: 0, code: 0 }
  for (let node = 0; node < nodes.length; node += width) {
    const kind = kinds[nodes[node + typeAt]]
    if (kind === 'code') sizes.code += nodes[node + sizeAt]
    else if (DATA.has(kind) && !ofEngine.has(node)) sizes.data += nodes[node + sizeAt]
  }
  return sizes
}

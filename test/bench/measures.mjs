/** What each figure is. `cpu` figures are processor time of the page's main thread (all tasks, with style and layout), so another program on the machine adds little to them. */
export const MEASURES = {
  mountMs: { title: 'mount from memory', unit: 'ms', about: 'first render until the newest message is painted; what is shown is in memory already' },
  mountWallMs: { title: 'mount from memory, wall time', unit: 'ms', about: 'the same by the clock, rounded up to a frame by the browser' },
  coldMs: { title: 'cold open', unit: 'ms', about: 'from a database on disk, in a fresh browser: open, query, mount, newest message painted' },
  coldWallMs: { title: 'cold open, wall time', unit: 'ms', about: 'the same by the clock; contains the work of the database process' },
  appendMs: { title: 'append', unit: 'ms', about: 'one message arrives and is painted; ours stores it, reports it delivered and, after the dwell, read: all counted' },
  burstMs: { title: 'burst of 200, per message', unit: 'ms', about: 'as fast as the page takes them' },
  burstFromEndPx: { title: 'missed follows', unit: 'px', about: 'how far from the end the list stands after the burst' },
  flipMs: { title: 'receipt flip', unit: 'ms', about: 'one receipt changes the icon of one message, painted; ours also stores it' },
  flipRows: { title: 'rows rendered for it', unit: '', about: 'counted in the React tree' },
  floodMs: { title: 'flood of 500 receipts', unit: 'ms', about: '500 members of a group, an event and a task each, the next as soon as the page is free; persistence included' },
  floodCommits: { title: 'commits', unit: '', about: 'of React, in the flood' },
  floodLongTasks: { title: 'long tasks', unit: '', about: 'over 50 ms by the clock, in the flood' },
  streamMs: { title: '500 receipts, 4 ms apart', unit: 'ms', about: 'the same receipts at the pace of a network, over two seconds' },
  streamCommits: { title: 'commits', unit: '', about: 'of React, in the stream' },
  streamMostInFrame: { title: 'most commits in a frame', unit: '', about: 'of React, in the stream' },
  streamLongTasks: { title: 'long tasks', unit: '', about: 'over 50 ms by the clock, in the stream' },
  scrollMs: { title: 'scroll, per 1,000 px', unit: 'ms', about: 'a synthesized wheel at 4,000 px/s towards older messages; ours pages from the database meanwhile' },
  scrollDropped: { title: 'frames dropped', unit: '', about: 'in that scroll, of some 120; by the clock, so a busy machine shows here' },
  scrollBlankPx: { title: 'most blank', unit: 'px', about: 'greatest part of the viewport without a row when the browser had scrolled already' },
  prependPx: { title: 'prepend shift', unit: 'px', about: 'most that a row in view was painted out of place while pages of 60 came above' },
  heapBytes: { title: 'heap over data', unit: 'MB', about: 'after a collection, over what was there before mounting; lists that keep all messages are not charged for these, ours has no such array and is charged for client, store and database code too' },
  domNodes: { title: 'DOM elements', unit: '', about: 'when mounted' },
}

/** Budgets as ratios to the floor in the same run. `at`: only at these sizes. */
export const TO_FLOOR = [
  { measure: 'mountMs', most: 1.5, at: 1_000 },
  { measure: 'mountMs', most: 1.2, at: 100_000 },
  { measure: 'appendMs', most: 1.5, at: 1_000 },
  { measure: 'appendMs', most: 0.7, at: 100_000 },
  { measure: 'flipMs', most: 1.5, at: 1_000 },
  { measure: 'floodMs', most: 0.35 },
  { measure: 'streamMs', most: 0.35 },
]

/** Budgets as figures of their own. `overFloor`: this much more than the floor's. */
export const ABSOLUTE = [
  { measure: 'flipRows', most: 1 },
  { measure: 'floodLongTasks', most: 0 },
  { measure: 'streamLongTasks', most: 0 },
  { measure: 'streamMostInFrame', most: 1 },
  { measure: 'burstFromEndPx', most: 1 },
  { measure: 'scrollDropped', overFloor: 0 },
  { measure: 'scrollBlankPx', overFloor: 0 },
  { measure: 'prependPx', most: 0.5 },
  { measure: 'heapBytes', most: 3e6, at: 100_000 },
]

/** Ours must not grow with what is stored: at most this much of its own figure at the least size. */
export const GROWTH = { measures: ['mountMs', 'coldMs', 'appendMs', 'flipMs', 'floodMs', 'streamMs', 'scrollMs', 'heapBytes', 'domNodes'], most: 1.1, cold: 1.2 }

export const RATES = { joins: 3, ingest: 1.3, tallyMs: 1, readersMs: 16, bytesPerMember: 64, bytesPerRange: 24, iconMs: 100, textMs: 50, textRatio: 2.3 }

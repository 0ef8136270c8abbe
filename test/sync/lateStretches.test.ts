/** What comes late is taken out of what a position of a later epoch said, and of nothing else. */
import { expect, it } from 'vitest'
import { coversPoint, NO_OWN_STATE, type OwnState } from '../../src/receipts/index.js'
import { withoutLate } from '../../src/sync/lateStretches.js'
import { at } from './oneReader.js'

const LATE = [{ from: at(3), to: at(3), last: at(2), next: at(4) }]
const own = (synced: object, wanted: object): OwnState => ({
  ...NO_OWN_STATE,
  synced: { ...NO_OWN_STATE.synced, read: { upTo: null, ranges: [], ...synced } },
  wanted: { ...NO_OWN_STATE.wanted, read: { upTo: null, ranges: [], ...wanted } },
})
const readOf = ({ synced, wanted }: OwnState) => [2, 3, 4].map((order) => [coversPoint(synced.read, at(order)), coversPoint(wanted.read, at(order))])

it('[RS31] where my other device stood in a later epoch reads nothing that it may never have had', () => {
  expect(readOf(withoutLate(own({ upTo: at(5, 1) }, {}), LATE))).toEqual([[true, false], [false, false], [true, false]])
})

it('[RS31] what I told others of the epoch itself stays read, by me too', () => {
  expect(readOf(withoutLate(own({ upTo: at(5, 1) }, { ranges: [{ from: at(2), to: at(4) }] }), LATE))).toEqual([[true, true], [true, true], [true, true]])
})

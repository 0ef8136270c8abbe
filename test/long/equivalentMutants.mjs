/** Changes that change nothing anybody could notice, each with the reason. */

const SHORTCUT = 'a shortcut: the long way comes to the same'
const ROOM = 'how much room is made, not what is in it'
const AGAIN = 'sums are made again'
const SPREAD = 'how evenly ids are spread, not what is found'
const ANEW = 'the same index is made anew'
const GUESS = 'a guess where to look first, which is looked at'
const EQUAL = 'of two equal times'
const PACKED = 'when it is packed, not what is in it'

/**
 * By file: a part of the line that only it has, the reason, and what becomes of what: the reason is of that change, and says nothing of the others of the same line.
 * @type {Readonly<Record<string, readonly (readonly [code: string, why: string, from: string, to: string])[]>>}
 */
const BY_FILE = {
  'src/reading/createDwellObserver.ts': [
    ['sampleDwell(subject.dwell, 0, false)', 'time does not count for what is not visible', '0', '1'],
    ['length: 66', 'one step more of those that change nothing', '66', '67'],
  ],
  'src/receipts/archive.ts': [
    ['Math.ceil(roster.length / 8)', 'bytes of nobody at the end are cut off', '/', '*'],
    ['index < joined.length', 'what is written behind the end of bytes is not there', '<', '<='],
    ['while (length > 0 &&', 'there is no byte before the first', '>', '>='],
    ['length === bits.length ?', 'a copy of the same bytes', 'length === bits.length', 'false'],
  ],
  'src/receipts/memberRows.ts': [
    ['expected = 0', ROOM, '0', '1'],
    ['  fit(expected)', ROOM, 'fit(expected)', ';'],
    ['while (length * 3 < count * 4)', ROOM, '<', '<='],
    ['while (length * 3 < count * 4)', ROOM, '*', '/'],
    ['while (length * 3 < count * 4)', ROOM, '3', '4'],
    ['while (length * 3 < count * 4)', ROOM, '4', '5'],
    ['if (length === slots.length)', 'the same table is made again', 'length === slots.length', 'false'],
    ['slot = (slot + 1) & mask', 'the next free place is sought backwards', '+', '-'],
    ['fit(members.length + 1)', ROOM, '+', '-'],
    ['fit(members.length + 1)', ROOM, '1', '2'],
    ['let hash = 0', SPREAD, '0', '1'],
    ['hash = Math.imul(hash', SPREAD, '0', '1'],
    ['hash = Math.imul(hash', SPREAD, '<', '<='],
    ['hash = Math.imul(hash', SPREAD, '1', '2'],
    ['hash = Math.imul(hash', SPREAD, 'hash = Math.imul(hash ^ text.charCodeAt(i), 0x5bd1e995)', ';'],
    ['hash = Math.imul(hash', SPREAD, '0x5bd1e995', '1540483478'],
    ['return hash ^', SPREAD, '15', '16'],
  ],
  'src/receipts/memberState.ts': [
    ['if (ranges?.length || points?.length)', SHORTCUT, 'ranges?.length || points?.length', 'true'],
    ['progress.ranges.length === 0 ?', SHORTCUT, 'progress.ranges.length === 0', 'false'],
    ['return hasMore(state) ?', SHORTCUT, 'hasMore(state)', 'true'],
    ['let fields = 0', SHORTCUT, '0', '1'],
    ['fields += 1', SHORTCUT, '1', '2'],
    ['return fields > KNOWN_FIELDS', SHORTCUT, '>', '>='],
    ['times: sameTimes ?', 'an equal object', 'sameTimes', 'false'],
    ['viewed < own', EQUAL, '<', '<='],
  ],
  'src/receipts/ownState.ts': [
    ['return isNoProgress(progress) ?', SHORTCUT, 'isNoProgress(progress)', 'false'],
    ['comparePoints(start, to) <= 0', 'the end itself is what is taken else', '<=', '<'],
  ],
  'src/receipts/pointTable.ts': [
    ['const MOST_POINTS = 128', 'how large a chunk may get', '128', '129'],
    ['home.numbers.length > MOST_POINTS', 'how large a chunk may get', '>', '>='],
    ['let last = 0', GUESS, '0', '1'],
    ['if (isIn(last, point))', GUESS, 'isIn(last, point)', 'false'],
    ['    last = 0', GUESS, 'last = 0', ';'],
    ['    last = 0', GUESS, '0', '1'],
    ['chunk < chunks.length &&', 'the guess is set back where chunks go', '<', '<='],
    ['chunk < chunks.length &&', SHORTCUT, '<=', '<'],
    ['chunk < chunks.length &&', SHORTCUT, '0', '1'],
    ['(low + high + 1) >> 1', 'another place between them, never beyond the upper', '1', '2'],
  ],
  'src/receipts/progress.ts': [
    ['comparePoints(range.to, last.to) > 0', 'the same range is made again', '>', '>='],
  ],
  'src/receipts/publishPrefix.ts': [
    ['order < 0 || (order === 0', 'nothing but the end of the prefix itself stands there, which is read', '===', '!=='],
    ['order < 0 || (order === 0', 'nothing but the end of the prefix itself stands there, which is read', '0', '1'],
    ['order < 0 || (order === 0', 'nothing but the end of the prefix itself stands there, which is read', '>=', '>'],
  ],
  'src/receipts/receiptIndex.ts': [
    ['let size = 0', 'it is set before anybody asks', '0', '1'],
    ['    author = null', 'whoever takes that row is placed there first', 'author = null', ';'],
    ['if (author?.row === row) author = null', 'what is kept of the last question is made again', 'author?.row === row', 'true'],
    ['if (old === member)', SHORTCUT, 'old === member', 'false'],
    ['author.pieces[name] ??=', AGAIN, '??=', '='],
    ['waiting && strangers.delete', 'what is left there is not asked for', '&&', '||'],
    ['from === undefined ?', 'nobody is called undefined', 'from === undefined', 'false'],
    ['  clear(0)', ROOM, 'clear(0)', ';'],
    ['  clear(0)', ROOM, '0', '1'],
    ['if (rows.members.length === 0 ||', ANEW, 'rows.members.length === 0 || rows.members.some(({ userId }) => !present.has(userId))', 'true'],
    ['if (rows.members.length === 0 ||', ANEW, '===', '!=='],
    ['if (rows.members.length === 0 ||', ANEW, '0', '1'],
    ['states.hasNoRanges(row) && isWhole', SHORTCUT, 'row >= 0 && content.upTo && !content.ranges?.length && !content.points?.length && states.hasNoRanges(row) && isWhole(rows.members[row]!)', 'false'],
    ['states.hasNoRanges(row) && isWhole', SHORTCUT, '>=', '>'],
    ['states.hasNoRanges(row) && isWhole', SHORTCUT, '0', '1'],
    ['if (next === old) return', SHORTCUT, 'next === old', 'false'],
    ['if (before === after)', SHORTCUT, 'before === after', 'false'],
    ['if (intervals.length < 2)', SHORTCUT, 'intervals.length < 2', 'false'],
    ['compareStarts(last.leftAt, interval.joinedAt) <= 0', 'two that meet are one', '<=', '<'],
    ['if (joinedAt === null && leftAt === null)', SHORTCUT, 'joinedAt === null && leftAt === null', 'false'],
  ],
  'src/receipts/silence.ts': [
    ['time > last) last = time', EQUAL, '>', '>='],
    ['reaching.time <= silentAfterMs', 'one more is kept, which says the same', '<=', '<'],
    ['if (limitMs === null) return', SHORTCUT, 'limitMs === null', 'false'],
  ],
  'src/receipts/stateColumns.ts': [
    ['waste > MOST_WASTE', PACKED, 'waste > MOST_WASTE && waste > used / 2', 'true'],
    ['waste > MOST_WASTE', PACKED, 'waste > MOST_WASTE && waste > used / 2', 'false'],
    ['waste > MOST_WASTE', PACKED, '&&', '||'],
    ['waste > MOST_WASTE', PACKED, '>', '>='],
    ['waste > MOST_WASTE', PACKED, '/', '*'],
    ['waste > MOST_WASTE', PACKED, '2', '3'],
    ['waste > MOST_WASTE', PACKED, 'pack()', ';'],
    ['    used = to', ROOM, 'used = to', ';'],
    ['if (upTo === null && old === 0)', SHORTCUT, 'upTo === null && old === 0', 'false'],
    ['if (ranges.length === 0 && old === 0)', SHORTCUT, 'ranges.length === 0 && old === 0', 'false'],
    ['const MOST_WASTE', PACKED, '4_096', '4097'],
    ['let pool = new Int32Array(0)', ROOM, '0', '1'],
    ['let used = 1', ROOM, '1', '2'],
    ['used += 1 + 2 * ranges.length', ROOM, '1', '2'],
    ['used += 1 + 2 * ranges.length', ROOM, '2', '3'],
    ['grown(column.upTo, row + 1)', ROOM, '1', '2'],
    ['grown(column.ranges, row + 1)', ROOM, '1', '2'],
    ['if (old !== 0) table.release', 'what nobody holds is let go of', 'old !== 0', 'true'],
    ['waste += 1 + ends', ROOM, 'waste += 1 + ends', ';'],
    ['waste += 1 + ends', ROOM, '+=', '-='],
    ['waste += 1 + ends', ROOM, '+', '-'],
    ['new Int32Array(used - waste)', ROOM, '-', '+'],
    ['if (prefix === null && place === 0)', SHORTCUT, 'prefix === null && place === 0', 'false'],
    ['ranges: place === 0 ?', SHORTCUT, 'place === 0', 'false'],
    ['      if (place === 0) return false', SHORTCUT, 'place === 0', 'false'],
  ],
  'src/receipts/status.ts': [
    ["'tracked' in reach", 'what is not tracked has no counts', "'tracked'", "'other'"],
    ["shown === 'failed'", 'it ranks below all others', "'failed'", "'other'"],
    ['RANKS[next] > RANKS[shown]', 'of two equal ranks', '>', '>='],
  ],
  'src/receipts/stretchCount.ts': [
    ['grown(steps[side], number + 1)', ROOM, '1', '2'],
    ['if (!table.isStale) return', AGAIN, '!table.isStale', 'false'],
    ['    table.isStale = false', AGAIN, 'table.isStale = false', ';'],
    ['    table.isStale = false', AGAIN, 'false', 'true'],
    ['if (chunk.isStale) all', AGAIN, 'chunk.isStale', 'true'],
    ['      chunk.isStale = false', AGAIN, 'chunk.isStale = false', ';'],
    ['      chunk.isStale = false', AGAIN, 'false', 'true'],
    ['count < counts', 'a count that nobody asks for', '<', '<='],
    ['by > 0', 'it is one more or one less', '>', '>='],
    ['cells.length >> 2', ROOM, '+', '-'],
    ['cells.length >> 2', ROOM, '>>', '<<'],
    ['cells.length >> 2', ROOM, '2', '3'],
    ['cells.length >> 2', ROOM, '16', '17'],
  ],
  'src/receipts/timeFacts.ts': [
    ['fact.time >= earliest', EQUAL, '>=', '>'],
    ['compareFacts(known, fact) > 0', 'no two are the same', '>', '>='],
    ['place < 0 ?', 'before the end is at the end', 'place < 0', 'false'],
    ['place < 0 ?', 'the first place is not reached', '<', '<='],
    ['|| a.time - b.time', 'of two with the same ends one is needless', '-', '+'],
    ['return a === b ?', 'of two from the beginning that end alike one is needless', 'a === b', 'false'],
  ],
}

/** @type {readonly { file: string, code: string, why: string, from: string, to: string }[]} */
export const equivalents = Object.entries(BY_FILE).flatMap(([file, each]) => each.map(([code, why, from, to]) => ({ file, code, why, from, to })))

/** The line's own text names it, since line numbers move. */
const isOf = ({ file, code, from, to }, mutant) => mutant.file === file && mutant.code.includes(code) && mutant.from === from && mutant.to === to

/** Whether a mutant is known to change nothing. */
export const isEquivalent = (mutant) => equivalents.some((each) => isOf(each, mutant))
/**
 * Those that are of none of these mutants: the source has moved on from under them, or they do not say what becomes of what.
 * @param {readonly { file: string, code: string, from: string, to: string }[]} mutants
 * @param {readonly { file: string, code: string, why: string, from?: string, to?: string }[]} given
 */
export const staleEquivalents = (mutants, given = equivalents) => given.filter((each) => !mutants.some((mutant) => isOf(each, mutant)))

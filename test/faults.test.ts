/** What goes wrong with storage, tabs, the outbox and the wire, by number; each has a test whose title bears it as `[F<number>]`. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const FAULTS: Readonly<Record<number, string>> = {
  1: 'the browser is killed in the middle of a write',
  2: 'the page of the leading tab crashes',
  3: 'a tab is closed in the middle of a send',
  4: 'the browser is closed while messages and reads are on their way',
  5: 'a page is loaded again and again',
  6: 'the leading tab is frozen, another one sends, the first one wakes',
  7: 'a tab is frozen within a transaction',
  8: 'a tab is discarded without an event',
  9: 'a page is put aside for the way back, and much changes meanwhile',
  10: 'a page is hidden just before a dwell is over',
  11: 'a page is frozen in the middle of a dwell',
  12: 'the clock is set an hour or a day back or forth',
  13: 'the machine sleeps for hours',
  15: 'timers fire once a minute',
  16: 'five tabs write in one tick',
  17: 'the same is read in two tabs and on two devices at once',
  18: 'the lead is taken by force between claim and send',
  19: 'news between tabs are lost, doubled, late or out of order',
  20: 'there are no locks and no channels',
  21: 'an old and a new build are open at once',
  22: 'an old tab does not let go of the database',
  23: 'an old tab is frozen while the database is to be upgraded',
  24: 'two tabs lead at once',
  25: 'the disk is full, and later it is not',
  26: 'the database is closed under an open page',
  27: 'the databases are thrown away between two visits',
  28: 'opening throws, fails, or never answers',
  29: 'every request fails until the database is opened anew',
  30: 'a handle begins no transaction',
  31: 'a transaction is aborted at any of its requests',
  32: 'a commit of which nobody hears',
  33: 'rows that are torn or changed',
  34: 'another tab deletes the database',
  35: 'there is no database from the start',
  36: 'the power is cut',
  37: 'what the browser says of the network is wrong',
  38: 'a request or its answer is lost',
  39: 'requests and events are doubled, late or out of order',
  40: 'the line carries one way only',
  41: 'the back end answers with every kind of refusal, with a page, or with half an answer',
  42: 'an acceptance is of another message, comes twice, or answers nothing',
  43: 'the back end has lost its tail',
  44: 'history has a hole, or too much was missed',
  45: 'the connection is half open',
  46: 'a thousand devices come back at once',
  47: 'a hundred receipts come before their messages',
  48: 'the back end tells a smaller position than before',
  49: 'receipts of somebody who has left come late',
  50: 'a message is edited or deleted between dwell and report',
  51: 'the token expires while something is under way',
  52: 'what is first in the outbox never succeeds',
  56: 'a thousand messages a second',
  57: 'what is shown is unmounted in the middle of a dwell, or mounted twice',
  59: 'the wire throws at any of its calls',
}

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

function titled(): ReadonlySet<number> {
  const numbers = new Set<number>()
  for (const file of readdirSync(at('.'), { recursive: true, encoding: 'utf8' })) {
    if (!/\.test\.tsx?$|^integration\/.*\.mjs$/.test(file) || file === 'faults.test.ts') continue
    for (const [, number] of readFileSync(at(file), 'utf8').matchAll(/\[F(\d+)\] /g)) numbers.add(Number(number))
  }
  return numbers
}

it('every fault has a test that bears its number', () => {
  const numbers = titled()
  expect(Object.entries(FAULTS).filter(([number]) => !numbers.has(Number(number)))).toEqual([])
})

it('no test bears the number of a fault that is not listed', () => {
  expect([...titled()].filter((number) => FAULTS[number] === undefined)).toEqual([])
})

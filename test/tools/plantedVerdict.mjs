/** Pure: whether a planted bug was caught, by what failed. A copy that is broken fails too, and proves nothing about its tests. */

/** @typedef {{ name: string, message: string, cause?: Failure }} Failure */

/** A name that is not there, or that is none of a function: what was planted was written wrongly. */
const SLIP = /is not defined|before initialization|is not a (function|constructor)|Assignment to constant variable/

/**
 * Caught is what an assertion did not find as it should be, what never came, or what an error of the product ended, in a test that ran.
 *
 * @param {{ ran: Failure[], others: Failure[] } | null} failures - errors of tests that ran, and all others; null: the run did not come to its end
 * @returns {true | string} why it is not known to be caught
 */
export function verdictOf(failures) {
  if (failures === null) return 'broken: the tests did not come to their end'
  const { ran, others } = failures
  const slip = [...ran, ...others].find(isSlip)
  if (slip) return `broken: ${said(slip)}`
  if (ran.length > 0) return true
  return `broken: no test that ran has failed${others[0] ? `, but ${said(others[0])}` : ''}`
}

/** @param {Failure} error */
function isSlip({ name, message, cause }) {
  return name === 'SyntaxError' || name === 'ReferenceError' || (name === 'TypeError' && SLIP.test(message)) || (cause !== undefined && isSlip(cause))
}

const said = ({ name, message, cause }) => `${name}: ${message.split('\n')[0].slice(0, 300)}${cause ? ` (${cause.name}: ${cause.message.split('\n')[0]})` : ''}`

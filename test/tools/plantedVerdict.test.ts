import { describe, expect, it } from 'vitest'
import { verdictOf } from './plantedVerdict.mjs'

const error = (name: string, message: string, cause?: { name: string; message: string }) => ({ name, message, ...(cause && { cause }) })

describe('a planted bug', () => {
  it.each([
    ['an assertion', error('AssertionError', 'expected 1 to be 2')],
    ['a test whose time was over', error('Error', 'Test timed out in 300000ms.')],
    ['a property that failed', error('Error', 'Property failed after 3 tests', error('AssertionError', 'expected 1 to be 2'))],
    ['what the product throws at a value it should know', error('TypeError', "Cannot read properties of null (reading 'at')")],
  ])('is caught by %s', (_what, failure) => {
    expect(verdictOf({ ran: [failure], others: [] })).toBe(true)
  })

  it.each([
    ['a file that could not be loaded', { ran: [], others: [error('TypeError', 'Class extends value undefined')] }, 'broken: no test that ran has failed, but TypeError: Class extends value undefined'],
    ['a name that is not there', { ran: [error('ReferenceError', 'x is not defined')], others: [] }, 'broken: ReferenceError: x is not defined'],
    ['what is no function', { ran: [error('TypeError', 'a.b is not a function')], others: [] }, 'broken: TypeError: a.b is not a function'],
    ['such an error within another', { ran: [error('Error', 'Property failed after 1 tests', error('ReferenceError', 'x is not defined'))], others: [] }, 'broken: Error: Property failed after 1 tests (ReferenceError: x is not defined)'],
    ['one beside a test that failed', { ran: [error('AssertionError', 'expected 1 to be 2')], others: [error('SyntaxError', 'Unexpected token')] }, 'broken: SyntaxError: Unexpected token'],
    ['a run that found no test', { ran: [], others: [] }, 'broken: no test that ran has failed'],
    ['a run that was cut off', null, 'broken: the tests did not come to their end'],
  ])('is not caught by %s', (_what, failures, why) => {
    expect(verdictOf(failures)).toBe(why)
  })
})

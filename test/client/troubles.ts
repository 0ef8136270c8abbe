/** What can be wrong with a database while a client runs, and what every operation then ends in. */
import { forceCloseDatabase } from 'fake-indexeddb'
import { abortAfter, abortFor, failedRequest, holdTables, openPlain, type FaultyFactory } from '../storage/faultyFactory.js'
import { OPERATIONS } from './operations.js'

/** Trouble that begins while the client runs. Returns how it ends. */
export const TROUBLES: Readonly<Record<string, (factory: FaultyFactory) => (() => void) | Promise<() => unknown>>> = {
  'no room': (factory) => {
    factory.onTransaction = (transaction) => {
      if (transaction.mode !== 'readwrite') return
      abortAfter(transaction, 'put', 'QuotaExceededError')
      abortAfter(transaction, 'add', 'QuotaExceededError')
    }
    return () => (factory.onTransaction = null)
  },
  'server lost, again and again': (factory) => {
    factory.onTransaction = (transaction) => queueMicrotask(() => abortFor(transaction, 'UnknownError'))
    return () => (factory.onTransaction = null)
  },
  'closed, and refusing to open': (factory) => {
    forceCloseDatabase(factory.handles.at(-1) as never)
    factory.onOpen = () => failedRequest('UnknownError')
    return () => (factory.onOpen = null)
  },
  'a handle that begins no transaction': (factory) => {
    factory.onTransaction = () => {
      throw new DOMException('The database connection is closing.', 'InvalidStateError')
    }
    return () => (factory.onTransaction = null)
  },
  'tables held by a frozen tab': async (factory) => holdTables(await openPlain(factory, 'readback/ada')),
}

export const ASKING = Object.entries(OPERATIONS).filter(([, { ending }]) => !ending)
export const ENDING = Object.entries(OPERATIONS).filter(([, { ending }]) => ending)
/** Either it works without the database, or it says what is wrong with it. */
export const SETTLED = /^(done|storage\/\w+)$/

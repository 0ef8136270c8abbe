import { createFakeClock, type FakeClock } from 'readback/testing'
import { expect, it } from 'vitest'
import { createReaderPager, READER_PAGE, type ReadersView } from '../../src/react/readerPager.js'
import type { ReaderSource } from '../../src/react/readerSource.js'
import { message } from './fakeClient.js'

type Reader = Awaited<ReturnType<ReaderSource['load']>>['items'][number]
const reader = (userId: string, kind: Reader['kind'] = 'read'): Reader => ({ userId, kind, time: null })
const crowd = (count: number) => Array.from({ length: count }, (_, n) => reader(`u${n}`))

function open(clock: FakeClock, answers: { readers: readonly Reader[]; isBroken?: boolean }) {
  const listeners = new Set<() => void>()
  const source: ReaderSource = {
    load(_message, { cursor, limit }) {
      if (answers.isBroken) return Promise.reject(new Error('no answer'))
      const start = Number(cursor ?? 0)
      const items = answers.readers.slice(start, start + limit)
      return Promise.resolve(start + limit < answers.readers.length ? { items, next: String(start + limit) } : { items })
    },
    audience: () => Promise.resolve(answers.readers.map(({ userId }) => userId)),
    getTally: () => ({ tracked: false, reason: 'off' }),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const views: ReadersView[] = []
  const pager = createReaderPager(source, () => message(), clock, (view) => views.push(view))
  return { pager, views, tell: () => listeners.forEach((listener) => listener()) }
}

it('[RS8] who is named twice is in the list once, with the furthest they got', async () => {
  const clock = createFakeClock()
  const { pager } = open(clock, { readers: [reader('bo', 'viewed'), reader('cy', 'delivered'), reader('bo', 'delivered'), reader('cy')] })
  await clock.advanceAsync(0)
  expect(pager.getView()).toMatchObject({ status: 'ready', complete: true, readers: [{ userId: 'bo', kind: 'viewed' }, { userId: 'cy', kind: 'read' }] })
  pager.stop()
})

it('a list that was complete stays so when one more has read', async () => {
  const clock = createFakeClock()
  const answers = { readers: crowd(READER_PAGE) }
  const { pager, views, tell } = open(clock, answers)
  await clock.advanceAsync(0)
  answers.readers = crowd(READER_PAGE + 1)
  tell()
  await clock.advanceAsync(1_000)
  expect(views.map(({ complete, readers }) => [complete, readers.length])).toEqual([[true, READER_PAGE], [true, READER_PAGE], [true, READER_PAGE + 1]])
  expect(views.map(({ current }) => current)).toEqual([true, false, true])
  pager.stop()
})

it('what could not be read again is, when it is tried once more', async () => {
  const clock = createFakeClock()
  const answers = { readers: crowd(2), isBroken: false }
  const { pager, tell } = open(clock, answers)
  await clock.advanceAsync(0)
  Object.assign(answers, { readers: [...crowd(1), reader('new')], isBroken: true })
  tell()
  await clock.advanceAsync(1_000)
  expect(pager.getView().status).toBe('failed')
  answers.isBroken = false
  pager.loadMore()
  await clock.advanceAsync(0)
  expect(pager.getView()).toMatchObject({ status: 'ready', audience: ['u0', 'new'], readers: [{ userId: 'u0' }, { userId: 'new' }] })
  pager.stop()
})

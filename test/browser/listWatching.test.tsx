/** Which rows of a list are watched for reading, also when whose they are, and what is known of them, changes in place. */
import { cleanup, render } from '@testing-library/react'
import { Activity, type ReactNode } from 'react'
import { afterEach, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { createArrayReadStates, createArraySource, MessageList, MessageRow, type Message, type MessageBody, type MessageRowProps, type MessageSource } from 'readback'
import { createFakeClock, createFakeVisibility, type FakeClock, type FakeVisibility } from 'readback/testing'
import { besideEngine } from '../../src/components/lazyBesideEngine.js'
import { frames, message, messages, renderList, scrollBy, settled } from './listKit.js'

const Row = ({ message: shown, own, onView }: MessageRowProps) => (
  <div className="rb-bubble" data-testid={shown.localId} data-own={own} style={{ height: 60 }}>
    <button type="button" onClick={() => onView?.(shown)}>open</button>
  </div>
)
const COMPONENTS = { MessageRow: Row }
const POLICY = { dwellMs: 800 }

let clock: FakeClock
let visibility: FakeVisibility
let told: string[]
/** What watches rows comes later than the list. */
beforeAll(() => besideEngine.preload())
beforeEach(() => {
  clock = createFakeClock()
  visibility = createFakeVisibility()
  told = []
})
afterEach(() => {
  cleanup()
  document.body.replaceChildren()
})

const note = (read: readonly Message[]) => void told.push(...read.map(({ localId }) => localId))
type Given = Partial<Parameters<typeof renderList>[0]>

async function show(source: MessageSource, given: Given) {
  const props = (more: Given = {}) => ({ source, components: COMPONENTS, policy: POLICY, clock, visibility, onRead: note, ...given, ...more })
  const list = renderList(props())
  await settled(list)
  await frames(4)
  return { ...list, change: async (more: Given) => {
    list.update(props(more))
    await frames(4)
  } }
}

it('[RD4] all rows of a list are watched by one observer, however far somebody scrolls', async () => {
  const Native = globalThis.IntersectionObserver
  let made = 0
  vi.stubGlobal('IntersectionObserver', class extends Native {
    constructor(callback: IntersectionObserverCallback, options?: IntersectionObserverInit) {
      super(callback, options)
      made += 1
    }
  })
  onTestFinished(() => void vi.unstubAllGlobals())
  const list = await show(createArraySource(messages(1, 200)), { initialPosition: 'newest' })
  await scrollBy(list.scroller, -6_000, 600)
  await frames(4)
  expect([list.row('l200'), made]).toEqual([null, 1])
  clock.advance(2_000)
  expect(told.length).toBeGreaterThan(3)
})

it('[RD4] an own picture that is opened reads nothing', async () => {
  const list = await show(createArraySource([message(1, { from: 'me' })]), { userId: 'me' })
  list.row('l1')?.querySelector('button')?.click()
  clock.advance(2_000)
  expect(told).toEqual([])
})

it('[RD4] messages that turn out to be own are not read any more, and those that turn out to be of others are', async () => {
  const list = await show(createArraySource([message(1, { from: 'ada' }), message(2, { from: 'ben' })]), { userId: 'ben' })
  clock.advance(700)
  await list.change({ userId: 'ada' })
  for (let n = 0; n < 12; n += 1) clock.advance(100)
  expect([list.row('l1')?.dataset['own'], told]).toEqual(['true', ['l2']])
})

it('[RD4] without a user, a message is own as soon as it has a status, and is not read then', async () => {
  const readStates = createArrayReadStates()
  const list = await show(createArraySource([message(1), message(2)]), { userId: undefined as never, readStates })
  clock.advance(700)
  expect(list.row('l1')?.dataset['own']).toBe('false')
  readStates.update({ m1: { status: 'sent' } })
  await frames(4)
  for (let n = 0; n < 12; n += 1) clock.advance(100)
  expect([list.row('l1')?.dataset['own'], list.row('l2')?.dataset['own'], told]).toEqual(['true', 'false', ['l2']])
})

it('[RD4] who reads as somebody else reads anew', async () => {
  const list = await show(createArraySource([message(1, { from: 'eve' })]), { userId: 'ben' })
  clock.advance(1_000)
  await list.change({ userId: 'ada' })
  for (let n = 0; n < 12; n += 1) clock.advance(100)
  expect(told).toEqual(['l1', 'l1'])
})

it('[RD4] what other read states do not call read is watched', async () => {
  const list = await show(createArraySource([message(1)]), { userId: 'me', readStates: createArrayReadStates({ m1: { isRead: true } }) })
  clock.advance(1_000)
  expect(told).toEqual([])
  await list.change({ readStates: createArrayReadStates() })
  for (let n = 0; n < 12; n += 1) clock.advance(100)
  expect(told).toEqual(['l1'])
})

it('[RD4] a message that was taken back, and is here after all, is watched', async () => {
  const source = createArraySource([message(1, { deletedAt: 1 })])
  await show(source, { userId: 'me' })
  clock.advance(1_000)
  expect(told).toEqual([])
  source.append(message(1))
  await frames(4)
  for (let n = 0; n < 12; n += 1) clock.advance(100)
  expect(told).toEqual(['l1'])
})

it('[RD4] an edit begins anew where its message was not read yet, and a message that was read stays read', async () => {
  const source = createArraySource([message(1), message(2, { body: { kind: 'text', text: 'first' } })])
  await show(source, { userId: 'me' })
  clock.advance(500)
  // A reaction is none.
  source.append(message(1, { reactions: [{ emoji: '👍', by: 'eve' }] }), message(2, { body: { kind: 'text', text: 'second' }, editedAt: 5 }))
  await frames(4)
  for (let n = 0; n < 4; n += 1) clock.advance(100)
  expect(told).toEqual(['l1'])
  for (let n = 0; n < 4; n += 1) clock.advance(100)
  expect(told).toEqual(['l1', 'l2'])
  source.append(message(2, { body: { kind: 'text', text: 'third' }, editedAt: 6 }))
  await frames(4)
  for (let n = 0; n < 12; n += 1) clock.advance(100)
  expect(told).toEqual(['l1', 'l2'])
})

/** A message that is seen for 0.7 s, has another body then, and is seen for 0.5 s more. */
async function watchChange(before: MessageBody, after: MessageBody): Promise<void> {
  const source = createArraySource([message(1, { body: before })])
  await show(source, { userId: 'me' })
  for (let n = 0; n < 7; n += 1) clock.advance(100)
  source.append(message(1, { body: after }))
  await frames(4)
  for (let n = 0; n < 5; n += 1) clock.advance(100)
}

it.each<[string, MessageBody, MessageBody]>([
  ['a text that streams in', { kind: 'text', text: 'The plan' }, { kind: 'text', text: 'The plan has changed: do not sign.' }],
  ['a placeholder that is decrypted', { kind: 'custom', type: 'sealed', data: null }, { kind: 'text', text: 'Do not sign.' }],
  ['what an app shows of its own', { kind: 'custom', type: 'sealed', data: null, fallback: 'Sealed' }, { kind: 'custom', type: 'sealed', data: null, fallback: 'Do not sign' }],
  ['another file', { kind: 'file', file: { url: '/a', name: 'draft.pdf' } }, { kind: 'file', file: { url: '/a', name: 'final.pdf' } }],
])('[RD4] other words without an edit begin anew: %s', async (_, before, after) => {
  await watchChange(before, after)
  expect(told).toEqual([])
  for (let n = 0; n < 7; n += 1) clock.advance(100)
  expect(told).toEqual(['l1'])
})

it.each<[string, MessageBody, MessageBody]>([
  ['a file at an address that is signed anew', { kind: 'file', file: { url: '/a?1', name: 'a.pdf' } }, { kind: 'file', file: { url: '/a?2', name: 'a.pdf' } }],
  ['an app\'s own data in a new object', { kind: 'custom', type: 'poll', data: { votes: 1 } }, { kind: 'custom', type: 'poll', data: { votes: 2 } }],
])('[RD4] the same words go on: %s', async (_, before, after) => {
  await watchChange(before, after)
  expect(told).toEqual(['l1'])
})

it('[RD4] a policy written in place keeps the time that was gathered', async () => {
  const list = await show(createArraySource([message(1)]), { userId: 'me', policy: { ...POLICY } })
  for (let n = 0; n < 10; n += 1) {
    clock.advance(100)
    await list.change({ policy: { ...POLICY } })
  }
  expect(told).toEqual(['l1'])
})

it.each([
  ['undefined', { dwellMs: undefined, visibleFraction: undefined, requireFocus: undefined, idleAfterMs: undefined }],
  ['below nothing', { dwellMs: -1, visibleFraction: 0, idleAfterMs: -1 }],
  ['no number', { dwellMs: NaN, visibleFraction: NaN, idleAfterMs: NaN }],
  ['beyond everything', { dwellMs: Infinity, visibleFraction: 2, idleAfterMs: Infinity }],
])('[RD2] [RD4] a policy that is %s is the default: neither everything is read by it, nor nothing', async (_, policy) => {
  await show(createArraySource([message(1)]), { userId: 'me', policy: policy as never })
  visibility.setFocus(false)
  clock.advance(2_000)
  visibility.setFocus(true)
  for (let n = 0; n < 7; n += 1) clock.advance(100)
  expect(told).toEqual([])
  for (let n = 0; n < 3; n += 1) clock.advance(100)
  expect(told).toEqual(['l1'])
})

it('[RD11] what a host did not take is not called read, neither while its time waits to begin anew nor after', async () => {
  let isBroken = true
  const list = await show(createArraySource([message(1)]), {
    userId: 'me',
    onRead: async (read: readonly Message[]) => {
      note(read)
      if (isBroken) throw new Error('not taken')
    },
  })
  const { dwell } = list.handle.current!.reading
  const key = '2:3:c1benl1'
  let heard = 0
  dwell.subscribe(() => (heard += 1))
  clock.advance(1_000)
  await frames(2)
  expect([told, dwell.getView(key).state, heard > 1]).toEqual([['l1'], 'unseen', true])
  isBroken = false
  clock.advance(2_000)
  await frames(4)
  for (let n = 0; n < 12; n += 1) clock.advance(100)
  await frames(2)
  expect([told, dwell.getView(key).state]).toEqual([['l1', 'l1'], 'read'])
})

it('[RD11] what was not taken, and has gone off screen meanwhile, says so once its wait is over', async () => {
  const source = createArraySource([message(1)])
  const list = await show(source, { userId: 'me', onRead: () => Promise.reject(new Error('not taken')) })
  const { dwell } = list.handle.current!.reading
  const answers: string[] = []
  dwell.subscribe(() => answers.push(dwell.getView('2:3:c1benl1').reasons.join()))
  clock.advance(1_000)
  await frames(2)
  source.set([message(2, { from: 'me' })])
  await frames(2)
  clock.advance(2_000)
  expect(answers.at(-1)).toBe('offScreen')
})

it('[RD4] what was told is not told again by a list with another policy, nor by one that was hidden and is shown again', async () => {
  const source = createArraySource(messages(1, 60, { from: 'ben' }))
  const props = { source, components: COMPONENTS, clock, visibility, onRead: note, userId: 'me' }
  const box = document.body.appendChild(document.createElement('div'))
  box.style.cssText = 'width: 360px; height: 400px; position: fixed; inset: 0 auto auto 0'
  const tree = (mode: 'visible' | 'hidden', dwellMs: number) => <Activity mode={mode}><div style={{ height: 400 }}><MessageList {...props} policy={{ dwellMs }} /></div></Activity>
  const { rerender } = render(tree('visible', 800), { container: box })
  const scroller = () => box.querySelector<HTMLElement>('.rb-list-scroller')!
  const dwell = async () => {
    await settled({ scroller: scroller() })
    await frames(4)
    for (let n = 0; n < 12; n += 1) clock.advance(100)
  }
  await dwell()
  await scrollBy(scroller(), -600)
  await dwell()
  const once = [...told].sort()
  expect(new Set(once).size).toBe(once.length)
  const before = scroller().scrollTop
  rerender(tree('visible', 500))
  await dwell()
  rerender(tree('hidden', 500))
  await frames(4)
  rerender(tree('visible', 500))
  await dwell()
  expect([[...told].sort(), Math.round(scroller().scrollTop - before)]).toEqual([once, 0])
})

it.each<[string, (props: MessageRowProps) => ReactNode]>([
  ['around the row of the kit', (props) => <div aria-busy="true"><MessageRow {...props} /></div>],
  ['on the row of the kit', (props) => <MessageRow {...props} aria-busy="true" />],
])('[RD5] a row that says %s that it is still loading is not read, whatever its list loads', async (_where, Loading) => {
  const list = await show(createArraySource([message(1)]), { userId: 'me', components: { MessageRow: Loading } })
  clock.advance(60_000)
  const { dwell } = list.handle.current!.reading
  expect([told, dwell.getView('2:3:c1benl1').reasons]).toEqual([[], ['notPainted']])
  list.scroller.setAttribute('aria-busy', 'true')
  await list.change({ components: { MessageRow } })
  clock.advance(100)
  for (let n = 0; n < 12; n += 1) clock.advance(100)
  expect(told).toEqual(['l1'])
})

it('[RD4] what was read, and is unread when it comes again, as after the browser threw the database away, is read anew', async () => {
  const source = createArraySource([message(1)])
  const readStates = createArrayReadStates()
  const onRead = (read: readonly Message[]) => {
    note(read)
    readStates.update({ m1: { isRead: true } })
  }
  await show(source, { userId: 'me', readStates, onRead })
  clock.advance(1_000)
  await frames(2)
  source.set([])
  readStates.set({})
  await frames(4)
  source.set([message(1)])
  await frames(8)
  for (let n = 0; n < 12; n += 1) clock.advance(100)
  expect(told).toEqual(['l1', 'l1'])
})

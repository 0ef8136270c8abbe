/** Why is this message not read yet? The list answers, live, in its rows and outside of them. */
import { cleanup, render } from '@testing-library/react'
import { useState } from 'react'
import { createArraySource, MessageList, useWhyUnread, type ListReading, type Message, type MessageRowProps, type ReadStateSource } from 'readback'
import { createFakeClock, createFakeVisibility } from 'readback/testing'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { besideEngine } from '../../src/components/lazyBesideEngine.js'
import { frames, message, VIEWPORT_PX } from './listKit.js'

/** What watches rows comes later than the list. */
beforeAll(() => besideEngine.preload())
afterEach(() => {
  cleanup()
  document.body.replaceChildren()
})

const HEIGHT_PX = 150
const OLDEST = { id: 'm1' }

const Row = ({ message: shown }: MessageRowProps) => (
  <div className="rb-bubble" data-testid={shown.localId} style={{ height: HEIGHT_PX }} data-why={useWhyUnread(shown).join(' ')} />
)

function readStatesOf() {
  const read = new Set<string>()
  const listeners = new Set<() => void>()
  const source: ReadStateSource = {
    getStatus: () => null, getTally: () => ({ tracked: false, reason: 'off' }), isRead: ({ localId }) => read.has(localId),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const take = (messages: readonly Message[]) => {
    for (const { localId } of messages) read.add(localId)
    listeners.forEach((listener) => listener())
  }
  return { source, take }
}

const SHOWN: readonly Message[] = [
  message(1), message(2, { from: 'me' }), message(3, { body: { kind: 'system', text: 'joined' } }), message(4), message(5), message(6),
]

function show() {
  const clock = createFakeClock()
  const visibility = createFakeVisibility()
  const { source: readStates, take } = readStatesOf()
  const source = createArraySource(SHOWN)
  const PARTS = { MessageRow: Row }
  const POLICY = { dwellMs: 800 }
  function Inspector({ reading }: { reading: ListReading }) {
    return <ol>{SHOWN.map((each) => <Line key={each.localId} message={each} reading={reading} />)}</ol>
  }
  function Line({ message: each, reading }: { message: Message; reading: ListReading }) {
    return <li data-line={each.localId}>{useWhyUnread(each, reading).join(' ')}</li>
  }
  function Page() {
    const [reading, setReading] = useState<ListReading | null>(null)
    return (
      <>
        <div style={{ width: 360, height: VIEWPORT_PX }}>
          <MessageList ref={(list) => setReading(list?.reading ?? null)} source={source} readStates={readStates} userId="me" components={PARTS} policy={POLICY} clock={clock} visibility={visibility} onRead={take} initialPosition={OLDEST} />
        </div>
        {reading && <Inspector reading={reading} />}
      </>
    )
  }
  const { container } = render(<Page />)
  const inRow = (localId: string) => container.querySelector<HTMLElement>(`[data-testid="${localId}"]`)?.dataset['why']
  const inPanel = (localId: string) => container.querySelector(`[data-line="${localId}"]`)?.textContent
  return { container, clock, visibility, inRow, inPanel }
}

it('[RD11] a list says why each of its messages is not read yet, and follows what happens', async () => {
  const { container, clock, visibility, inRow, inPanel } = show()
  const answers: (string | undefined)[] = []
  const note = async () => {
    await frames(4)
    answers.push(inRow('l1'))
    expect(inPanel('l1')).toBe(inRow('l1'))
  }
  await expect.poll(() => container.querySelector('[data-settled="true"]')).not.toBeNull()
  await frames(4)
  clock.advance(100)
  await note()
  expect([inRow('l2'), inRow('l3'), inPanel('l2'), inPanel('l6')]).toEqual(['own', 'neutral', 'own', 'offScreen'])
  visibility.setFocus(false)
  await note()
  visibility.setVisible(false)
  await note()
  visibility.setVisible(true)
  visibility.setFocus(true)
  const panel = document.createElement('div')
  panel.style.cssText = `position: fixed; inset: 0; background: white`
  document.body.append(panel)
  clock.advance(700)
  await note()
  panel.remove()
  clock.advance(100)
  await note()
  const scroller = container.querySelector('.rb-list-scroller')!
  scroller.scrollTop = 120
  await expect.poll(() => inPanel('l1')).toMatch(/notEnoughVisible|offScreen/)
  await note()
  scroller.scrollTop = 0
  await expect.poll(() => inPanel('l1')).toBe('dwelling')
  for (let n = 0; n < 12; n += 1) clock.advance(100)
  await note()
  expect(answers).toEqual(['dwelling', 'blurred', 'hidden', 'covered', 'dwelling', 'notEnoughVisible', ''])
})

it('[RD11] a list that watches nothing says so', async () => {
  const source = createArraySource([message(1)])
  const { container } = render(<div style={{ width: 360, height: VIEWPORT_PX }}><MessageList source={source} userId="me" components={{ MessageRow: Row }} /></div>)
  await expect.poll(() => container.querySelector<HTMLElement>('[data-testid="l1"]')?.dataset['why']).toBe('disabled')
})

// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, waitFor } from '@testing-library/react'
import { ChatProvider, createArrayReadStates, MessageInfo, ReaderList, ReadStatesContext, type ChatComponents, type Message, type ReaderSource, type Tally } from 'readback'
import { createFakeClock } from 'readback/testing'
import { afterEach, expect, it, vi } from 'vitest'
import { fakeClient, message } from '../react/fakeClient.js'

afterEach(cleanup)

const FIRST = message({ from: 'ada', localId: 'm-1', ids: ['m-1'] })
const SECOND = message({ from: 'ada', localId: 'm-2', ids: ['m-2'], at: { epoch: 0, order: 2, id: 'm-2' } })

/** Bo has read the first message and Cy the second, of two; or what is given. */
function readersOf(names: (message: Message) => readonly string[] = ({ localId }) => [localId === 'm-1' ? 'bo' : 'cy'], read = 1): ReaderSource {
  const tally: Tally = { tracked: true, read, of: 2, delivered: 2, viewed: 0 }
  return {
    load: (of) => Promise.resolve({ items: names(of).map((userId) => ({ userId, kind: 'read', time: null })) }),
    audience: () => Promise.resolve(['bo', 'cy', 'bo']),
    getTally: () => tally,
    subscribe: () => () => {},
  }
}
const namesIn = (container: HTMLElement) => [...container.querySelectorAll('.rb-reader-name')].map(({ textContent }) => textContent)
const tabs = (container: HTMLElement) => [...container.querySelectorAll<HTMLElement>('[role="tab"]')]

it('[RS8] a list that is given another message shows nobody of the one before, not for a moment', async () => {
  const drawn: string[] = []
  const components: ChatComponents = { Avatar({ userId }) {
    drawn.push(userId)
    return null
  } }
  const source = readersOf()
  const list = (of: Message) => <ChatProvider components={components}><ReaderList message={of} source={source} /></ChatProvider>
  const { container, rerender } = render(list(FIRST))
  await act(async () => {})
  expect(namesIn(container)).toEqual(['bo'])
  drawn.length = 0
  rerender(list(SECOND))
  await act(async () => {})
  expect(namesIn(container)).toEqual(['cy'])
  expect(drawn).not.toContain('bo')
})

it('a source of readers may be an object of a class', async () => {
  class Kept implements ReaderSource {
    readonly listeners = new Set<() => void>()
    readonly tally: Tally = { tracked: true, read: 1, of: 2, delivered: 2, viewed: 0 }
    load = () => Promise.resolve({ items: [{ userId: 'bo', kind: 'read', time: null } as const] })
    audience = () => Promise.resolve(['bo', 'cy'])
    getTally(): Tally {
      return this.tally
    }
    subscribe(listener: () => void): () => void {
      this.listeners.add(listener)
      return () => this.listeners.delete(listener)
    }
  }
  const source = new Kept()
  const { container, unmount } = render(<ReaderList message={FIRST} source={source} />)
  await act(async () => {})
  expect(namesIn(container)).toEqual(['bo'])
  expect(source.listeners.size).toBeGreaterThan(0)
  unmount()
  expect(source.listeners.size).toBe(0)
})

it('[RS34] what somebody said stands below their name as plain text, in its own direction', async () => {
  const said = 'שלום <b>me</b> *too*'
  const source: ReaderSource = { ...readersOf(), load: () => Promise.resolve({ items: [{ userId: 'bo', kind: 'read', time: null, content: said }, { userId: 'cy', kind: 'read', time: null }] }) }
  const { container } = render(<ReaderList message={FIRST} source={source} />)
  await act(async () => {})
  const shown = [...container.querySelectorAll('.rb-reader-said > bdi')]
  expect(shown.map((each) => [each.textContent, each.children.length])).toEqual([[said, 0]])
})

it('whoever was reminded of one message was not of another, though they are the same people', async () => {
  const onRemind = vi.fn()
  const source = readersOf(() => [], 0)
  const list = (of: Message) => <ReaderList message={of} source={source} onRemind={onRemind} />
  const { container, rerender } = render(list(FIRST))
  await act(async () => {})
  const button = () => container.querySelector<HTMLButtonElement>('.rb-remind')!
  await act(async () => fireEvent.click(button()))
  expect([onRemind.mock.calls, button().disabled]).toEqual([[[['bo', 'cy']]], true])
  rerender(list(SECOND))
  await act(async () => {})
  expect(button().disabled).toBe(false)
})

it('[RS25] where as many were counted as there are, nobody is listed as waiting, nor named as a reader', async () => {
  const { container } = render(<ReaderList message={FIRST} source={readersOf(() => ['bo'], 2)} />)
  await act(async () => {})
  expect([namesIn(container), container.querySelector('.rb-readers-note')?.textContent]).toEqual([['bo'], 'and 1 more'])
  await act(async () => fireEvent.click(tabs(container).at(-1)!))
  expect([tabs(container).at(-1)!.textContent, namesIn(container)]).toEqual([expect.stringContaining('0'), []])
})

it('[RS25] of whom some were counted and not named, the number stands over those of whom nobody knows, and all of them are reminded', async () => {
  const tally: Tally = { tracked: true, read: 3, of: 6, delivered: 6, viewed: 0 }
  const audience = ['bo', 'cy', 'di', 'ed', 'flo', 'gil']
  const onRemind = vi.fn()
  const { container } = render(<ReaderList message={FIRST} source={{ ...readersOf(() => ['bo']), audience: () => Promise.resolve(audience), getTally: () => tally }} onRemind={onRemind} />)
  await act(async () => {})
  const notes = () => [...container.querySelectorAll('.rb-readers-note')].map(({ textContent }) => textContent)
  expect([namesIn(container), notes()]).toEqual([['bo'], ['and 2 more']])
  await act(async () => fireEvent.click(tabs(container).at(-1)!))
  expect([namesIn(container), notes()]).toEqual([['cy', 'di', 'ed', 'flo', 'gil'], ['Read by 3 of 6']])
  const button = container.querySelector<HTMLButtonElement>('.rb-remind')!
  expect(button.textContent).toBe('Remind 5 people')
  await act(async () => fireEvent.click(button))
  expect(onRemind.mock.calls).toEqual([[audience.slice(1)]])
})

it('[RS25] a badge that is newer than the list makes no reader of who had only received it', async () => {
  const { container } = render(<ReaderList message={FIRST} source={readersOf(() => [], 1)} />)
  await act(async () => {})
  expect([tabs(container)[0]!.textContent, namesIn(container)]).toEqual([expect.stringContaining('1'), []])
})

it.each([[0, ['bo'], 0, null], [1, [], 3, 'and 1 more']])('[RS25] of one reader alone who was counted without a name there is a number, and no row: %s', async (read, names, shownTabs, note) => {
  const tally: Tally = { tracked: true, read, of: 1, delivered: read, viewed: 0 }
  const { container } = render(<ReaderList message={FIRST} source={{ ...readersOf(() => []), audience: () => Promise.resolve(['bo']), getTally: () => tally }} />)
  await act(async () => {})
  expect([namesIn(container), tabs(container).length, container.querySelector('.rb-readers-note')?.textContent ?? null]).toEqual([names, shownTabs, note])
})

it('a dialog follows its message: what was edited, and what became of it', async () => {
  const readers = readersOf()
  let messages = [FIRST]
  const listeners = new Set<() => void>()
  const source = {
    getSnapshot: () => ({ messages }), getServerSnapshot: () => ({ messages }),
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const client = Object.assign(fakeClient(), {
    messages: () => source,
  })
  const { container } = render(<ChatProvider client={client}><MessageInfo message={FIRST} source={readers} onClose={() => {}} /></ChatProvider>)
  await act(async () => {})
  messages = [{ ...FIRST, body: { kind: 'text', text: 'Good bye' } }]
  await act(async () => listeners.forEach((listener) => listener()))
  expect(container.querySelector('.rb-info-words')?.textContent).toBe('Good bye')
  // Out of the window, it is still what it was last, and not what it was when the dialog opened.
  messages = []
  await act(async () => listeners.forEach((listener) => listener()))
  expect(container.querySelector('.rb-info-words')?.textContent).toBe('Good bye')
})

it('whose tab is gone, because what was only delivered has been read, is shown who has read it', async () => {
  let kind = 'delivered' as 'delivered' | 'read'
  const listeners = new Set<() => void>()
  const tallies: Record<typeof kind, Tally> = { delivered: { tracked: true, read: 0, of: 2, delivered: 1, viewed: 0 }, read: { tracked: true, read: 1, of: 2, delivered: 1, viewed: 0 } }
  const source: ReaderSource = {
    load: () => Promise.resolve({ items: [{ userId: 'bo', kind, time: null }] }),
    audience: () => Promise.resolve(['bo', 'cy']),
    getTally: () => tallies[kind],
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const client = fakeClient({ capabilities: { delivered: { direct: 'none', group: 'none' } } })
  const { container } = render(<ChatProvider client={client}><ReaderList message={FIRST} source={source} /></ChatProvider>)
  await act(async () => {})
  await act(async () => fireEvent.click(tabs(container)[1]!))
  expect([tabs(container).length, namesIn(container)]).toEqual([3, ['bo']])
  kind = 'read'
  await act(async () => listeners.forEach((listener) => listener()))
  await waitFor(() => expect(tabs(container).map((tab) => tab.getAttribute('aria-selected'))).toEqual(['true', 'false']), { timeout: 3_000 })
  expect(namesIn(container)).toEqual(['bo'])
  expect(document.getElementById(container.querySelector('[role="tabpanel"]')!.getAttribute('aria-labelledby')!)).not.toBeNull()
})

it('who read it today read it yesterday once it is midnight, while the list stays open', async () => {
  const clock = createFakeClock(new Date(2026, 2, 9, 23, 50).getTime())
  const client = fakeClient()
  Object.assign(client, { ports: { ...client.ports, clock } })
  const source: ReaderSource = { ...readersOf(), load: () => Promise.resolve({ items: [{ userId: 'bo', kind: 'read', time: clock.now() }] }) }
  const { container } = render(<ChatProvider client={client}><ReaderList message={FIRST} source={source} /></ChatProvider>)
  await act(async () => {})
  const when = () => container.querySelector('.rb-reader-when')?.textContent?.trim()
  expect(when()).toMatch(/^11:50/)
  act(() => clock.advance(10 * 60_000))
  expect(when()).toMatch(/^Yesterday 11:50/)
})

it('[RS25] whoever alone reads a message while its list is open has one row all the while, and is never “and 1 more”', async () => {
  let kind = 'delivered' as 'delivered' | 'read'
  const listeners = new Set<() => void>()
  const tallies: Record<typeof kind, Tally> = { delivered: { tracked: true, read: 0, of: 1, delivered: 1, viewed: 0 }, read: { tracked: true, read: 1, of: 1, delivered: 1, viewed: 0 } }
  const source: ReaderSource = {
    load: () => Promise.resolve({ items: [{ userId: 'bo', kind, time: null }] }),
    audience: () => Promise.resolve(['bo']),
    getTally: () => tallies[kind],
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const { container } = render(<ReaderList message={FIRST} source={source} />)
  const shown = () => [tabs(container).length, container.querySelector('.rb-readers-note'), ...container.querySelectorAll('.rb-reader')].map((each) => (each instanceof HTMLElement ? each.dataset['group'] : each))
  await act(async () => {})
  expect(shown()).toEqual([0, null, 'delivered'])
  kind = 'read'
  await act(async () => listeners.forEach((listener) => listener()))
  expect(shown()).toEqual([0, null, 'delivered'])
  await waitFor(() => expect(shown()).toEqual([0, null, 'read']), { timeout: 3_000 })
})

it('[RS8] where nobody is left who could have read it, nobody has, and it has not reached everybody', async () => {
  const tally: Tally = { tracked: true, read: 0, of: 0, delivered: 0, viewed: 0 }
  const source: ReaderSource = { ...readersOf(() => []), audience: () => Promise.resolve([]), getTally: () => tally }
  const { container } = render(<ReaderList message={FIRST} source={source} />)
  await act(async () => {})
  expect(container.textContent).toBe('Nobody has read it yet')
})

it('[RS32] a dialog tells of a message that was taken back while it is open that it was, and no status beside', async () => {
  const readStates = createArrayReadStates({ 'm-1': { status: 'read' } })
  const dialog = (message: Message) => <ReadStatesContext.Provider value={readStates}><MessageInfo message={message} onClose={() => {}} /></ReadStatesContext.Provider>
  const { container, rerender } = render(dialog(FIRST))
  expect(container.querySelector('.rb-info-state')?.textContent).toContain('Read')
  rerender(dialog({ ...FIRST, recalledAt: 1 }))
  expect([container.querySelector('.rb-info-words')?.textContent, container.querySelector('.rb-info-state')]).toEqual(['You recalled a message', null])
})

it('[I42] who recalled a message cannot turn the words of the dialog by their name', () => {
  const client = fakeClient({ names: { bo: 'Bo\u202eevil' } })
  const { container } = render(<ChatProvider client={client}><MessageInfo message={message({ recalledAt: 1 })} onClose={() => {}} /></ChatProvider>)
  expect(container.querySelector('.rb-info-words')?.textContent).toBe('\u2068Boevil\u2069 recalled a message')
})

it('[I37] a dialog whose badge is gone when it closes gives the focus to the list', () => {
  const page = (isOpen: boolean, isRecalled: boolean) => (
    <>
      <div role="log" tabIndex={0}>{!isRecalled && <button type="button">Read by 1 of 2</button>}</div>
      {isOpen && <MessageInfo message={FIRST} onClose={() => {}} />}
    </>
  )
  const { container, rerender } = render(page(false, false))
  container.querySelector('button')!.focus()
  rerender(page(true, false))
  expect(document.activeElement?.closest('dialog')).not.toBeNull()
  rerender(page(true, true))
  rerender(page(false, true))
  expect(document.activeElement).toBe(container.querySelector('[role="log"]'))
})

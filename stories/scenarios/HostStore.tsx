import { useMemo, useState, useSyncExternalStore } from 'react'
import { MessageList, ReadBadge, type Message } from 'readback'
import { conversation } from '../fixtures/conversation.js'
import { ME, PEOPLE } from '../fixtures/people.js'
import { createHostStore, messageSource, readStates, type HostStore as Host, type Line } from './hostStore'
import './scenarios.css'

const MEMBERS = PEOPLE.map(({ userId }) => userId)
const TOTAL = 400
const PAGE = 60
const ANSWER_MS = 400
/** Lines that nobody of the story has read yet. */
const UNREAD = 8
const SAID = ['The kettle is on', 'Who has the second key?', 'Back in ten minutes', '好的，马上来', 'Somebody left a bicycle here'] as const

export interface HostStoreProps {
  /** Default: a store of the story's own. */
  readonly store?: Host
}

/** All lines that the app's server has, as it would send them. */
const server = (): readonly Line[] =>
  (made ??= conversation({ count: TOTAL }).map((message) => ({ id: message.localId, seq: message.at?.order ?? 0, author: message.from, text: message.body.kind === 'text' ? message.body.text : '', sentAt: message.time })))
let made: readonly Line[] | undefined

function createTeamStore(): Host {
  const read = (seq: number) => Object.fromEntries(MEMBERS.map((member, index) => [member, seq - index * 3]))
  return createHostStore({ lines: server().slice(-PAGE), older: 'some', readUpTo: { ...read(TOTAL - 4), [ME]: TOTAL - UNREAD } })
}

/** The list and the badge over an app's own Redux store: every message, every receipt and every page is the app's. */
export function HostStore({ store: given }: HostStoreProps) {
  const [store] = useState(() => given ?? createTeamStore())
  const source = useMemo(() => messageSource(store, (store.getState().readUpTo[ME] ?? 0) + 1, () => loadOlder(store)), [store])
  const states = useMemo(() => readStates(store, ME, MEMBERS), [store])
  const { lines, readUpTo } = useSyncExternalStore(store.subscribe, store.getState)
  const last = lines.findLast(({ author }) => author === ME)
  const others = MEMBERS.filter((member) => member !== ME)
  const readers = last === undefined ? 0 : others.filter((member) => (readUpTo[member] ?? 0) >= last.seq).length
  const newest = lines.at(-1)?.seq ?? 0

  const onRead = (messages: readonly Message[]) => store.dispatch({ type: 'member/read', member: ME, seq: Math.max(...messages.map(({ at }) => at?.order ?? 0)) })
  const say = (author: string) => store.dispatch({ type: 'line/arrived', line: { id: `said-${newest + 1}`, seq: newest + 1, author, text: SAID[newest % SAID.length]!, sentAt: (lines.at(-1)?.sentAt ?? 0) + 60_000 } })
  const readNext = () => {
    const behind = others.find((member) => (readUpTo[member] ?? 0) < newest)
    if (behind !== undefined) store.dispatch({ type: 'member/read', member: behind, seq: newest })
  }
  return (
    <main className="scene">
      <div className="panel">
        <div className="panel__window">
          <MessageList source={source} userId={ME} readStates={states} conversationKind="group" onRead={onRead} />
        </div>
        <div className="panel__controls">
          <button type="button" onClick={() => say('bo')}>A line arrives</button>
          <button type="button" onClick={() => say(ME)}>I write</button>
          <button type="button" onClick={readNext}>Somebody reads</button>
          <span>My last line: <ReadBadge read={readers} total={others.length} /></span>
        </div>
      </div>
    </main>
  )
}

async function loadOlder(store: Host): Promise<void> {
  if (store.getState().older !== 'some') return
  store.dispatch({ type: 'older/asked' })
  await new Promise((resolve) => setTimeout(resolve, ANSWER_MS))
  const first = store.getState().lines[0]?.seq ?? 1
  const lines = server().filter(({ seq }) => seq < first).slice(-PAGE)
  store.dispatch({ type: 'older/arrived', lines, more: lines.length === PAGE })
}

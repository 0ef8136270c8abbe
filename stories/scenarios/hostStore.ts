/** An app's own state in Redux, and what joins it to the list. No client and no database is behind it. */
import { legacy_createStore, type Store } from 'redux'
import { messageKey, type Message, type MessageSource, type ReadStateSource, type Tally } from 'readback'

/** A line as this app's server sends it. */
export interface Line {
  readonly id: string
  readonly seq: number
  readonly author: string
  readonly text: string
  readonly sentAt: number
}

export interface HostState {
  readonly lines: readonly Line[]
  readonly older: 'some' | 'loading' | 'none'
  /** How far each member has read. */
  readonly readUpTo: Readonly<Record<string, number>>
}

export type HostAction =
  | { readonly type: 'line/arrived'; readonly line: Line }
  | { readonly type: 'older/asked' }
  | { readonly type: 'older/arrived'; readonly lines: readonly Line[]; readonly more: boolean }
  | { readonly type: 'member/read'; readonly member: string; readonly seq: number }

const NOTHING: HostState = { lines: [], older: 'none', readUpTo: {} }

export function reduceHost(state: HostState = NOTHING, action: HostAction): HostState {
  switch (action.type) {
    case 'line/arrived':
      return { ...state, lines: [...state.lines, action.line] }
    case 'older/asked':
      return { ...state, older: 'loading' }
    case 'older/arrived':
      return { ...state, lines: [...action.lines, ...state.lines], older: action.more ? 'some' : 'none' }
    case 'member/read':
      return { ...state, readUpTo: { ...state.readUpTo, [action.member]: Math.max(state.readUpTo[action.member] ?? 0, action.seq) } }
    // Redux has actions of its own.
    default:
      return state
  }
}

export type HostStore = Store<HostState, HostAction>

/** An app of today would take Redux Toolkit's `configureStore`, which makes the same store. */
export const createHostStore = (initial: HostState): HostStore => legacy_createStore(reduceHost, initial)

/** The messages of the store for `<MessageList>`. A line keeps its message, so that a row is drawn again only when its line is another. */
export function messageSource(store: HostStore, firstUnreadSeq: number | null, loadOlder: () => Promise<void>): MessageSource {
  const messages = new WeakMap<Line, Message>()
  const messageOf = (line: Line): Message => {
    const known = messages.get(line)
    if (known !== undefined) return known
    const made: Message = {
      conversationId: 'team', from: line.author, localId: line.id, ids: [line.id], at: { epoch: 0, order: line.seq, id: line.id }, time: line.sentAt, body: { kind: 'text', text: line.text },
    }
    messages.set(line, made)
    return made
  }
  const firstUnread = store.getState().lines.find(({ seq }) => seq === firstUnreadSeq)
  const select = once(
    (state: HostState) => [state.lines, state.older] as const,
    ({ lines, older }) => ({
      messages: lines.map(messageOf),
      hasOlder: older !== 'none',
      hasNewer: false,
      loading: older === 'loading' ? ('older' as const) : ('none' as const),
      status: 'ready' as const,
      firstUnreadKey: firstUnread === undefined ? null : messageKey(messageOf(firstUnread)),
    }),
  )
  const getSnapshot = () => select(store.getState())
  return { getSnapshot, getServerSnapshot: getSnapshot, subscribe: (listener) => store.subscribe(listener), loadOlder }
}

/** Who has read what, out of the same store. */
export function readStates(store: HostStore, me: string, members: readonly string[]): ReadStateSource {
  const others = members.filter((member) => member !== me)
  const tallies = new Map<number, Tally>()
  const readersOf = (message: Message) => others.filter((member) => member !== message.from && (store.getState().readUpTo[member] ?? 0) >= (message.at?.order ?? Infinity)).length
  return {
    getStatus: (message) => (message.from !== me ? null : readersOf(message) === others.length ? 'read' : 'sent'),
    getTally(message) {
      const of = others.filter((member) => member !== message.from).length
      const read = readersOf(message)
      const key = read * 1_000 + of
      const tally = tallies.get(key) ?? { tracked: true, read, of, delivered: of, viewed: 0 }
      tallies.set(key, tally)
      return tally
    },
    isRead: (message) => (store.getState().readUpTo[me] ?? 0) >= (message.at?.order ?? Infinity),
    subscribe: (listener) => store.subscribe(listener),
  }
}

/** Makes a new value only when one of its inputs is another. */
function once<A, R>(inputsOf: (argument: A) => readonly unknown[], make: (argument: A) => R): (argument: A) => R {
  let last: { readonly inputs: readonly unknown[]; readonly result: R } | undefined
  return (argument) => {
    const inputs = inputsOf(argument)
    if (last === undefined || inputs.some((input, index) => input !== last?.inputs[index])) last = { inputs, result: make(argument) }
    return last.result
  }
}

/** Looks at every frame that goes over a socket, in both directions, and holds its fields against what the page on the protocol says of them. */
import { readFileSync } from 'node:fs'
import { WebSocket } from 'ws'

const page = readFileSync(new URL('../../stories/docs/Protocol.mdx', import.meta.url), 'utf8')

/** The rows of the table that begins so: its cells as they stand. */
export function tableOf(heading: string): readonly (readonly string[])[] {
  const lines = page.slice(page.indexOf(`\n${heading}`) + 1).split('\n').slice(2)
  const end = lines.findIndex((line) => !line.startsWith('|'))
  return lines.slice(0, end).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()))
}

const namesIn = (cell: string) => [...cell.matchAll(/`(\w+)\??`/g)].map(([, name]) => name!)
const nameOf = (cell: string) => cell.replaceAll('`', '')

/** What is within what; a list stands for each of its items. `*` = anything. */
const WITHIN: Readonly<Record<string, string>> = {
  'message.at': 'point', 'message.body': 'body', 'message.reactions': 'reaction', 'range.from': 'point', 'range.to': 'point', 'body.file': 'file', 'body.mentions': 'mention', 'body.data': '*',
  'member.intervals': 'interval', 'interval.joinedAt': 'point', 'interval.leftAt': 'point', 'conversation.head': 'point', 'conversation.lastMessage': 'message', 'conversation.members': 'member',
  'receipt.upTo': 'point', 'receipt.ranges': 'range', 'receipt.count': 'count', 'hello.conversations': 'made', 'refusal.retry': 'retry',
  'event conversation.conversation': 'conversation', 'event member.member': 'member', 'event message.message': 'message', 'event edited.body': 'body', 'event reacted.reaction': 'reaction',
  'event gap.after': 'point', 'event gap.before': 'point', 'event receipt.upTo': 'point', 'event receipt.ranges': 'range', 'event receipt.count': 'count',
  'with send.conversation': 'ref', 'with send.body': 'body', 'with edit.body': 'body', 'with report.upTo': 'point', 'with report.ranges': 'range', 'with history.before': 'point', 'with history.after': 'point',
  'result send.at': 'point', 'result conversations.items': 'conversation', 'result members.items': 'member', 'result readStates': 'receipt', 'result history.messages': 'message', 'result history.contiguousTo': 'point', 'result readers.items': 'reader',
}

const things = Object.fromEntries(tableOf('| thing | fields |').map(([thing, fields]) => [thing!, namesIn(fields!)]))

/** Names that the page gives to the fields of each thing, frame, event and call. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  ...things, interval: ['joinedAt', 'leftAt'], count: ['id', 'n'], made: ['id', 'kind', 'members', 'title'], ref: ['id', 'kind'], retry: ['afterMs'], body: ['kind', ...things['body']!],
  ...Object.fromEntries(tableOf('| frame | from |').map(([frame, , fields]) => [nameOf(frame!), ['type', ...namesIn(fields!)]])),
  ...Object.fromEntries(tableOf('| event | lane |').map(([event, , fields]) => [`event ${nameOf(event!)}`, ['type', ...namesIn(fields!)]])),
  'event receipt': ['type', ...things['receipt']!],
  ...Object.fromEntries(tableOf('| call | lane |').flatMap(([call, , params, what]) => [[`with ${nameOf(call!)}`, namesIn(params!)], [`result ${nameOf(call!)}`, namesIn(what!.split(': ').slice(1).join(': '))]])),
}

export interface Witness {
  readonly WebSocket: typeof WebSocket
  /** Frames, calls, answers and events that went by. */
  readonly seen: ReadonlySet<string>
  /** Fields that went by and are not on the page. Must be empty. */
  readonly unknown: ReadonlySet<string>
}

export function createWitness(): Witness {
  const seen = new Set<string>()
  const unknown = new Set<string>()

  function look(value: unknown, as: string): void {
    if (as === '*' || typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) return value.forEach((one) => look(one, as))
    seen.add(as)
    for (const [name, inner] of Object.entries(value)) {
      if (!FIELDS[as]?.includes(name)) unknown.add(`${as}.${name}`)
      const within = WITHIN[`${as}.${name}`]
      if (within !== undefined) look(inner, within)
      else if (typeof inner === 'object' && inner !== null && !LOOKED_AT_APART.includes(`${as}.${name}`) && !(Array.isArray(inner) && inner.every((one) => typeof one !== 'object'))) unknown.add(`${as}.${name}: what is in it`)
    }
  }

  class WitnessedSocket extends WebSocket {
    /** Calls by number. */
    readonly #calls = new Map<number, string>()

    constructor(url: string) {
      super(url)
      this.on('message', (data: Buffer) => this.#note(data.toString()))
    }

    override send(data: unknown, ...more: never[]): void {
      this.#note(String(data))
      super.send(data as string, ...more)
    }

    #note(text: string): void {
      const frame = JSON.parse(text) as { readonly type: string; readonly no?: number; readonly name?: string; readonly with?: unknown; readonly result?: unknown; readonly events?: readonly { readonly type: string }[] }
      look(frame, frame.type)
      for (const event of frame.events ?? []) look(event, `event ${event.type}`)
      if (frame.type === 'call') {
        this.#calls.set(frame.no!, frame.name!)
        look(frame.with, `with ${frame.name}`)
      }
      if (frame.type !== 'answer') return
      const call = this.#calls.get(frame.no!)!
      seen.add(`answer to ${call}`)
      look(frame.result, WITHIN[`result ${call}`] ?? `result ${call}`)
    }
  }

  return { WebSocket: WitnessedSocket as unknown as typeof WebSocket, seen, unknown }
}

const LOOKED_AT_APART = ['call.with', 'answer.result', 'events.events', 'ephemeral.events']

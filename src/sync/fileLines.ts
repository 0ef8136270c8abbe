/** A conversation as JSON Lines: a header, its members, their read states, its messages from the oldest. */
import { ChatError, isPoint, type ConversationId, type ConversationKind, type Member, type Message, type Point, type PointRange, type UserId } from '../model/index.js'
import type { MemberState } from '../receipts/index.js'
import type { Gap } from '../storage/index.js'
import { isRow, isText, own } from '../storage/rows/fields.js'
import { messageFault } from '../storage/rows/messageFault.js'
import { gapFault, memberFault, memberStateFault } from '../storage/rows/rowFaults.js'
import { isErased } from './erased.js'
import { wordless } from './hiding.js'
import { isTooDeep } from './nesting.js'
import { UNCONFIRMED_AT } from './optimistic.js'

/** Version of the format. */
export const FORMAT = 1
/** Rows read or written in one transaction. */
export const TRANSFER_ROWS = 500

export interface Header {
  readonly readback: number
  /** Whose file it is: what they deleted for themselves is deleted for nobody else. Absent in files of earlier versions. */
  readonly by?: UserId
  /** `isGuess`: nobody has said of what kind it is. */
  readonly conversation: { readonly id: ConversationId; readonly kind: ConversationKind; readonly isGuess?: boolean; readonly title?: string }
  readonly gaps: readonly Pick<Gap, 'after' | 'before'>[]
}

/** What one line says. */
export interface Parsed {
  readonly message?: Message & { readonly at: Point }
  readonly member?: Member
  readonly readState?: MemberState
  readonly gap?: Pick<Gap, 'after' | 'before'>
  readonly hole?: PointRange
}

export const lineOf = (value: unknown) => `${JSON.stringify(value)}\n`

/** A message in which an app has put what no file can hold (a BigInt, a circle) is a hole: what stands beside it is written. */
export function messageLine(message: Message): string {
  try {
    return lineOf({ message })
  } catch {
    return lineOf({ hole: { from: message.at, to: message.at } })
  }
}

/** Chunks of any size into lines. @throws ChatError `client/invalidImport` for one that is no text */
export async function* splitLines(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string, void, undefined> {
  /** Of a line without its end. Put together once: a long one in small pieces would be copied with each of them. */
  let rest: string[] = []
  for await (const chunk of chunks) {
    if (typeof chunk !== 'string') throw new ChatError('client/invalidImport', 'A piece of the file is no text, as of a stream of bytes, so the file was read only as far as that. Decode it first: file.stream().pipeThrough(new TextDecoderStream()).')
    const [first, ...others] = chunk.split('\n')
    rest.push(first!)
    for (const other of others) {
      const line = rest.join('')
      rest = [other]
      if (line.trim() !== '') yield line
    }
  }
  const last = rest.join('')
  if (last.trim() !== '') yield last
}

/** What no database could give back is damaged, too: it would keep out all that stands beside it. */
export function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return isTooDeep(value) ? null : value
  } catch {
    return null
  }
}

/** Whether a file begins here, also one of another version. */
export function beginsFile(value: unknown): boolean {
  return isRow(value) && own(value, 'readback') !== undefined
}

export function isHeader(value: unknown): value is Header {
  const { readback, conversation, gaps } = (value ?? {}) as Partial<Header>
  return readback === FORMAT && typeof conversation?.id === 'string' && (conversation.kind === 'direct' || conversation.kind === 'group') && (conversation.title === undefined || isText(conversation.title)) && Array.isArray(gaps) && gaps.every((gap) => gapFault({ ...gap, conversationId: '' }) === null)
}

export function understand(value: unknown, conversationId: ConversationId): Parsed | null {
  const { message, member, readState, gap, hole } = (value ?? {}) as { message?: Message; member?: Member; readState?: MemberState; gap?: Gap; hole?: PointRange }
  if (message !== undefined) return messageFault(message) === null && message.at !== null && message.conversationId === conversationId ? { message: settled(message.hidden && !isErased(message) ? wordless(message) : message) as Parsed['message'] & object } : null
  if (member !== undefined) return memberFault(member) === null ? { member } : null
  if (gap !== undefined) return gapFault({ ...gap, conversationId }) === null ? { gap: { after: gap.after, before: gap.before } } : null
  if (hole !== undefined) return isPoint(hole?.from) && isPoint(hole.to) ? { hole: { from: hole.from, to: hole.to } } : null
  return readState !== undefined && memberStateFault(readState) === null ? { readState } : null
}

/** What is no line of this format was one before it was damaged. */
export function mayBeMessage(value: unknown): boolean {
  const { message } = (value ?? {}) as { readonly message?: unknown }
  return value === null || (message !== undefined && messageFault(message) !== null)
}

/** What waited or failed on the other device has no entry in this one's outbox, that would ever end it. */
function settled({ outgoing: _outgoing, failure: _failure, failedAfter: _place, echoOrder: _order, recalledAt, deletedAt, ...row }: Message): Message {
  const isReal = (time: number | undefined) => time !== undefined && time !== UNCONFIRMED_AT
  return { ...row, ...(isReal(recalledAt) ? { recalledAt: recalledAt! } : {}), ...(isReal(deletedAt) ? { deletedAt: deletedAt! } : {}) }
}

export function invalidImport(): ChatError {
  return new ChatError('client/invalidImport', `The first line is not the header of an exported conversation of format ${FORMAT}, so nothing was imported. Hand over what exportConversation() gave, from its beginning.`)
}

#!/usr/bin/env node
/**
 * A whole chat server in one file: the reference for the JSON protocol (stories/docs/Protocol.mdx), on `ws` and an embedded SQLite.
 *
 * What a server has to promise, and where it is kept here:
 * - Accepted means stored: answers leave after the commit (`drain`).
 * - The same (sender, localId) is the same message, for ever (`send`).
 * - Each conversation has one dense order, and receipts only move forward (`send`, `report`).
 * - A device that comes back gets everything after its cursor, in order (`log`, `seen`, `nextEvents`): live events take the same way,
 *   so there is no second path on which something could be lost.
 * - Messages and receipts never wait for each other: two queues in (`queues`), two lanes with a window each out (`pump`).
 *
 * One process, one file, one machine. It shows the rules; a server for more people keeps the rules and changes the rest.
 */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import sqlite from 'node-sqlite3-wasm'
import { WebSocketServer } from 'ws'

const VERSION = 1
/** `events` frames of a lane without a `got`. */
const WINDOW = 4
const FRAME_EVENTS = 100
const FRAME_BYTES = 32_768
/** Rows of the log that are looked at in one go. */
const SCAN_ROWS = 10_000
/** Commands of one queue that share a transaction. */
const BATCH = 250
const MAX_PAGE = 500
/** Devices copy no deeper ones: such a message would be left out by everybody. */
const MAX_DEPTH = 32
const HELLO_TIMEOUT_MS = 10_000
/** Longest text that somebody may say with a receipt. */
const CONTENT_CHARS = 256
/** Devices ask for a sign of life every 30 s; one that was silent for three times that is gone. */
const SILENCE_MS = 90_000
/** A peer that sends this many frames nobody can read is cut off. */
const MAX_PROBLEMS = 100
/** Calls of one device without an answer; the protocol has 64 a lane. */
const MAX_OPEN_CALLS = 512
/** What may wait for a peer that does not read. */
const MAX_UNREAD_BYTES = 16 * 2 ** 20
const DAY_MS = 86_400_000

const DEFAULTS = {
  host: '127.0.0.1', port: 8787, file: '.cache/readback-chat.sqlite', secret: undefined, restored: false,
  backfill: 200, replayLimit: 5_000, bodyBytes: 65_536, frameBytes: 1_048_576, recallWindowMs: 120_000, receiptWindowMs: Infinity, groupSize: 1_000, sendsPerSecond: Infinity,
}

const SCHEMA = `
  create table if not exists meta (key text primary key, value text not null) without rowid;
  create table if not exists conversations (
    id text primary key, kind text not null, title text, epoch integer not null default 0, next_order integer not null default 1, active_at integer not null default 0
  ) without rowid;
  create table if not exists members (conversation text not null, user text not null, role text not null, present integer not null, intervals text not null, primary key (conversation, user)) without rowid;
  create index if not exists members_by_user on members (user, present);
  -- From which row of the log (inclusive) to which (exclusive) somebody is told what happens in a conversation.
  create table if not exists seen (user text not null, conversation text not null, from_seq integer not null, to_seq integer, primary key (user, conversation, from_seq)) without rowid;
  -- place = epoch and order in one number, so that one comparison orders points.
  create table if not exists messages (
    conversation text not null, place integer not null, id text not null unique, sender text not null, local_id text not null, time integer not null, body text not null,
    receipt_requested integer, reply_to text, edited_at integer, recalled_at integer, deleted_at integer, reactions text, seq integer not null,
    primary key (conversation, place), unique (conversation, sender, local_id)
  ) without rowid;
  -- Everything that happened, in one order for the whole server. Texts stay in messages: what was taken back is gone from here too.
  create table if not exists log (seq integer primary key, lane text not null, conversation text not null, type text not null, message text, only_for text, origin text, data text);
  -- Whole read state of a member, and when each step of it was learnt.
  create table if not exists progress (conversation text not null, user text not null, kind text not null, visibility text not null, up_to integer, ranges text not null, primary key (conversation, user, kind, visibility)) without rowid;
  create table if not exists facts (conversation text not null, user text not null, kind text not null, visibility text not null, from_place integer not null, to_place integer not null, time integer not null);
  create index if not exists facts_by_member on facts (conversation, user, kind, visibility, to_place);
  -- What somebody said with a receipt of one message; the first stays.
  create table if not exists contents (conversation text not null, user text not null, kind text not null, visibility text not null, message text not null, content text not null, time integer not null, primary key (conversation, user, kind, visibility, message)) without rowid;
`

/** A call was looked at and not taken. Thrown before anything is written. */
class Refusal extends Error {
  constructor(code, message, retry = 'no') {
    super(message)
    this.answer = { code: `transport/${code}`, message, stored: 'no', retry }
  }
}

// ── Values from outside ─────────────────────────────────────────────────────

/** Own fields named `__proto__` go, however they are spelt: copied with an assignment they would change what they are copied into. */
function parseFrame(data, isBinary, limit) {
  if (isBinary) throw new Refusal('invalid', 'Frames are text. This one was binary, and was not read.')
  if (data.length > limit) throw new Refusal('tooLarge', `The frame has ${data.length} bytes and this server takes ${limit}. It was not read.`)
  let frame
  try {
    const text = data.toString()
    frame = /__proto__|\\u/.test(text) ? JSON.parse(text, (key, value) => (key === '__proto__' ? undefined : value)) : JSON.parse(text)
  } catch {
    throw new Refusal('invalid', 'The frame is no JSON. It was not read.')
  }
  return fields(frame, 'A frame')
}

function fields(value, what) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('invalid', `${what} must be an object. Nothing was stored.`)
  return value
}

function name(value, what) {
  if (typeof value !== 'string' || value === '' || value.length > 1_024) throw new Refusal('invalid', `${what} must be a text of 1 to 1,024 characters. Nothing was stored.`)
  return value
}

const nameIfAny = (value, what) => (value === undefined ? null : name(value, what))

function choice(value, what, choices) {
  if (!choices.includes(value)) throw new Refusal('invalid', `${what} must be one of ${choices.join(', ')}. Nothing was stored.`)
  return value
}

function list(value, what, longest) {
  if (!Array.isArray(value) || value.length > longest) throw new Refusal('invalid', `${what} must be a list of at most ${longest}. Nothing was stored.`)
  return value
}

function pageSize(value) {
  if (!Number.isSafeInteger(value) || value < 1) throw new Refusal('invalid', 'limit must be a whole number from 1. Nothing was read.')
  return Math.min(value, MAX_PAGE)
}

function requireShallow(value) {
  let level = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw new Refusal('invalid', 'The body is nested too deep. It was not stored.')
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []))
  }
}

const isText = (value) => typeof value === 'string'
const isName = (value) => isText(value) && value !== '' && value.length <= 1_024
const isAmount = (value) => Number.isFinite(value) && value >= 0
const isPlace = (value) => Number.isSafeInteger(value) && value >= 0
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
/** What is left out may also be null. */
const where = (value, is, names) => names.every((one) => value[one] === undefined || value[one] === null || is(value[one]))
const isFile = (value) => isObject(value) && where(value, isText, ['url', 'ref', 'name', 'mime']) && where(value, isAmount, ['sizeBytes'])
const isMention = (value) => isObject(value) && isName(value.userId) && isPlace(value.start) && isPlace(value.end)

/** Whether devices can read a body of a kind that they know. Accepted and readable by nobody would be a message that all but its author miss. */
const READABLE = {
  text: (body) => isText(body.text) && where(body, (list) => Array.isArray(list) && list.every(isMention), ['mentions']),
  system: (body) => isText(body.text),
  image: (body) => isFile(body.file) && where(body, isAmount, ['widthPx', 'heightPx']) && where(body, isText, ['alt']),
  video: (body) => isFile(body.file) && where(body, isAmount, ['widthPx', 'heightPx', 'durationMs']),
  voice: (body) => isFile(body.file) && where(body, isAmount, ['durationMs']),
  file: (body) => isFile(body.file),
  custom: (body) => isName(body.type) && where(body, isText, ['fallback']),
}

// ── Points and progress ─────────────────────────────────────────────────────

const EPOCH = 2 ** 32

/** A point as one number; `id` only names the message there. */
function placeOf(point) {
  const { epoch, order } = fields(point, 'A point')
  if (![epoch, order].every((n) => Number.isSafeInteger(n) && n >= 0) || order >= EPOCH || epoch >= 2 ** 20) throw new Refusal('invalid', 'A point must have an epoch and an order ≥ 0. Nothing was stored.')
  return epoch * EPOCH + order
}

/** Everything of two progresses: the later prefix, and ranges that merge only where they overlap or share an end. */
function join(a, b) {
  let upTo = Math.max(a.upTo ?? -1, b.upTo ?? -1)
  const ranges = []
  for (const [from, to] of [...a.ranges, ...b.ranges].sort((one, other) => one[0] - other[0])) {
    const last = ranges.at(-1)
    if (from <= upTo) upTo = Math.max(upTo, to)
    else if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else ranges.push([from, to])
  }
  return { upTo: upTo < 0 ? null : upTo, ranges: ranges.filter(([from]) => from > upTo) }
}

/** Stretches of one receipt: a device drops one that names more than ten times as many. */
const MOST_RANGES = 1_000

/** How far somebody got, in as many receipts as it takes; what was said of single messages is in the first. */
function inParts(receipt) {
  const { ids: _ids, content: _content, ranges = [], ...rest } = receipt
  if (ranges.length <= MOST_RANGES) return [receipt]
  const parts = Array.from({ length: Math.ceil(ranges.length / MOST_RANGES) }, (_, n) => ranges.slice(n * MOST_RANGES, (n + 1) * MOST_RANGES))
  return parts.map((part, n) => ({ ...(n === 0 ? receipt : rest), ranges: part }))
}

const covers = ({ upTo, ranges }, place) => (upTo !== null && place <= upTo) || ranges.some(([from, to]) => from <= place && place <= to)

// ── The server ──────────────────────────────────────────────────────────────

/**
 * @param {Partial<typeof DEFAULTS>} given
 * @returns {Promise<{ url: string, port: number, counts: Record<string, number>, close(): Promise<void> }>}
 */
export async function startServer(given = {}) {
  const options = { ...DEFAULTS, ...given }
  const db = openDatabase(options.file)
  const statements = new Map()
  const statement = (text) => statements.get(text) ?? statements.set(text, db.prepare(text)).get(text)
  const run = (text, ...values) => statement(text).run(values)
  const one = (text, ...values) => statement(text).get(values) ?? undefined
  const all = (text, ...values) => statement(text).all(values)

  db.exec(SCHEMA)
  let serverId = one('select value from meta where key = ?', 'serverId')?.value
  if (!serverId || options.restored) beginAnew()
  let head = one('select max(seq) as seq from log').seq ?? 0
  let greatestEpoch = one('select max(epoch) as epoch from conversations').epoch ?? 0
  const counts = { connections: 0, accepted: 0, repeats: 0, reports: 0, refusals: 0, problems: 0, transactions: 0 }

  /** After a backup was restored the tail is lost: a new name tells devices, and new epochs keep what comes from being born read. */
  function beginAnew() {
    serverId = randomUUID()
    db.exec('begin')
    run('insert into meta values (?, ?) on conflict (key) do update set value = excluded.value', 'serverId', serverId)
    run('update conversations set epoch = epoch + 1, next_order = 1')
    db.exec('commit')
  }

  // ── What is known ──

  const conversationRow = (id) => one('select * from conversations where id = ?', id)
  const membersOf = (id) => all('select * from members where conversation = ?', id)
  const isMember = (id, user) => one('select 1 from members where conversation = ? and user = ? and present = 1', id, user) !== undefined
  const headPlace = (id) => one('select max(place) as place from messages where conversation = ?', id).place
  const peersOf = (user) => all('select distinct other.user from members mine join members other on other.conversation = mine.conversation and other.present = 1 where mine.user = ? and mine.present = 1 and other.user <> ?', user, user).map((row) => row.user)

  function pointAt(conversation, place) {
    if (place === null || place === undefined) return null
    const id = one('select id from messages where conversation = ? and place = ?', conversation, place)?.id ?? ''
    return { epoch: Math.floor(place / EPOCH), order: place % EPOCH, id }
  }

  function messageView(row) {
    return {
      conversationId: row.conversation, id: row.id, at: { epoch: Math.floor(row.place / EPOCH), order: row.place % EPOCH, id: row.id }, from: row.sender, localId: row.local_id, time: row.time, body: JSON.parse(row.body),
      ...(row.receipt_requested ? { receiptRequested: true } : {}), ...(row.reply_to === null ? {} : { replyTo: row.reply_to }),
      ...(row.edited_at === null ? {} : { editedAt: row.edited_at }), ...(row.recalled_at === null ? {} : { recalledAt: row.recalled_at }), ...(row.deleted_at === null ? {} : { deletedAt: row.deleted_at }),
      ...(row.reactions === null ? {} : { reactions: JSON.parse(row.reactions) }),
    }
  }

  const memberView = ({ user, role, intervals }) => ({ userId: user, role, intervals: JSON.parse(intervals) })

  function conversationView({ id, kind, title }) {
    const last = one('select * from messages where conversation = ? order by place desc limit 1', id)
    return { id, kind, ...(title === null ? {} : { title }), head: last ? messageView(last).at : null, ...(last ? { lastMessage: messageView(last) } : {}), members: membersOf(id).map(memberView), rosterComplete: true }
  }

  /** Who has left meanwhile is not told what came after. */
  function conversationEvent(id, user) {
    const { head: newest, lastMessage, ...rest } = conversationView(conversationRow(id))
    return { type: 'conversation', conversation: isMember(id, user) ? { ...rest, head: newest, lastMessage } : rest }
  }

  const conversationsOf = (user) => all('select c.* from members m join conversations c on c.id = m.conversation where m.user = ? and m.present = 1 order by c.active_at desc, c.id', user)

  function progressOf(conversation, user, kind, visibility) {
    const row = one('select * from progress where conversation = ? and user = ? and kind = ? and visibility = ?', conversation, user, kind, visibility)
    return row ? { upTo: row.up_to, ranges: JSON.parse(row.ranges) } : { upTo: null, ranges: [] }
  }

  const progressView = (conversation, { upTo, ranges }) => ({ upTo: pointAt(conversation, upTo), ranges: ranges.map(([from, to]) => ({ from: pointAt(conversation, from), to: pointAt(conversation, to) })) })

  /** Everybody's published state, and my own. A time only where one step made the whole: a later one would be wrong for what was read before. */
  function readStatesOf(conversation, user) {
    const contents = all('select * from contents where conversation = ? and (visibility = ? or user = ?)', conversation, 'published', user)
    const said = contents.map(({ user: by, kind, visibility, message, content, time }) => ({ conversationId: conversation, by, kind, visibility, ids: [message], content, time }))
    const states = all('select * from progress where conversation = ? and (visibility = ? or user = ?)', conversation, 'published', user).map((row) => {
      const times = all('select time from facts where conversation = ? and user = ? and kind = ? and visibility = ? limit 2', conversation, row.user, row.kind, row.visibility)
      return { conversationId: conversation, by: row.user, kind: row.kind, visibility: row.visibility, ...progressView(conversation, { upTo: row.up_to, ranges: JSON.parse(row.ranges) }), ...(times.length === 1 ? { time: times[0].time } : {}) }
    })
    return [...states.flatMap(inParts), ...said]
  }

  // ── What may be done ──

  function requireConversation(id) {
    const row = conversationRow(name(id, 'conversationId'))
    if (!row) throw new Refusal('notFound', `There is no conversation "${id}". Nothing was stored. Make it first.`)
    return row
  }

  function requireMember(id, user) {
    const row = requireConversation(id)
    if (!isMember(id, user)) throw new Refusal('forbidden', `"${user}" is not a member of conversation "${id}". Only members send, receive and report. Nothing was stored.`)
    return row
  }

  function requireMessage(conversation, id) {
    const row = one('select * from messages where id = ? and conversation = ?', name(id, 'id'), conversation)
    if (!row) throw new Refusal('notFound', `Conversation "${conversation}" has no message "${id}". Nothing was changed.`)
    return row
  }

  function requireOwn(user, { conversationId, id }, verb) {
    requireMember(conversationId, user)
    const row = requireMessage(conversationId, id)
    if (row.sender !== user) throw new Refusal('forbidden', `"${user}" cannot ${verb} message "${id}" of somebody else. Nothing was changed.`)
    return row
  }

  function requireBody(body) {
    const kind = name(fields(body, 'A body').kind, 'body.kind')
    if (Object.hasOwn(READABLE, kind) && !READABLE[kind](body)) throw new Refusal('invalid', `The body is none of kind "${kind}", so nobody could read it. It was not stored. The page on the protocol says what is in one.`)
    requireShallow(body)
    const text = JSON.stringify(body)
    const bytes = Buffer.byteLength(text)
    if (bytes > options.bodyBytes) throw new Refusal('tooLarge', `The body is ${bytes} bytes and this server takes ${options.bodyBytes}. It was not stored and will not be retried. Shorten it or send it as an attachment.`)
    return text
  }

  /** The newest message that is new in a report decides: positions cover what is before them. Own devices learn of it however late. */
  function requireInTime(conversation, before, after, now) {
    if (options.receiptWindowMs === Infinity) return
    const greatest = Math.max(after.upTo ?? -1, after.ranges.at(-1)?.[1] ?? -1)
    for (const { id, place, time } of all('select id, place, time from messages where conversation = ? and place <= ? order by place desc limit 1000', conversation, greatest)) {
      if (!covers(after, place) || covers(before, place)) continue
      if (now - time > options.receiptWindowMs) throw new Refusal('receiptExpired', `Message "${id}" was sent ${now - time} ms ago and receipts are taken for ${options.receiptWindowMs} ms. It was not stored and nobody is told. Report it to your own devices.`)
      return
    }
  }

  const isGone = (row) => row.recalled_at !== null || row.deleted_at !== null
  const nextPoint = ({ epoch, next_order: order }) => ({ epoch, order, id: '' })

  /** Writes down what happened. Devices are told of it from here, after the commit. */
  function log(lane, conversation, type, { message = null, onlyFor = null, origin = null, data } = {}) {
    head += 1
    run('insert into log values (?, ?, ?, ?, ?, ?, ?, ?)', head, lane, conversation, type, message, onlyFor, origin, data === undefined ? null : JSON.stringify(data))
    touched.add(conversation)
    return head
  }

  function makeConversation(user, { id, kind, members, title }) {
    name(id, 'conversation.id')
    if (conversationRow(id)) return false
    if (title !== undefined && title !== null && typeof title !== 'string') throw new Refusal('invalid', 'A title must be a text. The conversation was not made.')
    const users = [...new Set([user, ...list(members, 'members', options.groupSize).map((member) => name(member, 'member'))])]
    if (users.length > options.groupSize) throw new Refusal('tooLarge', `Conversation "${id}" would have ${users.length} members and this server takes ${options.groupSize}. It was not made. Choose fewer members.`)
    run('insert into conversations (id, kind, title) values (?, ?, ?)', id, choice(kind, 'kind', ['direct', 'group']), typeof title === 'string' ? title.slice(0, 1_024) : null)
    const seq = log('message', id, 'conversation')
    for (const member of users) {
      run('insert into members values (?, ?, ?, 1, ?)', id, member, member === user ? 'owner' : 'member', JSON.stringify([{ joinedAt: null, leftAt: null }]))
      run('insert into seen values (?, ?, ?, null)', member, id, seq)
    }
    return true
  }

  /** One that cannot be made keeps nobody from being online; what is sent to it is refused. */
  function makeIfAllowed(user, made) {
    try {
      if (Array.isArray(made.members) && made.members.includes(user)) makeConversation(user, made)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
  }

  function raiseEpochs(user, least) {
    for (const { id, epoch } of conversationsOf(user)) {
      if (epoch >= least) continue
      run('update conversations set epoch = ?, next_order = 1 where id = ?', least, id)
      greatestEpoch = Math.max(greatestEpoch, least)
      log('message', id, 'reset', { data: { epoch: least } })
    }
  }

  /** Every call of the protocol: who calls, what with, from which device. Checks first, writes after, returns the result. */
  const calls = {
    send(user, { localId, conversation, body, receiptRequested, replyTo }, origin) {
      // What was taken is told again also to who has left since: the answer may have been lost.
      const stored = one('select * from messages where conversation = ? and sender = ? and local_id = ?', requireConversation(fields(conversation, 'conversation').id).id, user, name(localId, 'localId'))
      if (stored) {
        counts.repeats += 1
        return { localId, id: stored.id, at: messageView(stored).at, time: stored.time, repeat: true }
      }
      const row = requireMember(conversation.id, user)
      const text = requireBody(body)
      requireRate(user)
      const id = randomUUID()
      const time = Date.now()
      const place = row.epoch * EPOCH + row.next_order
      const values = [row.id, place, id, user, localId, time, text, receiptRequested === true ? 1 : null, nameIfAny(replyTo, 'replyTo')]
      const seq = log('message', row.id, 'message', { message: id, origin })
      run('insert into messages (conversation, place, id, sender, local_id, time, body, receipt_requested, reply_to, seq) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', ...values, seq)
      run('update conversations set next_order = next_order + 1, active_at = ? where id = ?', time, row.id)
      counts.accepted += 1
      return { localId, id, at: { epoch: row.epoch, order: row.next_order, id }, time }
    },

    report(user, { conversationId, kind, visibility, upTo, ranges, ageMs, content, ids }, origin) {
      const row = requireMember(conversationId, user)
      choice(kind, 'kind', ['delivered', 'read', 'viewed'])
      choice(visibility, 'visibility', ['published', 'ownDevices'])
      const last = headPlace(row.id)
      const told = { upTo: upTo === null ? null : existing(upTo), ranges: list(ranges, 'ranges', 10_000).map((range) => [existing(fields(range, 'A range').from), existing(range.to)]) }
      if (told.ranges.some(([from, to]) => from > to)) throw new Refusal('invalid', 'A stretch ends before it begins. The report was not stored.')
      const before = progressOf(row.id, user, kind, visibility)
      const after = join(before, told)
      const isSaid = (id) => one('select 1 from contents where conversation = ? and user = ? and kind = ? and visibility = ? and message = ?', row.id, user, kind, visibility, id) !== undefined
      const fresh = named(content, ids).filter((id) => !isSaid(id))
      if (JSON.stringify(after) === JSON.stringify(before) && fresh.length === 0) return null
      const now = Date.now()
      if (visibility === 'published') requireInTime(row.id, before, after, now)
      /** Not before the last of it was sent, not in the future, and otherwise as old as the report says. */
      const timeOf = (said) => {
        const sentAt = one('select time from messages where conversation = ? and place <= ? order by place desc limit 1', row.id, said.ranges.at(-1)?.[1] ?? said.upTo)?.time ?? 0
        return Math.max(Math.min(sentAt, now), now - (Number.isFinite(ageMs) && ageMs > 0 ? ageMs : 0))
      }
      const time = timeOf(told)
      run('insert into progress values (?, ?, ?, ?, ?, ?) on conflict do update set up_to = excluded.up_to, ranges = excluded.ranges', row.id, user, kind, visibility, after.upTo, JSON.stringify(after.ranges))
      if (after.upTo !== null && after.upTo !== before.upTo) run('insert into facts values (?, ?, ?, ?, ?, ?, ?)', row.id, user, kind, visibility, 0, after.upTo, time)
      for (const [from, to] of told.ranges) run('insert into facts values (?, ?, ?, ?, ?, ?, ?)', row.id, user, kind, visibility, from, to, time)
      const data = { by: user, kind, visibility, ...progressView(row.id, after), time: timeOf(after), ...(fresh.length > 0 ? { ids: fresh, content } : {}) }
      for (const id of fresh) run('insert into contents values (?, ?, ?, ?, ?, ?, ?)', row.id, user, kind, visibility, id, content, data.time)
      log('receipt', row.id, 'receipt', { onlyFor: visibility === 'ownDevices' ? user : null, origin, data })
      counts.reports += 1
      return null

      /** The messages that a content is of. */
      function named(content, ids) {
        if (content === undefined || content === null) return []
        if (typeof content !== 'string' || content === '' || content.length > CONTENT_CHARS) throw new Refusal('invalid', `The content of a report must be a text of 1 to ${CONTENT_CHARS} characters. The report was not stored.`)
        return list(ids, 'ids', 1_000).map((id) => {
          if (!covers(after, requireMessage(row.id, id).place)) throw new Refusal('invalid', `The report has content for message "${id}", and does not say that it was reached. It was not stored.`)
          return id
        })
      }

      /** Of an earlier epoch anything may be named: it can do no harm there. */
      function existing(point) {
        const place = placeOf(point)
        if (Math.floor(place / EPOCH) >= row.epoch && place > (last ?? -1)) throw new Refusal('receiptBeyondHead', `"${user}" reports message ${point.order} of epoch ${point.epoch} in conversation "${row.id}", which has not been sent yet. It was not stored, for nobody can have read it.`)
        return place
      }
    },

    /** By id: in the order of activity one that moves to the front meanwhile would stand on no page, and one that is left would take its neighbour with it. */
    conversations(user, { cursor, limit }) {
      const size = pageSize(limit)
      const rows = all('select c.* from members m join conversations c on c.id = m.conversation where m.user = ? and m.present = 1 and c.id > ? order by c.id limit ?', user, nameIfAny(cursor ?? undefined, 'cursor') ?? '', size + 1)
      const items = fitting(rows.slice(0, size), conversationView)
      return { items, ...(items.length < rows.length ? { next: items.at(-1).id } : {}) }
    },

    members: (user, { conversationId, cursor, limit }) => paged(membersOf(requireMember(conversationId, user).id), cursor, limit, memberView),
    // It has no pages. What goes into no frame comes as events, as all of it does; my own must not come late, or what I read elsewhere is unread for a moment.
    readStates: (user, { conversationId }) => fitting(readStatesOf(requireMember(conversationId, user).id, user).sort((a, b) => Number(b.by === user) - Number(a.by === user)), (state) => state),

    history(user, { conversationId, before, after, limit }) {
      const { id } = requireMember(conversationId, user)
      const size = pageSize(limit)
      const rows = after === undefined
        ? all('select * from messages where conversation = ? and place < ? order by place desc limit ?', id, before === undefined ? Number.MAX_SAFE_INTEGER : placeOf(before), size + 1)
        : all('select * from messages where conversation = ? and place > ? order by place limit ?', id, placeOf(after), size + 1)
      const messages = fitting(rows.slice(0, size), messageView)
      const more = rows.length > messages.length
      if (after === undefined) messages.reverse()
      return { messages, contiguousTo: more ? (after === undefined ? messages[0].at : messages.at(-1).at) : null }
    },

    readers(user, { conversationId, id, cursor, limit }) {
      const conversation = requireMember(conversationId, user).id
      const { place, sender } = requireMessage(conversation, id)
      const found = membersOf(conversation).filter((member) => member.user !== sender).flatMap((member) => {
        const kind = ['viewed', 'read', 'delivered'].find((each) => covers(progressOf(conversation, member.user, each, 'published'), place))
        return kind ? [{ userId: member.user, kind }] : []
      })
      const saidBy = ({ userId }) => one('select content from contents where conversation = ? and user = ? and message = ? and visibility = ? order by kind desc limit 1', conversation, userId, id, 'published')
      const timeOf = ({ userId, kind }) => one('select min(time) as time from facts where conversation = ? and user = ? and kind = ? and visibility = ? and to_place >= ? and from_place <= ?', conversation, userId, kind, 'published', place, place).time
      return paged(found, cursor, limit, (reader) => ({ ...reader, time: timeOf(reader), ...saidBy(reader) }))
    },

    join(user, { conversationId }) {
      const row = requireConversation(conversationId)
      const before = one('select * from members where conversation = ? and user = ?', row.id, user)
      if (before?.present) return null
      if (row.kind === 'direct' && !before) throw new Refusal('forbidden', `"${user}" cannot join "${row.id}": a direct conversation has the members that it was made with. Make a group instead.`)
      if (membersOf(row.id).filter(({ present }) => present).length >= options.groupSize) throw new Refusal('tooLarge', `Conversation "${row.id}" is full: this server takes ${options.groupSize} members.`)
      const joinedAt = row.next_order === 1 && row.epoch === 0 && !before ? null : nextPoint(row)
      const intervals = [...(before ? JSON.parse(before.intervals) : []), { joinedAt, leftAt: null }]
      run('insert into members values (?, ?, ?, 1, ?) on conflict do update set present = 1, intervals = excluded.intervals', row.id, user, before?.role ?? 'member', JSON.stringify(intervals))
      run('insert into seen values (?, ?, ?, null)', user, row.id, log('message', row.id, 'member', { data: { userId: user } }))
      // What was read before, or while they were away, was told to the others only.
      for (const state of readStatesOf(row.id, user)) log('receipt', row.id, 'receipt', { onlyFor: user, data: state })
      return null
    },

    leave(user, { conversationId }) {
      const row = requireConversation(conversationId)
      const before = one('select * from members where conversation = ? and user = ? and present = 1', row.id, user)
      if (!before) return null
      const intervals = JSON.parse(before.intervals)
      intervals.at(-1).leftAt = nextPoint(row)
      run('update members set present = 0, intervals = ? where conversation = ? and user = ?', JSON.stringify(intervals), row.id, user)
      // The row that ends it is the last one they are told of.
      run('update seen set to_seq = ? where conversation = ? and user = ? and to_seq is null', log('message', row.id, 'member', { data: { userId: user } }) + 1, row.id, user)
      return null
    },

    /** One that exists stays as it is: a device that comes back late must not bring former members with it. */
    ensureConversation(user, made) {
      if (!makeConversation(user, made)) requireMember(made.id, user)
      return null
    },

    edit(user, params) {
      const row = requireOwn(user, params, 'edit')
      const text = requireBody(params.body)
      if (isGone(row)) throw new Refusal('notFound', `Message "${row.id}" was taken back or deleted, so there is nothing to edit. Send a new message.`)
      if (text === row.body) return null
      run('update messages set body = ?, edited_at = ? where id = ?', text, Date.now(), row.id)
      log('message', row.conversation, 'edited', { message: row.id })
      return null
    },

    recall(user, params) {
      const row = requireOwn(user, params, 'recall')
      if (isGone(row)) return null
      const time = Date.now()
      if (time - row.time > options.recallWindowMs) throw new Refusal('recallTooLate', `Message "${row.id}" was sent ${time - row.time} ms ago and can be recalled for ${options.recallWindowMs} ms. It stays. Delete it instead.`)
      run('update messages set body = ?, recalled_at = ? where id = ?', EMPTY, time, row.id)
      run('delete from contents where message = ?', row.id)
      log('message', row.conversation, 'recalled', { data: { id: row.id, by: user, time } })
      return null
    },

    /** For all: by the author, and in groups by who owns or administers them. */
    delete(user, { conversationId, id }) {
      const { kind } = requireMember(conversationId, user)
      const row = requireMessage(conversationId, id)
      const role = one('select role from members where conversation = ? and user = ?', conversationId, user).role
      if (row.sender !== user && (role === 'member' || kind === 'direct')) throw new Refusal('forbidden', `"${user}" cannot delete message "${id}" of somebody else. Nothing was changed.`)
      if (isGone(row)) return null
      const time = Date.now()
      run('update messages set body = ?, deleted_at = ? where id = ?', EMPTY, time, id)
      run('delete from contents where message = ?', id)
      log('message', conversationId, 'deleted', { data: { id, by: user, time } })
      return null
    },

    react(user, { conversationId, id, emoji, on }) {
      requireMember(conversationId, user)
      const row = requireMessage(conversationId, id)
      const reaction = { emoji: name(emoji, 'emoji'), by: user }
      const before = row.reactions === null ? [] : JSON.parse(row.reactions)
      const others = before.filter((each) => each.by !== user || each.emoji !== emoji)
      if ((others.length < before.length) === (on === true) || isGone(row)) return null
      run('update messages set reactions = ? where id = ?', JSON.stringify(on === true ? [...others, reaction] : others), id)
      log('message', conversationId, 'reacted', { data: { id, reaction, on: on === true } })
      return null
    },

    typing(user, { conversationId, on }) {
      const { id } = requireMember(conversationId, user)
      const others = membersOf(id).filter((member) => member.present && member.user !== user).map((member) => member.user)
      whisper(others, { type: 'typing', conversationId: id, by: user, on: on === true })
      return null
    },

    presence(user, { presence }) {
      wishes.set(user, choice(presence, 'presence', ['online', 'unavailable']))
      tellPresence(user)
      return null
    },
  }

  const EMPTY = JSON.stringify({ kind: 'text', text: '' })

  function paged(items, cursor, limit, view) {
    const from = Math.max(0, Number(nameIfAny(cursor ?? undefined, 'cursor')) || 0)
    const until = from + pageSize(limit)
    const shown = fitting(items.slice(from, until), view)
    const next = from + shown.length
    return { items: shown, ...(next < items.length ? { next: String(next) } : {}) }
  }

  /** As many as go into one frame, and at least one: a page may be shorter than was asked for. */
  function fitting(items, view) {
    const shown = []
    let bytes = 0
    for (const item of items) {
      const one = view(item)
      bytes += Buffer.byteLength(JSON.stringify(one))
      if (shown.length > 0 && bytes > options.frameBytes / 2) break
      shown.push(one)
    }
    return shown
  }

  const buckets = new Map()

  /** A bucket of two seconds' worth: short bursts pass. */
  function requireRate(user) {
    if (options.sendsPerSecond === Infinity) return
    const now = performance.now()
    const bucket = buckets.get(user) ?? buckets.set(user, { left: options.sendsPerSecond * 2, at: now }).get(user)
    bucket.left = Math.min(options.sendsPerSecond * 2, bucket.left + ((now - bucket.at) / 1_000) * options.sendsPerSecond)
    bucket.at = now
    if (bucket.left < 1) throw new Refusal('rateLimited', `"${user}" sends more than ${options.sendsPerSecond} messages a second. It was not stored; try again a little later.`, { afterMs: Math.ceil(((1 - bucket.left) / options.sendsPerSecond) * 1_000) })
    bucket.left -= 1
  }

  // ── Transactions: many commands share one, and each is answered after the commit ──

  const queues = { receipt: [], intent: [] }
  let touched = new Set()
  let draining = false

  function enqueue(lane, decide, done) {
    queues[lane].push({ decide, done })
    if (draining) return
    draining = true
    setImmediate(drain)
  }

  function drain() {
    const batch = [...queues.receipt.splice(0, BATCH), ...queues.intent.splice(0, BATCH)]
    if (batch.length > 0) runBatch(batch)
    draining = queues.receipt.length + queues.intent.length > 0
    if (draining) setImmediate(drain)
  }

  function runBatch(batch) {
    const [headBefore, epochBefore] = [head, greatestEpoch]
    touched = new Set()
    let outcomes
    try {
      db.exec('begin immediate')
      outcomes = batch.map(({ decide }) => {
        try {
          return { result: decide() }
        } catch (error) {
          // A refusal wrote nothing. Anything else may have, so nothing of the batch counts.
          if (error instanceof Refusal) return { refusal: error.answer }
          throw error
        }
      })
      db.exec('commit')
      counts.transactions += 1
    } catch (error) {
      if (batch.length === 1) console.error('A transaction was rolled back:', error)
      if (db.inTransaction) db.exec('rollback')
      head = headBefore
      greatestEpoch = epochBefore
      // What one of them breaks is no loss of the others.
      if (batch.length > 1) return batch.forEach((each) => runBatch([each]))
      const refusal = { code: 'transport/server', message: 'The server could not write to its database, so nothing was stored. It will be tried again.', stored: 'no', retry: 'yes' }
      outcomes = batch.map(() => ({ refusal }))
    }
    const concerned = new Set([...touched].flatMap((id) => membersOf(id).map(({ user }) => user)))
    batch.forEach(({ done }, index) => done(outcomes[index]))
    for (const connection of connections) if (concerned.has(connection.user)) pump(connection)
  }

  // ── Connections ──

  const connections = new Set()
  const wishes = new Map()
  const shown = new Map()

  function accept(socket) {
    const connection = {
      socket, user: null, device: '', heardAt: Date.now(), problems: 0, numbers: new Set(), greatestNo: 0, openCalls: 0, skip: new Map(), pumping: false,
      lanes: { message: newLane(), receipt: newLane() }, timers: [setTimeout(() => socket.close(1008, 'no hello'), HELLO_TIMEOUT_MS)],
    }
    const silence = setInterval(() => Date.now() - connection.heardAt > SILENCE_MS && socket.terminate(), SILENCE_MS / 3)
    socket.on('message', (data, isBinary) => {
      connection.heardAt = Date.now()
      try {
        receive(connection, parseFrame(data, isBinary, options.frameBytes))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        complain(connection, error.answer)
      }
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearInterval(silence)
      connection.timers.forEach(clearTimeout)
      connections.delete(connection)
      if (connection.user !== null) tellPresence(connection.user)
    })
  }

  const newLane = () => ({ position: 0, backlog: null, parts: [], no: 0, open: 0 })

  function write({ socket }, frame) {
    if (socket.readyState !== socket.OPEN) return
    socket.send(JSON.stringify(frame))
    // It asks and does not read; what it missed it gets when it comes back.
    if (socket.bufferedAmount > MAX_UNREAD_BYTES) socket.terminate()
  }

  /** Something came that is no frame. It is said, and nothing is done. */
  function complain(connection, answer, no) {
    counts.problems += 1
    connection.problems += 1
    write(connection, { type: 'refusal', ...(no === undefined ? {} : { no }), ...answer })
    if (connection.user === null || connection.problems >= MAX_PROBLEMS) connection.socket.close(1008, 'too many frames that cannot be read')
  }

  function receive(connection, frame) {
    if (connection.user === null && frame.type !== 'hello') throw new Refusal('invalid', 'The first frame must be a hello. Nothing was read.')
    switch (frame.type) {
      case 'hello': return connection.user === null && connection.device === '' ? greet(connection, frame) : complain(connection, new Refusal('invalid', 'A second hello. It was not read.').answer)
      case 'ping': return write(connection, { type: 'pong' })
      case 'got': return got(connection, frame)
      case 'call': return call(connection, frame)
      default: throw new Refusal('invalid', 'A frame of a type that this server does not know. It was not read.')
    }
  }

  function call(connection, { no, name: method, with: params }) {
    if (!Number.isSafeInteger(no) || no < 1) throw new Refusal('invalid', 'A call must have a number from 1. It was not read.')
    if (connection.numbers.has(no) || no < connection.greatestNo - 10_000) return complain(connection, new Refusal('invalid', `Call ${no} came before. It was not done again.`).answer)
    connection.numbers.add(no)
    connection.greatestNo = Math.max(connection.greatestNo, no)
    if (connection.numbers.size > 20_000) for (const old of connection.numbers) if (old < connection.greatestNo - 10_000) connection.numbers.delete(old)
    if (!Object.hasOwn(calls, method)) return complain(connection, new Refusal('invalid', 'A call that this server does not know. Nothing was done.').answer, no)
    if (connection.openCalls >= MAX_OPEN_CALLS) return write(connection, { type: 'refusal', no, ...new Refusal('rateLimited', `More than ${MAX_OPEN_CALLS} calls wait for their answers. This one was not done; try again a little later.`, { afterMs: 500 }).answer })
    const { user, device } = connection
    connection.openCalls += 1
    enqueue(method === 'report' ? 'receipt' : 'intent', () => calls[method](user, fields(params, 'with'), device), ({ result, refusal }) => {
      connection.openCalls -= 1
      if (refusal) counts.refusals += 1
      write(connection, refusal ? { type: 'refusal', no, ...refusal } : { type: 'answer', no, result })
    })
  }

  function greet(connection, { version, userId, token, device, since, conversations = [] }) {
    if (version !== VERSION) throw new Refusal('version', `This server speaks version ${VERSION} of the protocol and the device version ${version}. Bring the older one up to date.`)
    const expiresAt = requireToken(name(userId, 'userId'), token)
    connection.device = name(device, 'device')
    let known = null
    enqueue('intent', () => {
      for (const made of list(conversations, 'conversations', 1_000)) makeIfAllowed(userId, fields(made, 'A conversation'))
      const cursor = parseCursor(since)
      const isOurs = cursor?.serverId === serverId && Math.max(cursor.message, cursor.receipt) <= head
      // It has seen more than this server remembers: what comes now must not be taken for what it has read.
      if (cursor && !isOurs) raiseEpochs(userId, cursor.epoch + 1)
      known = isOurs ? cursor : null
    }, ({ refusal }) => {
      if (refusal) return complain(connection, refusal)
      if (connection.socket.readyState !== connection.socket.OPEN) return
      connection.timers.forEach(clearTimeout)
      if (expiresAt !== Infinity) connection.timers.push(setTimeout(() => bye(connection, 'expired'), Math.min(expiresAt - Date.now(), 2 ** 31 - 1)))
      connection.user = userId
      connections.add(connection)
      counts.connections += 1
      attach(connection, known)
      write(connection, { type: 'welcome', version: VERSION })
      tellPresence(userId)
      const online = peersOf(userId).filter((peer) => presenceOf(peer) !== 'offline').map((peer) => ({ type: 'presence', userId: peer, presence: presenceOf(peer) }))
      if (online.length > 0) write(connection, { type: 'ephemeral', events: online })
      pump(connection)
    })
  }

  /** Where each lane of this connection begins. */
  function attach(connection, known) {
    const { message, receipt } = connection.lanes
    message.position = known?.message ?? head
    receipt.position = known?.receipt ?? head
    message.backlog = known ? missed(connection, known) : newestOf(connection.user, head)
    receipt.backlog = known ? null : statesOf(connection.user)
  }

  /** For a device that knows nothing: every conversation with its newest messages. */
  function* newestOf(user, until) {
    for (const row of conversationsOf(user)) {
      yield conversationEvent(row.id, user)
      if (row.epoch > 0) yield { type: 'reset', conversationId: row.id, epoch: row.epoch }
      const newest = all('select * from messages where conversation = ? and seq <= ? order by place desc limit ?', row.id, until, options.backfill + 1).map(messageView).reverse()
      if (newest.length > options.backfill) yield { type: 'gap', conversationId: row.id, after: null, before: newest[1].at }
      for (const message of newest.slice(-options.backfill)) yield { type: 'message', message }
    }
  }

  function* statesOf(user) {
    for (const { id } of conversationsOf(user)) if (isMember(id, user)) for (const receipt of readStatesOf(id, user)) yield { type: 'receipt', ...receipt }
  }

  /** For a device that comes back: its conversations as they are, and a gap where more was missed than is replayed. The rest is in the log. */
  function* missed(connection, known) {
    for (const row of conversationsOf(connection.user)) {
      yield conversationEvent(row.id, connection.user)
      const rows = all('select place from messages where conversation = ? and seq > ? order by place desc limit ?', row.id, known.message, options.replayLimit + 1)
      if (rows.length <= options.replayLimit) continue
      const kept = rows[Math.max(0, options.backfill - 1)].place
      const last = one('select max(place) as place from messages where conversation = ? and seq <= ?', row.id, known.message).place
      connection.skip.set(row.id, kept)
      yield { type: 'gap', conversationId: row.id, after: pointAt(row.id, last), before: pointAt(row.id, kept) }
    }
  }

  /** Sends what each lane has, as far as its window goes. What does not go waits in the database and costs no memory. */
  function pump(connection) {
    if (connection.pumping || connection.socket.readyState !== connection.socket.OPEN) return
    connection.pumping = true
    let more = true
    // Lanes take turns, so that neither waits for the other.
    for (let turn = 0; more && turn < WINDOW * 2; turn += 1) {
      more = false
      for (const [laneName, lane] of Object.entries(connection.lanes)) if (lane.open < WINDOW && step(connection, laneName, lane)) more = true
    }
    connection.pumping = false
    if (more) setImmediate(() => pump(connection))
  }

  /** One frame of one lane. Returns whether there may be more. */
  function step(connection, laneName, lane) {
    const wasBacklog = lane.backlog !== null
    const from = lane.position
    const events = wasBacklog ? takeBacklog(lane) : nextEvents(connection, laneName, lane)
    const ready = connection.lanes.message.backlog === null && connection.lanes.receipt.backlog === null
    if (events.length > 0 || (wasBacklog && ready)) {
      lane.no += 1
      lane.open += 1
      const { message, receipt } = connection.lanes
      write(connection, { type: 'events', lane: laneName, no: lane.no, events, ...(ready ? { cursor: cursorText(message.position, receipt.position) } : {}) })
    }
    return wasBacklog || lane.parts.length > 0 || (lane.position < head && lane.position !== from)
  }

  function takeBacklog(lane) {
    return oneFrame(() => {
      const { value, done } = lane.backlog.next()
      if (done) lane.backlog = null
      return value
    })
  }

  /** As many as go into one frame, and at least one; `next` says undefined at the end. */
  function oneFrame(next) {
    const events = []
    let bytes = 0
    while (events.length < FRAME_EVENTS && bytes < FRAME_BYTES) {
      const event = next()
      if (event === undefined) break
      events.push(event)
      bytes += JSON.stringify(event).length
    }
    return events
  }

  /** Of a row that fills several frames. It is behind the lane only with the last of them: a cursor before that begins with the row again. */
  function takeParts(lane) {
    const events = oneFrame(() => lane.parts.shift())
    if (lane.parts.length === 0) lane.position = lane.partsOf
    return events
  }

  /** The log from the lane's position on, as far as this user is told of it, without what this device did itself. Moves the position. */
  function nextEvents({ user, device, skip }, laneName, lane) {
    if (lane.parts.length > 0) return takeParts(lane)
    const until = Math.min(head, lane.position + SCAN_ROWS)
    if (until <= lane.position) return []
    const rows = all(
      `select log.* from log cross join seen on seen.user = ? and seen.conversation = log.conversation and log.seq >= seen.from_seq and (seen.to_seq is null or log.seq < seen.to_seq)
       where log.seq > ? and log.seq <= ? and log.lane = ? and (log.only_for is null or log.only_for = ?) and (log.origin is null or log.origin <> ?) order by log.seq limit ?`,
      user, lane.position, until, laneName, user, device, FRAME_EVENTS)
    const events = []
    let bytes = 0
    let position = rows.length < FRAME_EVENTS ? until : rows.at(-1).seq
    for (const [index, row] of rows.entries()) {
      const fresh = eventsOf(row, user, skip)
      const freshBytes = JSON.stringify(fresh).length
      if (fresh.length > 1 && freshBytes > FRAME_BYTES) {
        // After those before it.
        if (index === 0) return takeParts(Object.assign(lane, { parts: fresh, partsOf: row.seq }))
        position = rows[index - 1].seq
        break
      }
      events.push(...fresh)
      bytes += freshBytes
      if (bytes < FRAME_BYTES || index === rows.length - 1) continue
      position = row.seq
      break
    }
    lane.position = position
    return events
  }

  function eventsOf({ conversation, type, message: id, data }, user, skip) {
    if (type === 'message' || type === 'edited') {
      const row = one('select * from messages where id = ?', id)
      if (!row || (type === 'message' && row.place < (skip.get(conversation) ?? 0))) return []
      return type === 'message' ? [{ type, message: messageView(row) }] : [{ type, conversationId: conversation, id, body: JSON.parse(row.body), time: row.edited_at }]
    }
    if (type === 'conversation') return [conversationEvent(conversation, user)]
    if (type === 'receipt') return inParts({ type, conversationId: conversation, ...JSON.parse(data) })
    if (type !== 'member') return [{ type, conversationId: conversation, ...JSON.parse(data) }]
    const { userId } = JSON.parse(data)
    if (userId !== user || !isMember(conversation, user)) return [{ type, conversationId: conversation, member: memberView(one('select * from members where conversation = ? and user = ?', conversation, userId)) }]
    // Somebody who joins later gets the conversation, and knows that there is history.
    const welcome = [{ type: 'conversation', conversation: conversationView(conversationRow(conversation)) }]
    return headPlace(conversation) === null ? welcome : [...welcome, { type: 'gap', conversationId: conversation, after: null, before: null }]
  }

  /** Signed: one that somebody made up would begin a new epoch for everybody in their conversations. After a backup was restored the secret is still the same. */
  function cursorText(message, receipt) {
    const text = `${serverId}.${message}.${receipt}.${greatestEpoch}`
    return options.secret === undefined ? text : `${text}.${sign(options.secret, `cursor ${text}`)}`
  }

  function parseCursor(given) {
    const [, text, signature] = /^((?:[\w-]+\.){3}\d+)(?:\.([\w-]+))?$/.exec(typeof given === 'string' ? given : '') ?? []
    const parts = /^([\w-]{1,64})\.(\d{1,15})\.(\d{1,15})\.(\d{1,7})$/.exec(text ?? '')
    if (!parts || (options.secret !== undefined && !isSigned(`cursor ${text}`, signature))) return null
    return { serverId: parts[1], message: Number(parts[2]), receipt: Number(parts[3]), epoch: Number(parts[4]) }
  }

  function got(connection, { lane: laneName, no }) {
    const lane = laneName === 'message' || laneName === 'receipt' ? connection.lanes[laneName] : null
    if (!lane || no !== lane.no - lane.open + 1) throw new Refusal('invalid', 'A got for events that were not sent, or came before. It was not read.')
    lane.open -= 1
    pump(connection)
  }

  function bye(connection, reason, afterMs) {
    write(connection, { type: 'bye', reason, ...(afterMs === undefined ? {} : { afterMs }) })
    connection.socket.close(reason === 'restarting' ? 1012 : 1000)
  }

  // ── Typing and presence: told to who is there, kept nowhere ──

  function whisper(users, event) {
    for (const connection of connections) {
      // Who cannot follow does without.
      if (users.includes(connection.user) && connection.socket.bufferedAmount < FRAME_BYTES * 2) write(connection, { type: 'ephemeral', events: [event] })
    }
  }

  const presenceOf = (user) => ([...connections].some((connection) => connection.user === user) ? (wishes.get(user) ?? 'online') : 'offline')

  function tellPresence(user) {
    const presence = presenceOf(user)
    if (presence === 'offline') wishes.delete(user)
    if ((shown.get(user) ?? 'offline') === presence) return
    if (presence === 'offline') shown.delete(user)
    else shown.set(user, presence)
    if (db.isOpen) whisper(peersOf(user), { type: 'presence', userId: user, presence })
  }

  // ── Tokens ──

  function isSigned(claim, signature) {
    const expected = Buffer.from(sign(options.secret, claim))
    const given = Buffer.from(signature ?? '')
    return given.length === expected.length && timingSafeEqual(given, expected)
  }

  /** @returns when it expires, epoch milliseconds */
  function requireToken(userId, token) {
    // Without a secret everybody is who they say: for one machine, or a network of your own.
    if (options.secret === undefined) return Infinity
    const [user, expires, signature] = typeof token === 'string' ? token.split('.') : []
    const expiresAt = Number(expires)
    const isValid = isSigned(`${user}.${expires}`, signature) && Buffer.from(user, 'base64url').toString() === userId && expiresAt > Date.now()
    if (!isValid) throw new Refusal('unauthorized', `The token is not one of "${userId}", or has expired. Nothing is sent or received until the app gives another one.`)
    return expiresAt
  }

  // ── Listening ──

  const http = createServer((_request, response) => {
    response.writeHead(426, { 'content-type': 'text/plain' }).end('This server speaks the JSON protocol of Readback over WebSocket.\n')
  })
  const sockets = new WebSocketServer({
    server: http,
    // A frame that is too large is refused by its size; only what is far beyond is cut off unread.
    maxPayload: options.frameBytes * 4,
    // Everybody is believed here, so at least no page of the web may use the browser of who runs it.
    verifyClient: ({ origin }) => options.secret !== undefined || !isLoopback(options.host) || !origin || isLoopback(hostOf(origin)),
  })
  sockets.on('connection', accept)
  await new Promise((resolve, reject) => http.once('error', reject).listen(options.port, options.host, resolve))
  const { port } = http.address()

  return {
    url: `ws://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    port,
    counts,
    async close() {
      for (const connection of connections) bye(connection, 'restarting', 1_000)
      while (draining) await new Promise(setImmediate)
      sockets.close()
      for (const socket of sockets.clients) setTimeout(() => socket.terminate(), 200).unref()
      await new Promise((resolve) => http.close(resolve))
      for (const each of statements.values()) each.finalize()
      db.close()
      rmSync(`${options.file}.owner`, { force: true })
    },
  }
}

function hostOf(origin) {
  try {
    return new URL(origin).hostname
  } catch {
    return ''
  }
}

function isLoopback(host) {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host)
}

/** A token of `userId` until `expiresAt` (epoch milliseconds), as the server of an app would make it after its own sign-in. */
export function issueToken(secret, userId, expiresAt) {
  const claim = `${Buffer.from(userId).toString('base64url')}.${expiresAt}`
  return `${claim}.${sign(secret, claim)}`
}

function sign(secret, claim) {
  return createHmac('sha256', secret).update(claim).digest('base64url')
}

/**
 * One process at a time. A process that was killed leaves its lock behind; then it is removed.
 * A write-ahead log, because this build of SQLite takes its own lock for another's when it looks for a rollback journal, and would never roll one back.
 */
function openDatabase(file) {
  if (file === ':memory:') return new sqlite.Database(file)
  mkdirSync(dirname(file), { recursive: true })
  const owner = `${file}.owner`
  const pid = existsSync(owner) ? Number(readFileSync(owner, 'utf8')) : 0
  if (pid > 0 && pid !== process.pid && isAlive(pid)) throw new Error(`"${file}" is in use by process ${pid}. Two servers would give one place to two messages. Stop that one, or choose another file; if no server runs, remove "${owner}".`)
  if (pid !== process.pid) rmSync(`${file}.lock`, { recursive: true, force: true })
  writeFileSync(owner, String(process.pid))
  const db = new sqlite.Database(file)
  db.exec('pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = full')
  return db
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

// ── On the command line ─────────────────────────────────────────────────────

const HELP = `npm run server -- [options]
  --host <address>      default 127.0.0.1: only this machine; 0.0.0.0 for others (then put TLS in front, and set a secret)
  --port <number>       default 8787; 0 = any
  --file <path>         database, default .cache/readback-chat.sqlite
  --secret <text>       tokens must be signed with it; without one everybody is who they say
  --token <user>        prints a token of that user for a day, signed with --secret, and ends
  --restored            the file is a backup: begins new epochs, so that nothing new is taken for read
  --backfill, --replay-limit, --recall-window-ms, --receipt-window-ms, --body-bytes, --sends-per-second <number>`

async function main() {
  const text = { type: 'string' }
  const { values } = parseArgs({ options: { host: text, port: text, file: text, secret: text, token: text, restored: { type: 'boolean' }, help: { type: 'boolean' }, backfill: text, 'replay-limit': text, 'recall-window-ms': text, 'receipt-window-ms': text, 'body-bytes': text, 'sends-per-second': text } })
  if (values.help) return console.log(HELP)
  if (values.token !== undefined) {
    if (values.secret === undefined) throw new Error('--token needs the --secret that the server is started with.')
    return console.log(issueToken(values.secret, values.token, Date.now() + DAY_MS))
  }
  const numbers = { port: 'port', backfill: 'backfill', 'replay-limit': 'replayLimit', 'recall-window-ms': 'recallWindowMs', 'receipt-window-ms': 'receiptWindowMs', 'body-bytes': 'bodyBytes', 'sends-per-second': 'sendsPerSecond' }
  const given = Object.fromEntries(Object.entries(values).flatMap(([key, value]) => {
    if (!(key in numbers)) return [[key, value]]
    if (!Number.isFinite(Number(value))) throw new Error(`--${key} must be a number, and is "${String(value)}".`)
    return [[numbers[key], Number(value)]]
  }))
  const server = await startServer(given)
  console.log(`Readback server: ${server.url}`)
  if (given.secret === undefined) console.log('No secret is set, so everybody is who they say. Good for trying out, and for nothing else.')
  const stop = () => server.close().then(() => process.exit(0))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}

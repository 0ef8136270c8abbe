/** The suite itself: it finds broken transports, and keeps declarations true. */
import { describe, expect, it } from 'vitest'
import type { Accepted, MessageBody, Point, Report, Transport, TransportCapabilities, TransportError, TransportEvent } from 'readback/core'
import { createFakeClock, transportCases, type TransportSetup } from 'readback/testing'
import { memoryHub } from 'readback/transport/memory'

const REAL = memoryHub().transport().capabilities

function setupWith(bend: (transport: Transport, capabilities: TransportCapabilities) => Transport, changes: Partial<TransportCapabilities> = {}): TransportSetup {
  const capabilities = { ...REAL, ...changes }
  return {
    capabilities,
    cannot: ['stall', 'wrongClock', 'expiredToken', 'shortToken'],
    patienceMs: 200,
    async open() {
      const clock = createFakeClock()
      const hub = memoryHub({ clock, answerTimeoutMs: 50, replayLimit: 60, backfill: 20 })
      const inner = new Map<Transport, Transport>()
      const within = (transport: Transport) => inner.get(transport) ?? transport
      return {
        transport() {
          const real = hub.transport()
          const bent = bend(real, capabilities)
          inner.set(bent, real)
          return bent
        },
        replayLimit: 60,
        drop: (transport) => hub.setOnline(within(transport), false),
        restore: (transport) => hub.setOnline(within(transport), true),
        swallowAnswer: () => void hub.faults.add({ on: 'send', do: 'dropAnswer' }),
        reset: (id) => hub.reset(id, { loseLast: 1 }),
        pass: (ms) => clock.advanceAsync(ms),
        passLong: (ms) => clock.advanceAsync(ms),
        close: () => hub.dispose(),
      }
    },
  }
}

/** Titles of the cases that fail. */
async function failing(setup: TransportSetup): Promise<string[]> {
  const failed: string[] = []
  for (const { title, run } of transportCases(setup)) await run().catch(() => failed.push(title))
  return failed
}

const hearing = (change: (event: TransportEvent, tell: (event: TransportEvent) => void) => void) => (transport: Transport): Transport => ({
  ...transport, on: (listener) => transport.on((event) => change(event, listener)),
})

/** Of what somebody reported only the last is there, whatever was said before. */
function lastOnly(): (transport: Transport) => Transport {
  const last = new Map<string, Pick<Report, 'upTo' | 'ranges'>>()
  return (transport) => ({
    ...hearing((event, tell) => tell(event.type === 'receipt' ? { ...event, ...last.get(`${event.conversationId} ${event.kind}`) } : event))(transport),
    report(report, signal) {
      last.set(`${report.conversation.id} ${report.kind}`, { upTo: report.upTo, ranges: report.ranges })
      return transport.report(report, signal)
    },
  })
}

/** Keeps one message back until the next has gone. */
function swapping(): (transport: Transport) => Transport {
  return (transport) => {
    let kept: TransportEvent | null = null
    return hearing((event, tell) => {
      if (event.type !== 'message') return tell(event)
      if (kept === null) return void (kept = event)
      tell(event)
      tell(kept)
      kept = null
    })(transport)
  }
}

function insideTheCall(transport: Transport): Transport {
  const listeners = new Set<(event: TransportEvent) => void>()
  return {
    ...transport,
    on(listener) {
      listeners.add(listener)
      return transport.on(listener)
    },
    send(draft, signal) {
      for (const listener of listeners) listener({ type: 'typing', conversationId: draft.conversation.id, by: 'me', on: false })
      return transport.send(draft, signal)
    },
  }
}

/** Reports the newest point that it has seen. */
function overReporting(transport: Transport): Transport {
  const heads = new Map<string, Point>()
  const note = (conversationId: string, at: Point | undefined) => { if (at) heads.set(conversationId, at) }
  return {
    ...transport,
    on: (listener) => transport.on((event) => {
      if (event.type === 'message') note(event.message.conversationId, event.message.at)
      listener(event)
    }),
    report: (report, signal) => transport.report({ ...report, upTo: heads.get(report.conversation.id) ?? report.upTo, ranges: [] }, signal),
  }
}

/** One call after another. */
function oneLane(transport: Transport): Transport {
  let last: Promise<unknown> = Promise.resolve()
  const inLine = <T>(call: () => Promise<T>): Promise<T> => {
    const done = last.then(call)
    last = done.catch(() => {})
    return done
  }
  return { ...transport, send: (draft, signal) => inLine(() => transport.send(draft, signal)), report: (report, signal) => inLine(() => transport.report(report, signal)) }
}

/** Keeps messages back until their cursor has gone. */
function cursorFirst(transport: Transport): Transport {
  let kept: TransportEvent[] = []
  return hearing((event, tell) => {
    if (event.type === 'message') return void kept.push(event)
    tell(event)
    if (event.type !== 'cursor') return
    for (const each of kept) tell(each)
    kept = []
  })(transport)
}

function everywhereTheSame(transport: Transport): Transport {
  const accepted = new Map<string, Accepted>()
  return {
    ...transport,
    async send(draft, signal) {
      const one = accepted.get(draft.localId) ?? (await transport.send(draft, signal))
      accepted.set(draft.localId, one)
      return one
    },
  }
}

function togglingReactions(transport: Transport): Transport {
  const set = new Set<string>()
  return {
    ...transport,
    react(conversationId, id, emoji, on) {
      const isSet = set.has(id)
      if (isSet) set.delete(id)
      else set.add(id)
      return transport.react!(conversationId, id, emoji, on && !isSet)
    },
  }
}

/** Answers are taken in turn for the calls that wait, not each for its own: of two at once the later one comes first. */
function inTurn(transport: Transport): Transport {
  const waiting: { localId: string; resolve(accepted: Accepted): void }[] = []
  let held: Accepted | null = null
  const answered = (accepted: Accepted) => {
    const first = waiting.shift()!
    first.resolve({ ...accepted, localId: first.localId })
  }
  return {
    ...transport,
    send: (draft, signal) => new Promise((resolve, reject) => {
      waiting.push({ localId: draft.localId, resolve })
      transport.send(draft, signal).then((accepted) => {
        if (held === null && waiting.length > 1) return void (held = accepted)
        answered(accepted)
        if (held !== null) answered(held)
        held = null
      }, (error: unknown) => {
        waiting.splice(waiting.findIndex(({ localId }) => localId === draft.localId), 1)
        reject(error as Error)
      })
    }),
  }
}

/** What was under way when it is closed is never heard of again. */
function hangingAtClose(transport: Transport): Transport {
  let closed = false
  const unlessClosed = <T>(call: Promise<T>): Promise<T> => {
    if (closed) return call
    return new Promise((resolve, reject) => { call.then((value) => { if (!closed) resolve(value) }, (error: unknown) => { if (!closed) reject(error as Error) }) })
  }
  return {
    ...transport,
    connect: (options) => {
      closed = false
      return transport.connect(options)
    },
    close: () => {
      closed = true
      return transport.close()
    },
    send: (draft, signal) => unlessClosed(transport.send(draft, signal)), report: (report, signal) => unlessClosed(transport.report(report, signal)),
  }
}

/** Goes on where it was, also for who begins anew. */
function rememberingCursor(transport: Transport): Transport {
  let last: string | undefined
  transport.on((event) => { if (event.type === 'cursor') last = event.cursor })
  return { ...transport, connect: (options) => transport.connect({ ...options, ...(last === undefined ? {} : { since: options.since ?? last }) }) }
}

/** Tells a gap when it has told what is behind it. */
function lateGap(transport: Transport): Transport {
  const kept: TransportEvent[] = []
  return hearing((event, tell) => {
    if (event.type === 'gap') return void kept.push(event)
    if (event.type === 'cursor') for (const gap of kept.splice(0)) tell(gap)
    tell(event)
  })(transport)
}

/** Tells who is new what is newest, and not that there was more. */
function silentAtFirst(transport: Transport): Transport {
  let isFirst = false
  return {
    ...hearing((event, tell) => { if (event.type !== 'gap' || !isFirst) tell(event) })(transport),
    connect: (options) => {
      isFirst = options.since === undefined
      return transport.connect(options)
    },
  }
}

/** Pages by number over a list whose order is that of activity. */
function pagedByActivity(transport: Transport): Transport {
  return {
    ...transport,
    async conversations({ cursor = '0', limit }) {
      const { items } = await transport.conversations!({ limit: 1_000 })
      const sorted = items.toSorted((a, b) => (b.lastMessage?.time ?? 0) - (a.lastMessage?.time ?? 0))
      const until = Number(cursor) + limit
      return { items: sorted.slice(Number(cursor), until), ...(until < sorted.length ? { next: String(until) } : {}) }
    },
  }
}

/** Who comes back is told that there is history, and not who has read what. */
function nothingOfMeanwhile(transport: Transport): Transport {
  let isWelcome = false
  return hearing((event, tell) => {
    if (event.type === 'gap' || event.type === 'cursor') isWelcome = event.type === 'gap'
    if (event.type !== 'receipt' || !isWelcome) tell(event)
  })(transport)
}

/** Tells a message as it was when it was sent. */
function tellingOldWords(): (transport: Transport) => Transport {
  const words = new Map<string, MessageBody>()
  return (transport) => ({
    ...hearing((event, tell) => tell(event.type === 'message' ? { ...event, message: { ...event.message, body: words.get(event.message.localId ?? '') ?? event.message.body } } : event))(transport),
    send: (draft, signal) => {
      words.set(draft.localId, draft.body)
      return transport.send(draft, signal)
    },
  })
}

/** Goes on answering as it did when it was asked for the first time. */
function rememberingHistory(transport: Transport): Transport {
  const pages = new Map<string, ReturnType<NonNullable<Transport['history']>>>()
  return {
    ...transport,
    history(id, query) {
      const key = JSON.stringify([id, query])
      const page = pages.get(key) ?? transport.history!(id, query)
      pages.set(key, page)
      return page
    },
  }
}

/** Takes what comes while it waits for a page of history for a part of that. */
function deafWhileAsking(transport: Transport): Transport {
  let asked = false
  return {
    ...hearing((event, tell) => {
      if (event.type !== 'message' || !asked) return tell(event)
      asked = false
    })(transport),
    history(id, query) {
      asked = true
      return transport.history!(id, query)
    },
  }
}

let made = 0
const BROKEN: readonly [string, (transport: Transport) => Transport, string][] = [
  ['gives every retry a new localId', (transport) => ({ ...transport, send: async (draft, signal) => ({ ...(await transport.send({ ...draft, localId: `${draft.localId}-${made++}` }, signal)), localId: draft.localId }) }), 'the same localId again is the same message, and is handed to nobody twice'],
  ['says that a lost answer was not stored', (transport) => ({ ...transport, send: (draft, signal) => transport.send(draft, signal).catch((error: unknown) => Promise.reject(Object.assign(error as Error, { stored: 'no' }))) }), 'a lost answer leaves the message undecided, and the retry finds it stored'],
  ['publishes private reads', (transport) => ({ ...transport, report: (report, signal) => transport.report({ ...report, visibility: 'published' }, signal) }), 'a private read reaches nobody else: not live, not later, not in any list'],
  ['widens stretches to prefixes', (transport) => ({ ...transport, report: (report, signal) => transport.report({ ...report, upTo: report.ranges.at(-1)?.to ?? report.upTo, ranges: [] }, signal) }), 'a stretch in the middle reads nothing before it'],
  ['loses receipts', hearing((event, tell) => { if (event.type !== 'receipt') tell(event) }), 'read reaches the sender'],
  ['loses every message with a number', hearing((event, tell) => { if (event.type !== 'message' || !JSON.stringify(event.message.body).includes('m3')) tell(event) }), 'what was missed while away comes once and in order'],
  ['goes on talking after close', (transport) => ({ ...transport, close: async () => {} }), 'after close there is silence'],
  ['ignores the cursor', (transport) => ({ ...transport, connect: ({ since: _since, ...options }) => transport.connect(options) }), 'with a cursor at the end nothing comes again'],
  ['looks for a place of history by its id only', (transport) => ({ ...transport, history: (id, query) => transport.history!(id, query.before?.id === '' ? { limit: query.limit } : query) }), 'a tail that the back end lost raises the epoch, so that nothing new is born read'],
  ['claims the end of history on every page', (transport) => ({ ...transport, history: async (id, query) => ({ ...(await transport.history!(id, query)), contiguousTo: null }) }), 'pages backwards join without a hole and without a repeat, down to the beginning'],
  ['throws plain errors', (transport) => ({ ...transport, send: (draft, signal) => transport.send(draft, signal).catch((error: unknown) => Promise.reject(new Error(String(error)))) }), 'a send by somebody who is no member is refused, and nobody gets it'],
  ['hands over two at a time the wrong way round', swapping(), 'a live conversation is handed over in order'],
  ['tells everything twice, also what is new', hearing((event, tell) => { if (event.type === 'message') tell(event); tell(event) }), 'the other member gets it once, as it was sent'],
  ['calls its listeners within the call', insideTheCall, 'nothing is handed over within the call that caused it'],
  ['goes on telling a listener that was taken away', (transport) => ({ ...transport, on: (listener) => { transport.on(listener); return () => {} } }), 'a listener that was taken away hears nothing, and the others go on'],
  ['takes what was never connected', (transport) => ({ ...transport, send: (draft, signal) => transport.send(draft, signal).catch((error: TransportError) => (error.code === 'transport/offline' ? { localId: draft.localId, id: 'invented' } : Promise.reject(error))) }), 'calls before connecting and after closing are refused without having left'],
  ['lets somebody connect twice', (transport) => ({ ...transport, connect: (options) => transport.connect(options).catch(() => {}) }), 'connecting twice is refused, and the first connection goes on'],
  ['forgets what a message answers', (transport) => ({ ...transport, send: ({ replyTo: _target, ...draft }, signal) => transport.send(draft, signal) }), 'a reply names its target, and a wish for receipts arrives'],
  ['tells edits to the others only', hearing((event, tell) => { if (event.type !== 'edited') tell(event) }), 'an edit reaches the other member and the device that made it, and stays'],
  ['knows the last report only', lastOnly(), 'what is reported in parts is joined: the later takes nothing from the earlier'],
  ['says delivered for read', (transport) => ({ ...transport, report: (report, signal) => transport.report({ ...report, kind: 'delivered' }, signal) }), 'read reaches the sender'],
  ['reads all that there is, whatever is reported', overReporting, 'a report up to one message reads nothing after it'],
  ['calls a report good that was refused', (transport) => ({ ...transport, report: (report, signal) => transport.report(report, signal).catch(() => {}) }), 'a report of somebody who is no member is refused, and nobody hears of it'],
  ['forgets how old a read is', (transport) => ({ ...transport, report: (report, signal) => transport.report({ ...report, ageMs: 0 }, signal) }), 'the age of a read moves its time back, but not before the message'],
  ['begins its numbers with 0', (transport) => ({ ...transport, send: async (draft) => { const { at, ...accepted } = await transport.send(draft); return { ...accepted, ...(at && { at: { ...at, order: at.order - 1 } }) } } }), 'orders are consecutive, and begin with 1'],
  ['ends a page of history where it was asked for', (transport) => ({ ...transport, history: async (id, query) => ({ ...(await transport.history!(id, query)), ...(query.before && { contiguousTo: query.before }) }) }), 'pages backwards join without a hole and without a repeat, down to the beginning'],
  ['leaves the first message of each page of history out', (transport) => ({ ...transport, history: async (id, query) => { const page = await transport.history!(id, query); return { ...page, messages: page.messages.slice(1) } } }), 'a history whose last page is full ends too'],
  ['keeps the reset to itself', hearing((event, tell) => { if (event.type !== 'reset') tell(event) }), 'a tail that the back end lost raises the epoch, so that nothing new is born read'],
  ['does not say that it was cut off', hearing((event, tell) => { if (event.type !== 'state' || event.state.status === 'online') tell(event) }), 'a device that was cut off says so, and gets by itself what it missed'],
  ['lets receipts wait behind messages', oneLane, 'a report does not wait behind a flood of messages'],
  ['lists the first member only', (transport) => ({ ...transport, members: async (id, page) => { const { items } = await transport.members!(id, page); return { items: items.slice(0, 1) } } }), 'the members of a conversation are listed'],
  ['says nothing of who comes and goes', hearing((event, tell) => { if (event.type !== 'presence') tell(event) }), 'presence comes and goes'],
  ['tells a cursor before what it covers', cursorFirst, 'a cursor follows what was handed over'],
  ['has no name for what it refuses', (transport) => ({ ...transport, recall: (...of) => transport.recall!(...of).catch((error: unknown) => Promise.reject(Object.assign(error as Error, { code: 'transport/invalid' }))) }), 'a change of a message that does not exist says so'],
  ['says that everybody was there from the beginning', hearing((event, tell) => tell(event.type === 'member' ? { ...event, member: { ...event.member, intervals: event.member.intervals.map((each) => ({ ...each, joinedAt: null })) } } : event)), 'whose message counts for whom: joining and leaving stand between what was said before and after'],
  ['only says that it left', (transport) => ({ ...transport, leave: async () => {} }), 'who has left is told nothing of what came after, also when they come back with a cursor, and is refused history'],
  ['lets nobody lead', (transport) => ({ ...transport, members: async (...of) => { const page = await transport.members!(...of); return { items: page.items.map((member) => ({ ...member, role: 'member' as const })) } } }), 'who leads a group deletes what others wrote, and who does not is refused'],
  ['takes a localId for the same in every conversation', everywhereTheSame, 'the same localId in two conversations is two messages'],
  ['says that somebody has gone when one of their devices has', (transport) => ({ ...transport, close: async () => { await transport.presence!('unavailable').catch(() => {}); await transport.close() } }), 'who closes one of two devices is still there'],
  ['calls private reads published in read states', (transport) => ({ ...transport, readStates: async (id) => (await transport.readStates!(id)).map((state) => ({ ...state, visibility: 'published' as const })) }), 'read states tell what each has published, and what I read privately to me alone'],
  ['takes a reaction back when it is set again', togglingReactions, 'the same change again does no harm, and changes nothing'],
  ['has no way to make a conversation, and says that it has', (transport) => { const { ensureConversation: _left, ...rest } = transport; return rest }, 'the transport declares what the setup says, and has the methods that it declares'],
  ['takes answers in turn', inTurn, 'fifty sent at once by two people stand in one order for all'],
  ['leaves what was under way hanging when it is closed', hangingAtClose, 'what is under way when the transport is closed ends, and can be tried again'],
  ['goes on where it was for who begins anew', rememberingCursor, 'a closed transport that connects again without a cursor begins anew'],
  ['tells a gap after what is behind it', lateGap, 'where more was missed than is replayed, the gap is told and history fills it'],
  ['tells who is new of no gap', silentAtFirst, 'what a device is not told that connects for the first time is told as a gap, and history fills it'],
  ['answers history as it did before', rememberingHistory, 'history that is asked for beside a live conversation has all that came live before, and takes nothing away from what comes meanwhile'],
  ['loses what comes while it asks for history', deafWhileAsking, 'history that is asked for beside a live conversation has all that came live before, and takes nothing away from what comes meanwhile'],
  ['pages by number over what moves', pagedByActivity, 'a list of conversations leaves none out, though they move while it is read'],
  ['tells words that were taken back', tellingOldWords(), 'what was taken back while a device was away does not reach it'],
  ['tells nothing of what was read to who comes back', nothingOfMeanwhile, 'who comes back learns who has read what meanwhile'],
  ['never asks for a token', (transport) => ({ ...transport, connect: (options) => transport.connect({ ...options, token: async () => undefined }) }), 'a token is asked for at every connect'],
]

describe('a broken transport is found', () => {
  for (const [what, bend, title] of BROKEN) {
    it(`one that ${what}`, async () => {
      expect(await failing(setupWith(bend))).toContain(title)
    })
  }
})

it('an honest transport without history passes, and the titles say what is missing', async () => {
  const { history: _history, ...withoutHistory } = memoryHub().transport()
  expect(withoutHistory).not.toHaveProperty('history')
  const setup = setupWith((transport, capabilities) => {
    const { history: _gone, ...rest } = transport
    return { ...rest, capabilities }
  }, { history: false })
  expect(await failing(setup)).toEqual([])
  expect(transportCases(setup).map(({ title }) => title)).toContain('history of others is refused (not offered: there is no history)')
})

it('a declared gap that passes fails the run', async () => {
  const setup = setupWith((transport, capabilities) => ({ ...transport, capabilities }), { typing: false })
  const typing = transportCases(setup).find(({ gap }) => gap === 'there is no typing')!
  await expect(typing.run()).rejects.toThrow('"typing reaches the other member, and nobody else" passes, although the capabilities say there is no typing. Declare it, so that the core uses it.')
})

it('what the rig cannot do is left out by name', () => {
  const titles = transportCases({ ...setupWith((transport) => transport), cannot: ['drop'] }).map(({ title }) => title)
  expect(titles).toContain('receipts reach a sender who was cut off (not run: the rig has no drop)')
})

/** The REST API of the recipe, in memory: what somebody's own back end would have. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Row {
  readonly conversationId: string
  readonly id: string
  readonly at: { readonly epoch: 0; readonly order: number; readonly id: string }
  readonly from: string
  readonly localId: string
  readonly time: number
  readonly body: unknown
}

interface Logged {
  readonly seq: number
  readonly to: ReadonlySet<string>
  readonly event: object
}

export interface RestServer {
  readonly port: number
  close(): Promise<void>
}

/** @param onEvent - told of each event and to whom it goes: where something else than server-sent events brings them */
export async function startRestServer(onEvent: (to: ReadonlySet<string>, event: object) => void = () => {}): Promise<RestServer> {
  const conversations = new Map<string, { readonly kind: string; readonly members: Set<string>; readonly rows: Row[] }>()
  const progress = new Map<string, number>()
  const log: Logged[] = []
  const streams = new Set<{ readonly user: string; readonly response: ServerResponse }>()

  function tell(to: Iterable<string>, event: object): void {
    const logged = { seq: log.length + 1, to: new Set(to), event }
    log.push(logged)
    onEvent(logged.to, event)
    for (const { user, response } of streams) if (logged.to.has(user)) write(response, logged)
  }

  function write(response: ServerResponse, { seq, event }: Logged): void {
    response.write(`id: ${seq}\ndata: ${JSON.stringify(event)}\n\n`)
  }

  async function route(user: string, method: string, url: URL, body: Readonly<Record<string, unknown>>, response: ServerResponse): Promise<unknown> {
    const [, noun = '', id = ''] = url.pathname.split('/').map(decodeURIComponent)
    if (noun === 'events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n')
      for (const one of log.slice(Number(url.searchParams.get('since')) || 0)) if (one.to.has(user)) write(response, one)
      const stream = { user, response }
      streams.add(stream)
      response.on('close', () => streams.delete(stream))
      return undefined
    }
    if (noun === 'conversations' && method === 'POST') {
      const { id: made, kind, members } = body as { id: string; kind: string; members: string[] }
      if (!conversations.has(made)) {
        conversations.set(made, { kind, members: new Set(members), rows: [] })
        tell(members, { type: 'conversation', conversation: { id: made, kind, members: members.map((userId) => ({ userId, role: 'member', intervals: [{ joinedAt: null, leftAt: null }] })), rosterComplete: true } })
      }
      return {}
    }
    if (noun === 'conversations' && id === '') {
      const mine = [...conversations].filter(([, { members }]) => members.has(user))
      const from = Number(url.searchParams.get('from')) || 0
      const until = from + Number(url.searchParams.get('limit'))
      const items = mine.slice(from, until).map(([each, { kind, rows }]) => ({ id: each, kind, head: rows.at(-1)?.at ?? null }))
      return { items, ...(until < mine.length ? { next: String(until) } : {}) }
    }
    const conversationId = noun === 'conversations' ? id : String(body['conversationId'])
    const conversation = conversations.get(conversationId)
    if (!conversation) return 404
    if (!conversation.members.has(user)) return 403
    const { rows, members } = conversation
    if (noun === 'messages') {
      const { localId, conversationId: _where, ...said } = body as { readonly localId: string; readonly conversationId: string; readonly body: unknown }
      const known = rows.find((row) => row.from === user && row.localId === localId)
      const order = rows.length + 1
      const row: Row = known ?? { conversationId, id: `${conversationId}-${order}`, at: { epoch: 0, order, id: `${conversationId}-${order}` }, from: user, localId, time: Date.now(), ...said }
      if (!known) {
        rows.push(row)
        tell(members, { type: 'message', message: row })
      }
      return { localId, id: row.id, at: row.at, time: row.time, ...(known ? { repeat: true } : {}) }
    }
    if (noun === 'receipts') {
      const { kind, upTo, ageMs } = body as { kind: string; upTo: Row['at']; ageMs: number }
      const key = `${conversationId} ${user} ${kind}`
      if (upTo.epoch !== 0 || upTo.order > rows.length) return 400
      if (upTo.order > (progress.get(key) ?? 0)) {
        progress.set(key, upTo.order)
        tell(members, { type: 'receipt', conversationId, by: user, kind, visibility: 'published', upTo: rows[upTo.order - 1]!.at, time: Math.max(rows[upTo.order - 1]!.time, Date.now() - ageMs) })
      }
      return {}
    }
    if (url.pathname.endsWith('/receipts')) {
      return [...progress].map(([key, order]) => [...key.split(' '), order] as const).filter(([where]) => where === conversationId).map(([, by, kind, order]) => ({ conversationId, by, kind, visibility: 'published', upTo: rows[(order as number) - 1]!.at, ranges: [] }))
    }
    const limit = Number(url.searchParams.get('limit'))
    const [before, after] = [url.searchParams.get('before'), url.searchParams.get('after')]
    const found = after === null ? rows.filter(({ at }) => before === null || at.order < Number(before)).slice(-limit) : rows.filter(({ at }) => at.order > Number(after)).slice(0, limit)
    const edge = after === null ? found[0] : found.at(-1)
    const isEnd = edge === undefined || edge.at.order === (after === null ? 1 : rows.length)
    return { messages: found, contiguousTo: isEnd ? null : edge.at }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const user = /^Bearer token of (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    const answer = user === undefined ? 401 : await route(user, request.method!, new URL(request.url!, 'http://localhost'), JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>, response)
    if (typeof answer === 'number') response.writeHead(answer).end('{}')
    else if (answer !== undefined) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  }

  const http = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => { http.listen(0, '127.0.0.1', resolve) })
  return {
    port: (http.address() as AddressInfo).port,
    close: () => new Promise((resolve) => {
      http.closeAllConnections()
      http.close(() => resolve())
    }),
  }
}

/** The back end of these runs, in this process: hands out the page, keeps the log that is the ground truth, and can hold its answers. */
import { createServer } from 'node:http'
import { join } from 'node:path'
import { build } from 'vite'
import { entries, root } from '../../tools/entries.mjs'

/** Longest time that a question for news stays open, milliseconds. */
const POLL_MS = 5_000

export async function startServer() {
  const script = await bundle()
  let nextScript
  /** One a user: what was stored, in order, and every call as it came. */
  const accounts = new Map()
  const account = (user) => {
    if (!accounts.has(user)) accounts.set(user, { log: [], byLocalId: new Map(), sends: [], reports: [], reads: [], held: null, wake: new Set() })
    return accounts.get(user)
  }

  function store(user, { from, localId, conversationId, body }) {
    const own = account(user)
    const known = own.byLocalId.get(`${from}/${localId}`)
    if (known) return { known: true, message: known }
    const n = own.log.length + 1
    const message = { conversationId, id: `m${n}`, at: { epoch: 0, order: n, id: `m${n}` }, from, localId, time: 1_800_000_000_000 + n, body }
    own.log.push(message)
    own.byLocalId.set(`${from}/${localId}`, message)
    for (const wake of own.wake) wake()
    return { known: false, message }
  }

  const calls = {
    async '/send'(call) {
      const own = account(call.user)
      own.sends.push({ tab: call.tab, localId: call.localId, at: performance.now() })
      const { known, message } = store(call.user, { ...call, from: call.user })
      // The message is stored; who sent it does not hear of it yet.
      if (own.held) await own.held.promise
      return { localId: call.localId, id: message.id, at: message.at, time: message.time, ...(known ? { repeat: true } : {}) }
    },
    async '/report'(call) {
      const own = account(call.user)
      own.reports.push(call)
      own.reads.push({ by: call.user, kind: call.kind, visibility: 'published', conversationId: call.conversationId, upTo: call.upTo, ranges: call.ranges })
      return {}
    },
    async '/reads'(call) {
      return account(call.user).reads.slice(-1)
    },
    async '/events'({ user, after, wait }) {
      const own = account(user)
      if (wait && own.log.length <= after) {
        await new Promise((resolve) => {
          const timer = setTimeout(done, POLL_MS)
          function done() {
            clearTimeout(timer)
            own.wake.delete(done)
            resolve()
          }
          own.wake.add(done)
        })
      }
      return { messages: own.log.slice(after), next: own.log.length }
    },
  }

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    const call = calls[pathname]
    if (!call) {
      const isScript = pathname.endsWith('.js')
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8')
      if (pathname === '/next.js') return response.end(await (nextScript ??= bundle({ isNext: true })))
      return response.end(isScript ? script : `<!doctype html><title>Readback</title><link rel="icon" href="data:,"><script type="module" src="${pathname === '/next' ? '/next' : '/page'}.js"></script>`)
    }
    let text = ''
    request.setEncoding('utf8')
    for await (const chunk of request) text += chunk
    const answer = await call(JSON.parse(text))
    if (response.destroyed) return
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(answer))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    /** A host for each account, because a browser opens six connections to one. @param build `next`: of an app with a further version of the schema */
    pageOf: (user, build = '') => `http://${user}.localhost:${server.address().port}/${build}?user=${user}`,
    account,
    /** Somebody else writes. */
    post: (user, text) => store(user, { from: 'ada', localId: `ada-${text}`, conversationId: 'pair', body: { kind: 'text', text } }),
    /** From now on what is sent is stored but not answered. Returns how to let the answers go. */
    hold(user) {
      let release
      account(user).held = { promise: new Promise((resolve) => (release = resolve)) }
      return () => {
        account(user).held = null
        release()
      }
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** One version further than the schema of today, with the same tables. */
const nextSchema = {
  name: 'next-schema',
  enforce: 'pre',
  transform: (code, id) => (id.endsWith('/storage/dexie/schema.ts') ? code.replace(/(SCHEMA_VERSION = )(\d+)/, (_, words, version) => `${words}${Number(version) + 1}`) : null),
}

async function bundle({ isNext = false } = {}) {
  const alias = entries.map(({ name, source }) => ({ find: new RegExp(`^${name}$`), replacement: join(root, source) }))
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root,
    resolve: { alias },
    plugins: isNext ? [nextSchema] : [],
    build: { write: false, minify: false, rolldownOptions: { input: join(root, 'test/integration/storage/page.ts'), output: { format: 'es', entryFileNames: 'page.js', codeSplitting: false } } },
  })
  return built.output.find((file) => file.type === 'chunk').code
}

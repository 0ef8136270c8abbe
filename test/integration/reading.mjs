/**
 * Reading in a real Chromium with tabs that are really hidden, without focus and frozen: what is reported is what was in sight long enough, no more and no less.
 * `npm run test:integration` plays a few timelines, `npm run test:long` more.
 */
import { createServer } from 'node:http'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'
import { entries, root } from '../tools/entries.mjs'
import { buildStyles } from '../tools/styles.mjs'
import { launch } from './reading/cdp.mjs'
import { startDisplay } from './reading/display.mjs'
import { allowedMs, makeTimeline, inSight, latenessOf, sightTimes, stretchesUntil } from './reading/timeline.mjs'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Shorter than the default, so that many timelines fit; the rule is the same. */
const DWELL_MS = 500
/** What is waited for is there so much later at most, on a busy machine, too. Milliseconds. */
const LATE_MS = 600
/** Timers and clocks of two processes, milliseconds. */
const SLACK_MS = 30
/** A batch has left this long after the last read, milliseconds. */
const FLUSH_MS = 500
/** Of the browsers that play side by side, one is so many times slower. */
const SLOW = 6
/** Of so many timelines one is played in windows side by side. */
const WINDOW_SHARE = 6
const FIRST_SEED = Number(process.env.SEED ?? 1)
/** Of the messages that were in sight at all, at least so many must be beyond doubt, on a machine that does much else, too: else the timelines prove little. */
const SURE_SHARE = 0.4
/** How late a message may be read, milliseconds, at full speed and slowed down; longer only by what the page's own timers and frames were late in the same moments. */
const LIMIT_MS = { 1: 50, [SLOW]: 150 }

/**
 * @param {{ timelines: number, hiddenMs: number, browsers?: number, timing?: boolean }} options `browsers`: how many of them play timelines side by side, the second of them slowed down; most of a timeline is waiting.
 *   `timing`: half of all must be read in time whatever the machine did meanwhile; each by itself must be always, as far as the page could run
 */
export async function reading({ timelines, hiddenMs, browsers = 1, timing = false }) {
  const started = performance.now()
  process.stdout.write(`\n── reading in real tabs, ${timelines} timelines from seed ${FIRST_SEED}\n`)
  const server = await serve()
  const failures = []
  let passed = 0
  const attempt = attemptInto(failures, () => (passed += 1))
  const sums = { messages: 0, read: 0, seen: 0, sure: 0, stoodStillMs: 0, list: 0, window: 0, late: { 1: [], [SLOW]: [] } }
  const seeds = Array.from({ length: timelines }, (_, index) => FIRST_SEED + index)
  const play = async (tabs, most = Infinity) => {
    for (let played = 0; played < most && seeds.length > 0; played += 1) {
      const seed = seeds.shift()
      await attempt(`timeline ${seed} (SEED=${seed}${tabs.sideBySide ? ', windows side by side' : ''})`, () => playTimeline(tabs, makeTimeline(seed, DWELL_MS), sums))
    }
  }
  const players = Array.from({ length: browsers }, (_, index) => () => inBrowser(server.url, async (tabs) => {
    const rate = index === 1 ? SLOW : 1
    if (index > 0) await tabs.front.call('Emulation.setCPUThrottlingRate', { rate })
    await play({ ...tabs, rate })
  }))
  const skipped = []
  const inWindows = async () => void skipped.push(...(await blurred(server.url, async (tabs) => {
    await play(tabs, Math.ceil(timelines / WINDOW_SHARE))
    await attempt('a list in a window that is visible and has no focus', () => unfocusedDwell(tabs))
    await attempt('a thousand messages come into a blurred window', () => thousandUnseen(tabs, 'blurred', hiddenMs))
  })))
  const all = [inWindows, () => inBrowser(server.url, (tabs) => unseen(tabs, hiddenMs, attempt)), ...players].map((run) => () => run().catch((error) => failures.push(error.message)))
  // One after the other, or side by side.
  if (browsers > 1) await Promise.all(all.map((run) => run()))
  else for (const run of all) await run()
  server.close()
  process.stdout.write(`   ${sums.messages} messages, ${sums.read} reported, ${sums.list} of them in the list of the package and ${sums.window} in the whole window; ${sums.seen} were in sight at all, ${sums.sure} of them read or not beyond doubt; the machine let pages stand still for ${(sums.stoodStillMs / 1000).toFixed(1)} s\n`)
  if (sums.seen > 0) await attempt('most of what was in sight is beyond doubt', () => checkSure(sums))
  for (const [rate, late] of Object.entries(sums.late)) {
    if (late.length === 0) continue
    const { median, most, tail } = spread(late)
    process.stdout.write(`   read so long after the dwell, of ${late.length} that nothing came between${rate > 1 ? `, ${rate} times slower` : ''}: half within ${median} ms, 95 % within ${tail} ms, all within ${most} ms\n`)
    if (timing) await attempt(`half of what is read is read in time, at a speed of 1/${rate}`, () => checkLateness(median, LIMIT_MS[rate]))
  }
  for (const failure of failures) process.stdout.write(`FAILED ${failure}\n`)
  const seconds = (performance.now() - started) / 1000
  process.stdout.write(`── reading in real tabs: ${passed} passed, ${failures.length} failed (${seconds.toFixed(1)} s)\n`)
  return { name: 'reading in real tabs', passed, failed: failures.length, skipped, seconds }
}

async function inBrowser(url, run) {
  const browser = await launch()
  try {
    const front = await browser.open(url)
    const other = await browser.open('data:text/html,<title>another tab</title>')
    await front.activate()
    await until(() => front.evaluate('typeof reading'), 'object')
    await run({ front, other })
  } finally {
    await browser.close()
  }
}

async function unseen(tabs, hiddenMs, attempt) {
  for (const how of ['hidden', 'frozen']) await attempt(`a thousand messages come into a ${how} tab`, () => thousandUnseen(tabs, how, hiddenMs))
  await attempt('[F11] a tab that is frozen in the middle of a dwell', () => frozenDwell(tabs))
}

function attemptInto(failures, onPassed) {
  return async (name, run) => {
    try {
      await run()
      onPassed()
    } catch (error) {
      failures.push(`${name}: ${error.message}`)
    }
  }
}

/** Two windows side by side on one screen: the one that somebody works in has the focus, and the other is as visible as before. */
async function blurred(url, run) {
  const display = await startDisplay()
  if (!display) return [{ name: 'windows side by side, of which one has no focus', reason: 'there is no Xvfb here (apt-get install xvfb)' }]
  const browser = await launch(display.name)
  try {
    const front = await browser.open(url, true)
    const other = await browser.open('data:text/html,<title>another window</title>', true)
    await other.moveTo(700)
    await until(() => front.evaluate('typeof reading'), 'object')
    await run({ front, other, sideBySide: true })
  } finally {
    await browser.close()
    display.stop()
  }
  return []
}

/** All of it in sight for long, and nobody there; then somebody is. */
async function unfocusedDwell(tabs) {
  const { front } = tabs
  await show(tabs)
  await hide(tabs, 'blurred')
  await front.evaluate(`reading.start({ heights: [40, 40, 40], panelPx: 400, dwellMs: ${DWELL_MS} })`)
  await sleep(6 * DWELL_MS)
  equal(await front.evaluate('reading.state()'), { visible: true, focused: false }, 'what the page says')
  equal(await front.evaluate('reading.reported()'), [], 'reports of a window without focus')
  equal(await front.evaluate("reading.reasons('m0')"), ['blurred'], 'why it is not read')
  await show(tabs)
  await sleep(DWELL_MS / 2)
  await hide(tabs, 'blurred')
  await sleep(2 * DWELL_MS)
  await reportedBefore(front, DWELL_MS, 'reports after half a dwell')
  await show(tabs)
  await sleep(DWELL_MS + LATE_MS + FLUSH_MS)
  equal(await front.evaluate('reading.reported()'), ['m0', 'm1', 'm2'], 'reports once somebody looked long enough')
  checkAttended(await front.evaluate('reading.noted()'))
}

/** In windows side by side a tab that is left stays in sight, and only loses the focus. */
async function playTimeline(tabs, timeline, sums) {
  const { front } = tabs
  await show(tabs)
  const clock = stretchClock()
  let now = { attentive: true, scrollPx: 0, panelPx: timeline.panelPx }
  const whole = timeline.heights.reduce((a, b) => a + b, 0)
  const act = async (run, next = now) => {
    clock.before()
    await run()
    clock.after((now = next))
  }
  const scrollTo = (px, panelPx = now.panelPx) => Math.max(0, Math.min(px, whole - panelPx))
  const limitMs = LIMIT_MS[tabs.rate ?? 1]
  await act(() => front.evaluate(`reading.start(${JSON.stringify(timeline)})`))
  for (const step of timeline.steps) {
    await sleep(step.waitMs)
    if (step.act === 'hide' || step.act === 'freeze') await act(() => hide(tabs, tabs.sideBySide ? 'blurred' : step.act === 'freeze' ? 'frozen' : 'hidden'), { ...now, attentive: false })
    else if (step.act === 'show') await act(() => show(tabs), { ...now, attentive: true })
    // A frozen page can do neither.
    else if (!now.attentive) continue
    else if (step.act === 'resize') await act(() => front.evaluate(`reading.resize(${step.panelPx})`), { ...now, panelPx: step.panelPx, scrollPx: scrollTo(now.scrollPx, step.panelPx) })
    else {
      const scrollPx = scrollTo(step.act === 'nudge' ? now.scrollPx + step.byPx : step.toPx)
      await act(() => front.evaluate(`reading.scrollTo(${scrollPx})`), { ...now, scrollPx })
    }
  }
  await sleep(timeline.steps.at(-1).waitMs)
  // From here on nothing is in sight, and what was read leaves at once.
  await act(() => hide(tabs, tabs.sideBySide ? 'blurred' : 'hidden'), { ...now, attentive: false })
  await front.thaw()
  await sleep(FLUSH_MS / 2)
  const noted = await front.evaluate('reading.noted()')
  checkAttended(noted)
  const stretches = stretchesUntil(noted, noted.endedAt)
  const reported = noted.reports.flatMap(({ ids }) => ids)
  const missedFrom = timeline.heights.map((_height, index) => timeline.dwellMs + allowedMs(timeline, noted, stretches, index, limitMs))
  count(timeline, stretches, reported, missedFrom, sums)
  sums.late[tabs.rate ?? 1].push(...latenesses(timeline, noted, limitMs))
  // What was done to the page says what it must not report, but for a list and a window, whose rows are where they put them; what must be there by then, only the page knows, which a busy machine may have let stand still.
  judgeReported(timeline, timeline.within ? stretches : clock.stretches, reported)
  judgeMissed(timeline, stretches, reported, missedFrom)
  sums.stoodStillMs += noted.stalls.reduce((sum, { from, to }) => sum + to - from, 0)
}

function count(timeline, stretches, reported, missedFrom, sums) {
  sums.read += reported.length
  if (timeline.within) sums[timeline.within] += reported.length
  sightTimes(timeline, stretches).forEach(({ least, most }, index) => {
    sums.messages += 1
    if (most === 0) return
    sums.seen += 1
    if (most < timeline.dwellMs || least > missedFrom[index]) sums.sure += 1
  })
}

/** How late each was read; none may be early, to the moment, and none later than it may. */
function latenesses(timeline, noted, limitMs) {
  return noted.readings.flatMap(({ id, at: readAt }) => {
    const index = Number(id.slice(1))
    const stretches = stretchesUntil(noted, readAt)
    const { least, most } = sightTimes(timeline, stretches)[index]
    const mostLateMs = allowedMs(timeline, noted, stretches, index, limitMs)
    if (most < timeline.dwellMs - SLACK_MS) throw new Error(`message ${index} became read when it had been in sight for ${Math.round(most)} ms at most`)
    if (least > timeline.dwellMs + mostLateMs) throw new Error(`message ${index} became read when it had been in sight for ${Math.round(least)} ms at least, and ${Math.round(timeline.dwellMs + mostLateMs)} ms are the limit`)
    return latenessOf(timeline, stretches, index) ?? []
  })
}

function spread(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share) => Math.round(sorted[Math.ceil(share * sorted.length) - 1])
  return { median: at(0.5), tail: at(0.95), most: at(1) }
}

function checkSure({ seen, sure }) {
  if (sure < seen * SURE_SHARE) throw new Error(`only ${sure} of ${seen}`)
}

function checkLateness(median, limitMs) {
  if (median > limitMs) throw new Error(`half of it is ${median} ms late, and ${limitMs} ms are the limit`)
}

function judgeReported(timeline, stretches, reported) {
  if (new Set(reported).size !== reported.length) throw new Error(`a message was reported twice: ${reported.join()}`)
  sightTimes(timeline, stretches).forEach(({ most }, index) => {
    if (reported.includes(`m${index}`) && most < timeline.dwellMs - SLACK_MS) throw new Error(`message ${index} was reported, and was in sight for ${Math.round(most)} ms at most`)
  })
}

function judgeMissed(timeline, stretches, reported, missedFrom) {
  sightTimes(timeline, stretches).forEach(({ least }, index) => {
    if (!reported.includes(`m${index}`) && least > missedFrom[index]) throw new Error(`message ${index} was not reported, and was in sight for ${Math.round(least)} ms at least`)
  })
}

/** The list follows the newest, as a chat does; nobody looks. */
async function thousandUnseen(tabs, how, hiddenMs) {
  const { front } = tabs
  const panelPx = 400
  await show(tabs)
  await front.evaluate(`reading.start({ heights: [], panelPx: ${panelPx}, dwellMs: ${DWELL_MS} })`)
  await hide(tabs, how)
  const ticks = await front.evaluate('reading.ticks()')
  const heights = Array.from({ length: 1_000 }, (_, index) => 30 + (index % 5) * 20)
  for (let from = 0; from < 1_000; from += 100) {
    await front.evaluate(`reading.add(${JSON.stringify(heights.slice(from, from + 100))}); reading.scrollToEnd()`)
    await sleep(hiddenMs / 10)
  }
  if (how === 'frozen') equal(await front.evaluate('reading.ticks()'), ticks, 'timers that ran in a frozen tab')
  equal(await front.evaluate('reading.reported()'), [], `reports of a ${how} tab`)
  await show(tabs)
  await sleep(DWELL_MS + LATE_MS + FLUSH_MS)
  const whole = heights.reduce((a, b) => a + b, 0)
  const reported = new Set(await front.evaluate('reading.reported()'))
  heights.forEach((_height, index) => {
    const sight = inSight(heights, panelPx, whole - panelPx, index)
    if (sight === 0 && reported.has(`m${index}`)) throw new Error(`message ${index} was reported, and never was in sight`)
    if (sight === 1 && !reported.has(`m${index}`)) throw new Error(`message ${index} is in sight, and was not reported`)
  })
  checkAttended(await front.evaluate('reading.noted()'))
}

/** Nothing, unless a busy machine took so long that it was in sight for all of its dwell. */
async function reportedBefore(front, dwellMs, what) {
  const noted = await front.evaluate('reading.noted()')
  const attended = stretchesUntil(noted, noted.endedAt).filter(({ attentive }) => attentive)
  const mostMs = attended.reduce((sum, stretch) => sum + stretch.mostMs, 0)
  if (mostMs < dwellMs) equal(noted.reports, [], what)
}

/** What was read was read by somebody; it leaves a page that is not visible only in the moment in which that is hidden. */
function checkAttended({ readings, reports }) {
  const unattended = readings.filter(({ visible, focused, frozen }) => !visible || !focused || frozen)
  if (unattended.length > 0) throw new Error(`read where nobody looked: ${JSON.stringify(unattended)}`)
  const unseen = reports.filter(({ visible, isHiding, frozen }) => (!visible && !isHiding) || frozen)
  if (unseen.length > 0) throw new Error(`reports of a page that nobody saw: ${JSON.stringify(unseen)}`)
  const early = reports.flatMap(({ ids }) => ids).filter((id) => !readings.some((one) => one.id === id))
  if (early.length > 0) throw new Error(`reported and not read: ${early.join()}`)
}

/** A bare timer would fire at the end of its time, or just after waking. */
async function frozenDwell(tabs) {
  const { front } = tabs
  await show(tabs)
  await front.evaluate(`reading.start({ heights: [40], panelPx: 400, dwellMs: 2000 })`)
  await sleep(600)
  await hide(tabs, 'frozen')
  await sleep(3_000)
  await show(tabs)
  await sleep(300)
  await reportedBefore(front, 2_000, 'reports just after waking')
  await sleep(3_500)
  equal(await front.evaluate('reading.reported()'), ['m0'], 'reports once it was in sight long enough')
  checkAttended(await front.evaluate('reading.noted()'))
}

async function hide({ front, other }, how) {
  await other.activate()
  if (how === 'blurred') return until(() => front.evaluate('reading.state().visible && !reading.state().focused'), true, other)
  await until(() => front.evaluate('reading.state().visible'), false)
  if (how === 'frozen') await front.freeze()
}

async function show({ front }) {
  await front.thaw()
  await front.activate()
  await until(() => front.evaluate('reading.state().visible && reading.state().focused'), true, front)
}

/** Each stretch of time with the same things in sight, as long as it was at least and at most. */
function stretchClock() {
  const stretches = []
  let open = null
  let startedAt = 0
  return {
    stretches,
    before: () => void (startedAt = performance.now()),
    after(state) {
      const now = performance.now()
      if (open) stretches.push({ ...open.state, leastMs: Math.max(0, startedAt - open.sureFrom), mostMs: now - open.from })
      open = { state, from: startedAt, sureFrom: now }
    },
  }
}

async function until(ask, wanted, tab) {
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await ask()) === wanted) return
    if (tries > 20 && tab) await tab.activate()
    await sleep(50)
  }
  throw new Error(`the tab did not become ${String(wanted)}`)
}

function equal(seen, wanted, what) {
  if (JSON.stringify(seen) !== JSON.stringify(wanted)) throw new Error(`${what}: ${JSON.stringify(seen)}, not ${JSON.stringify(wanted)}`)
}

async function serve() {
  const [{ output }] = await build({
    configFile: false,
    root,
    logLevel: 'error',
    resolve: { alias: entries.map(({ name, source }) => ({ find: new RegExp(`^${name}$`), replacement: `${root}/${source.replace(/^\.\//, '')}` })) },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: { write: false, target: 'es2022', minify: false, lib: { entry: at('./reading/page.ts'), formats: ['es'], fileName: 'page' } },
  })
  const scripts = new Map(output.filter(({ type }) => type === 'chunk').map(({ fileName, code }) => [`/${fileName}`, code]))
  const server = createServer((request, response) => {
    const script = scripts.get(request.url)
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript')
    response.end(script ?? `<!doctype html><title>reading</title><style>${buildStyles()['styles.css']}</style><body style="margin:0"><script type="module" src="/page.js"></script>`)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() }
}

// Alone: `node test/integration/reading.mjs [timelines] [browsers] [how long nobody looks, seconds]`.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [timelines = 10, browsers = 1, hiddenSeconds = 2] = process.argv.slice(2).map(Number)
  const { failed } = await reading({ timelines, browsers, hiddenMs: hiddenSeconds * 1_000 })
  process.exitCode = failed === 0 ? 0 : 1
}

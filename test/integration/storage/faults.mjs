/** What happens to the tabs of one account, each in a round of its own, and what must hold after it. */
import { until } from './cdp.mjs'

/** Longest wait for what is written, and for each message more of it: there to end a run that is stuck. Milliseconds. */
const [WRITE_MS, WRITE_MS_EACH] = [60_000, 200]

/** Usable, or explained, within this long, milliseconds. */
export const EXPLAINED_MS = 3_000

/** A page of one account, started. What it promised to keep is gathered in `kept`. */
export async function openTab(world, user, kept = []) {
  const tab = await world.browser.open(world.server.pageOf(user), (text) => kept.push(JSON.parse(text)))
  await tab.run('tab.start()')
  tab.name = await tab.run('tab.name')
  return tab
}

export const stateOf = (tab) => tab.run('tab.state()')

export async function leaderOf(tabs) {
  return until(async () => {
    for (const tab of tabs) {
      const { leader, connection } = await stateOf(tab)
      if (leader && connection === 'online') return tab
    }
    return null
  }, 'one tab to lead')
}

/** Everything that was promised is stored once, in the order of its tab; every tab that is left shows it so. */
export async function expectKept(world, user, kept, tabs) {
  const { log } = world.server.account(user)
  const promised = kept.filter(({ localId }) => localId)
  const isThere = () => {
    const there = new Set(log.map(({ localId }) => localId))
    return promised.every(({ localId }) => there.has(localId))
  }
  // One after the other: thousands take their time.
  await until(isThere, `${promised.length} promised messages of ${user} to reach the server`, WRITE_MS + WRITE_MS_EACH * promised.length)
  for (const tab of tabs) await until(async () => (await stateOf(tab)).pending === 0, 'the outbox to be empty')
  expectOnce(log, promised)
  for (const label of new Set(promised.map((each) => each.label))) {
    const numbers = log.filter(({ body }) => body.text.startsWith(`${label} `)).map(({ body }) => Number(body.text.split(' ')[1]))
    expect(numbers.every((n, i) => i === 0 || n > numbers[i - 1]), `messages of ${label} are out of order: ${numbers.join(' ')}`)
  }
  const texts = log.slice(-60).map(({ body }) => body.text).join('\n')
  for (const tab of tabs) {
    await until(async () => (await tab.run('tab.texts().slice(-60)')).join('\n') === texts, 'a tab to show what the server has')
    const { failures } = await stateOf(tab)
    expect(failures.length === 0, `a tab complained: ${failures.join('; ')}`)
  }
}

/**
 * What was written once is at the server once, as it was written. Each has a text of its own: the server keeps one message of a local id, whatever it is sent,
 * so that only one that was queued again under another would be there twice.
 */
export function expectOnce(log, promised) {
  const once = new Set()
  const twice = log.map(({ from, body }) => `${from}: ${body.text}`).filter((text) => once.has(text) || !once.add(text))
  expect(twice.length === 0, `stored twice at the server: ${twice.slice(0, 20).join('; ')}`)
  const textOf = new Map(log.map(({ localId, body }) => [localId, body.text]))
  const others = promised.filter(({ localId, label, i }) => textOf.get(localId) !== `${label} ${i}`)
  expect(others.length === 0, `not as it was written: ${others.slice(0, 20).map(({ localId, label, i }) => `${label} ${i} is "${textOf.get(localId)}"`).join('; ')}`)
}

/** Every tab counts as unread what the server says that nobody has read. @param expected - what that is, so that it is not two mistakes that agree */
export async function expectUnread(world, user, tabs, expected) {
  const own = world.server.account(user)
  const isUpTo = (a, b) => a.order <= b.order
  const covers = ({ upTo, ranges }, point) => (upTo && isUpTo(point, upTo)) || ranges.some(({ from, to }) => isUpTo(from, point) && isUpTo(point, to))
  for (const tab of tabs) {
    await until(async () => {
      const read = own.reads.at(-1)
      const unread = own.log.filter(({ from, at }) => from !== user && !(read && covers(read, at))).length
      const { count, exact } = await tab.run('tab.unread()')
      return exact && count === unread && unread === expected
    }, `a tab to count ${expected} unread, as the server does`)
  }
}

/** How many rows wait to be sent and are not queued, or are queued and not there. Rows and outbox as one transaction sees them: it holds at any moment. */
export function tornOf({ rows, outbox }) {
  const byLocalId = new Set(rows.map(({ localId }) => localId))
  const queued = new Set(outbox.map(({ localId }) => localId))
  return rows.filter(({ outgoing, localId }) => outgoing === 'sending' && !queued.has(localId)).length + outbox.filter(({ action, localId }) => action === 'send' && !byLocalId.has(localId)).length
}

/** From a page that was not started, whatever the others do. */
async function expectNotTorn(world, user, when) {
  const onlooker = await world.browser.open(world.server.pageOf(user))
  const found = await onlooker.run('tab.audit()')
  await onlooker.close()
  const torn = tornOf(found)
  expect(found.state.status === 'ready' && found.rows.length > 0, `${when}: nothing was looked at: ${JSON.stringify(found.state)}`)
  expect(torn === 0 && found.quarantined === 0, `${when}: ${torn} torn, ${found.quarantined} in quarantine`)
}

export function expect(holds, otherwise) {
  if (!holds) throw new Error(otherwise)
}

/** Frozen inside a transaction it would hold the tables: that is another fault, tried apart. A frozen page still answers what it is asked from here. */
async function freezeBetweenWrites(tab) {
  await until(async () => {
    await tab.freeze()
    if (!(await tab.run('tab.isBusy()'))) return true
    await tab.wake()
    return false
  }, 'a moment without a transaction')
}

/** The leader freezes in the middle of a send whose answer it never hears; another tab writes, takes the lead, and sends; the first one wakes. */
export async function freezeLeader(world, user) {
  const kept = []
  const tabs = [await openTab(world, user, kept), await openTab(world, user, kept)]
  const leader = await leaderOf(tabs)
  const follower = tabs.find((tab) => tab !== leader)
  const { sends, log } = world.server.account(user)
  const release = world.server.hold(user)
  await leader.run('tab.send(3)')
  await until(() => sends.length > 0, 'the first message to reach the server')
  await freezeBetweenWrites(leader)
  await follower.run('tab.send(3)')
  release()
  await until(() => log.length >= 6, 'the other tab to take the lead and send')
  const before = sends.filter((each) => each.tab === leader.name).length
  await leader.wake()
  await follower.run('tab.send(2)')
  await until(async () => !(await stateOf(leader)).leader, 'the former leader to stand down')
  await leader.run('tab.send(2)')
  await expectKept(world, user, kept, tabs)
  expect(sends.filter((each) => each.tab === leader.name).length === before, 'the former leader went on sending when it woke')
  await Promise.all(tabs.map((tab) => tab.close()))
}

/** Five tabs write in one tick while tabs are closed and crash, the leading one among them. */
export async function fiveTabs(world, user, count, random) {
  const kept = []
  const tabs = []
  for (let i = 0; i < 5; i++) tabs.push(await openTab(world, user, kept))
  const leader = await leaderOf(tabs)
  for (const [i, tab] of tabs.entries()) await tab.run(`tab.awaitGun(${count}, 't${i}')`)
  await tabs[0].run('tab.fireGun()')
  await until(() => kept.length > count * random(), 'the first messages to be kept')
  const others = tabs.filter((tab) => tab !== leader)
  const crashed = random() < 0.5 ? leader : others[Math.floor(random() * others.length)]
  crashed.crash()
  const rest = tabs.filter((tab) => tab !== crashed)
  const gone = rest.splice(Math.floor(random() * rest.length), 1)[0]
  await gone.close()
  await expectNotTorn(world, user, 'after the crash')
  await expectKept(world, user, kept, [])
  for (const tab of rest) {
    const written = () => kept.filter(({ localId, tab: by }) => localId && by === tab.name).length
    let failures = []
    await until(async () => {
      failures = (await stateOf(tab)).failures
      return failures.length > 0 || written() === count
    }, `a tab that is left to have written everything (${count})`, WRITE_MS + WRITE_MS_EACH * count * rest.length)
    expect(failures.length === 0, `a tab complained after ${written()} of ${count}: ${failures.join('; ')}`)
  }
  await expectKept(world, user, kept, rest)
  await expectNotTorn(world, user, 'in the end')
  await Promise.all([crashed, ...rest].map((tab) => tab.close()))
}

/** The only tab is closed while the server holds its answer; what is left in the outbox goes out with the next start, once. */
export async function closedMidSend(world, user) {
  const kept = []
  const tab = await openTab(world, user, kept)
  await leaderOf([tab])
  const release = world.server.hold(user)
  await tab.run('tab.send(3)')
  await until(() => world.server.account(user).log.length > 0, 'the first message to reach the server')
  await tab.close()
  release()
  const next = await openTab(world, user, kept)
  await expectKept(world, user, kept, [next])
  await next.close()
}

/** A visitor who cannot wait: the page is loaded again and again while it writes. */
export async function reloadStorm(world, user, times) {
  const kept = []
  const tab = await openTab(world, user, kept)
  for (let i = 0; i < times; i++) {
    await tab.start(`tab.send(50, 'r${i}')`)
    await until(() => kept.some((each) => each.label === `r${i}`), 'something to be kept')
    await tab.load(world.server.pageOf(user))
    await tab.run('tab.start()')
  }
  await expectKept(world, user, kept, [tab])
  await tab.close()
}

/** A tab is frozen in the middle of a write and holds the tables: the other one says so in time, and so does one that is opened; both go on when it wakes. */
export async function frozenInsideWrite(world, user) {
  const kept = []
  const tabs = [await openTab(world, user, kept), await openTab(world, user, kept)]
  await leaderOf(tabs)
  await tabs[0].run('tab.holdTables()')
  await tabs[0].freeze()
  const code = await tabs[1].run("tab.send(1, 'held').then(() => 'kept', (error) => error.code)")
  expect(code === 'storage/timeout', `a write behind a frozen tab ended with ${code}`)
  const shown = (tab) => tab.run('tab.shownState()')
  const { storage } = await shown(tabs[1])
  expect(storage === 'blocked', `the screen says ${storage} while a frozen tab holds the tables`)
  const late = await world.browser.open(world.server.pageOf(user), (text) => kept.push(JSON.parse(text)))
  const tookMs = await late.run('tab.startTimed()')
  expect(tookMs <= EXPLAINED_MS, `it took ${tookMs} ms until a tab that was opened said that a frozen one is in the way`)
  await tabs[0].wake()
  await tabs[0].run('tab.letGo()')
  for (const tab of [tabs[1], late]) await until(async () => {
    const { storage: now, phase } = await shown(tab)
    return now === 'ready' && phase === 'running'
  }, 'a tab to go on by itself')
  await tabs[1].run('tab.send(3)')
  await expectKept(world, user, kept, [...tabs, late])
  await Promise.all([...tabs, late].map((tab) => tab.close()))
}

/** Trouble with the database of a page that runs, made by the browser itself. Each ends with everything promised at the server, once, and on every screen. */
import { until } from './cdp.mjs'
import { EXPLAINED_MS, expect, expectKept, expectUnread, leaderOf, openTab, stateOf } from './faults.mjs'

const codeOf = (tab, expression) => tab.run(`${expression}.then(() => 'done', (error) => error.code ?? String(error))`)

/** The disk is full, and later it is not. */
export async function noRoom(world, user) {
  const kept = []
  const { origin } = new URL(world.server.pageOf(user))
  const tab = await world.browser.open('about:blank', (text) => kept.push(JSON.parse(text)))
  // Before the page is there: the browser remembers for half a minute how much room there was.
  await tab.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 3_000_000 })
  await tab.load(world.server.pageOf(user))
  await tab.run('tab.start()')
  await leaderOf([tab])
  await tab.run('tab.send(1)')
  let code = 'done'
  for (let tries = 0; tries < 30 && code === 'done'; tries++) code = await codeOf(tab, 'tab.sendLarge()')
  expect(code === 'storage/full', `a write without room ended with ${code}`)
  await until(async () => (await stateOf(tab)).storage === 'full', 'the screen to say that there is no room')
  await tab.send('Storage.overrideQuotaForOrigin', { origin })
  await until(async () => (await codeOf(tab, 'tab.send(1)')) === 'done', 'writing to work again')
  await until(async () => (await stateOf(tab)).storage === 'ready', 'the screen to say that all is well')
  await expectKept(world, user, kept, [tab])
  await tab.close()
}

/** Somebody clears the site's databases under two open tabs. */
export async function cleared(world, user) {
  const kept = []
  const tabs = [await openTab(world, user, kept), await openTab(world, user, kept)]
  await leaderOf(tabs)
  await tabs[0].run('tab.send(3)')
  await expectKept(world, user, kept, tabs)
  const { origin } = new URL(world.server.pageOf(user))
  await tabs[0].send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' })
  for (const tab of tabs) {
    await until(async () => (await stateOf(tab)).failures.some((failure) => failure.includes('has thrown the stored messages')), 'a tab to say that the database was thrown away')
    await tab.run('failures.length = 0')
  }
  await until(async () => (await codeOf(tabs[1], 'tab.start()')) === 'done', 'the conversation to be made known again')
  await until(async () => (await codeOf(tabs[1], 'tab.send(2)')) === 'done', 'writing to work again')
  for (const tab of tabs) await tab.run('failures.length = 0')
  await expectKept(world, user, kept, tabs)
  await Promise.all(tabs.map((tab) => tab.close()))
}

/** The browser throws the databases of the site away between two visits, and leaves the rest: noticed at the next start, and fetched again. */
export async function evicted(world, user) {
  const kept = []
  const tab = await openTab(world, user, kept)
  await leaderOf([tab])
  await tab.run('tab.send(3)')
  await expectKept(world, user, kept, [tab])
  const url = world.server.pageOf(user)
  await tab.load('about:blank')
  await tab.send('Storage.clearDataForOrigin', { origin: new URL(url).origin, storageTypes: 'indexeddb' })
  await tab.load(url)
  await tab.run('tab.start()')
  await until(async () => (await stateOf(tab)).failures.some((failure) => failure.includes('has thrown the stored messages')), 'the tab to say that the database was thrown away')
  await tab.run('failures.length = 0')
  await tab.run('tab.send(2)')
  await expectKept(world, user, kept, [tab])
  await tab.close()
}

/** A tab with an older version holds the database: one that will not let go, or one that is frozen and cannot. */
export const blockedBy = (isFrozen) => async (world, user) => {
  const kept = []
  const old = await world.browser.open(world.server.pageOf(user))
  await old.run('tab.holdOldVersion()')
  const tab = await world.browser.open(world.server.pageOf(user), (text) => kept.push(JSON.parse(text)))
  if (isFrozen) await old.freeze()
  const tookMs = await tab.run('tab.startTimed()')
  expect(tookMs <= EXPLAINED_MS, `it took ${tookMs} ms until the screen said that an old tab is in the way`)
  world.notes.push(`said after ${Math.round(tookMs)} ms`)
  const { storage, phase } = await stateOf(tab)
  expect(storage === 'blocked' && phase === 'starting', `the screen says ${storage} while an old tab is in the way`)
  const code = await codeOf(tab, 'tab.send(1)')
  expect(code === 'storage/blocked', `a write behind an old tab ended with ${code}`)
  if (isFrozen) await old.wake()
  await old.run('tab.letGoOldVersion()')
  await until(async () => (await stateOf(tab)).phase === 'running', 'the client to open by itself')
  await tab.run('tab.send(2)')
  await expectKept(world, user, kept, [tab])
  await Promise.all([old.close(), tab.close()])
}

/**
 * A page that was left is put aside, and comes back by the way back with what happened meanwhile: the leading one of two, the following one, and the only one.
 * A page that another one waits for (its lock, an upgrade) is let go by the browser, and loaded anew.
 */
export const wayBack = (who) => async (world, user) => {
  const kept = []
  const tabs = []
  for (let i = 0; i < (who === 'only' ? 1 : 2); i++) tabs.push(await openTab(world, user, kept))
  const leader = await leaderOf(tabs)
  const leaving = who === 'following' ? tabs.find((tab) => tab !== leader) : leader
  const staying = tabs.find((tab) => tab !== leaving)
  await leaving.run('globalThis.wasHere = true')
  await leaving.send('Page.navigate', { url: world.server.pageOf(`elsewhere-${user}`) })
  await until(() => leaving.run('globalThis.wasHere !== true && document.readyState === "complete"').catch(() => false), 'the page to be left')
  for (let n = 0; n < 3; n++) world.server.post(user, `meanwhile ${n}`)
  if (staying) {
    await staying.run('tab.send(3)')
    await expectKept(world, user, kept, [staying])
    await staying.run('tab.readNewest(1)')
  }
  const unread = staying ? 2 : 3
  await leaving.run('history.back()').catch(() => {})
  await until(() => leaving.run(`location.href === ${JSON.stringify(world.server.pageOf(user))} && document.readyState === 'complete'`).catch(() => false), 'the page to come back')
  const isPutAside = await leaving.run('globalThis.wasHere === true')
  // Nobody waits for the only page, so that it is put aside: else there was no way back, and nothing was tried.
  expect(isPutAside || who !== 'only', 'the only page was let go, and not put aside')
  const tookMs = await (isPutAside ? backIn(leaving) : leaving.run('tab.startTimed()'))
  expect(tookMs <= EXPLAINED_MS, `it took ${tookMs} ms until a page that came back was usable`)
  expect((await stateOf(leaving)).storage === 'ready', 'a page that came back has no database')
  world.notes.push(`${who}: ${isPutAside ? 'had been put aside' : 'had been let go'}, usable after ${Math.round(tookMs)} ms`)
  await expectKept(world, user, kept, tabs)
  await expectUnread(world, user, tabs, unread)
  await leaving.run('tab.send(2)')
  await leaving.run('tab.readNewest(2)')
  await expectKept(world, user, kept, tabs)
  await expectUnread(world, user, tabs, 1)
  await Promise.all(tabs.map((tab) => tab.close()))
}

/** Milliseconds until a page that was put aside has its database again. */
async function backIn(tab) {
  const came = performance.now()
  await until(async () => {
    const { phase, storage } = await stateOf(tab)
    return phase === 'running' && storage === 'ready'
  }, 'the page to have its database again')
  return performance.now() - came
}

/** A browser without Web Locks and BroadcastChannel: the lease alone decides, and tabs look for themselves. */
export async function withoutLocks(world, user) {
  const kept = []
  const source = 'delete Navigator.prototype.locks; delete globalThis.BroadcastChannel'
  const tabs = []
  for (let i = 0; i < 3; i++) {
    const tab = await world.browser.open('about:blank', (text) => kept.push(JSON.parse(text)))
    await tab.send('Page.addScriptToEvaluateOnNewDocument', { source })
    await tab.load(world.server.pageOf(user))
    await tab.run('tab.start()')
    tab.name = await tab.run('tab.name')
    tabs.push(tab)
  }
  const leader = await leaderOf(tabs)
  for (const tab of tabs) await tab.run('tab.send(2)')
  // A tab in the background does not look; it does when it is shown.
  for (const tab of tabs) {
    await tab.show()
    await expectKept(world, user, kept, [tab])
  }
  await leader.close()
  const rest = tabs.filter((tab) => tab !== leader)
  for (const tab of rest) await tab.run('tab.send(2)')
  await leaderOf(rest)
  for (const tab of rest) {
    await tab.show()
    await expectKept(world, user, kept, [tab])
  }
  await Promise.all(rest.map((tab) => tab.close()))
}

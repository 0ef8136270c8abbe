/** The whole browser is killed in the middle of writing, and its profile opened again: what was promised is there, whole, and reaches the server once. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { brokenWithin } from '../../tools/brokenLog.mjs'
import { launch, until } from './cdp.mjs'
import { expect, expectOnce, tornOf } from './faults.mjs'

/** How much later than its first promise a browser is killed, milliseconds. */
const [SOONEST_MS, LATEST_MS] = [150, 650]

export async function killRounds({ server, profile, rounds, random }) {
  const user = 'killed'
  const url = server.pageOf(user)
  const own = server.account(user)
  const totals = { rounds, sends: 0, reads: 0, thrownAway: [] }
  const kept = []
  let saidBefore = ''
  for (let round = 0; round < rounds; round++) {
    const found = await filesOf(profile)
    const broken = await brokenLog(profile)
    const browser = await launch(profile)
    const upgrades = []
    try {
      const tab = await browser.open(url, (text) => {
        const { upgraded, ...promise } = JSON.parse(text)
        if (upgraded) upgrades.push(upgraded)
        else kept.push(promise)
      })
      if (broken && (await threwAway(tab, upgrades))) {
        totals.thrownAway.push(`round ${round}: ${broken}; ${kept.length} promises`)
        // Nobody has them any more but the server, which has some.
        kept.length = 0
        upgrades.length = 0
      }
      await audit(tab, kept, round).catch(async (cause) => {
        throw new Error(`${cause.message}\nWhose it is: ${whose(upgrades)}\nUpgrades: ${JSON.stringify(upgrades)}\nFiles that the killed browser left:\n${found}\nFiles now:\n${await filesOf(profile)}\nThe browser said: ${browser.said()}\nThe one that was killed before had said: ${saidBefore}`, { cause })
      })
      // The rows were there; made anew all the same, they would be another database's.
      expect(round === 0 || upgrades.length === 0, `round ${round}: a database was made anew or upgraded: ${JSON.stringify(upgrades)}\nFiles that the killed browser left:\n${found}`)
      const before = kept.length
      await tab.run('tab.start()')
      for (let n = 0; n < 60; n++) server.post(user, `from ada ${round} ${n}`)
      // Now and then without answers, so that much is in the outbox.
      const release = random() < 0.5 ? server.hold(user) : () => {}
      await tab.start('tab.writeForEver()')
      await until(() => kept.length > before, 'the first promise')
      await new Promise((resolve) => setTimeout(resolve, SOONEST_MS + (LATEST_MS - SOONEST_MS) * random()))
      await browser.kill()
      release()
    } finally {
      await browser.kill()
      saidBefore = browser.said()
    }
  }
  totals.sends = kept.filter(({ localId }) => localId).length
  totals.reads = kept.length - totals.sends
  await drained({ url, profile, kept, own })
  return totals
}

/** The first record of the profile's logs that is broken off and has more behind it; null: there is none. */
async function brokenLog(profile) {
  const folder = join(profile, 'Default', 'IndexedDB')
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  for (const name of names.filter((each) => each.endsWith('.log'))) {
    const broken = brokenWithin(await readFile(join(folder, name)))
    if (broken) return `${name}, a record that is broken off at byte ${broken.at} of ${broken.of}`
  }
  return null
}

/** Whether the browser itself says that it threw its files away, for they were corrupt. */
async function threwAway(tab, upgrades) {
  await tab.run('tab.audit()')
  return upgrades.some(({ oldVersion, dataLoss, dataLossMessage }) => oldVersion === 0 && dataLoss === 'total' && /corrupt/.test(dataLossMessage))
}

/** The first to open the database after a kill finds the one that was there, at its version: if it is made from nothing, then no code of this page has emptied it. */
function whose(upgrades) {
  const made = upgrades.find(({ oldVersion }) => oldVersion === 0)
  if (!made) return 'the database was opened at its version, and its tables were empty: our own code, or a commit that the browser told of and did not keep'
  return `the browser had no database of this name any more (${made.dataLoss === 'total' ? `it threw its files away: ${made.dataLossMessage}` : 'it says nothing of a loss'}): its files were lost, or something had deleted the database`
}

/** Names and sizes of what the profile keeps of the databases, and what their journal says of its last opening. */
async function filesOf(profile) {
  const folder = join(profile, 'Default', 'IndexedDB')
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const sizes = await Promise.all(names.map(async (name) => `${name} ${(await stat(join(folder, name)).catch(() => null))?.size ?? 'gone'}`))
  const journals = await Promise.all(names.filter((name) => /(^|\/)(LOG|LOG\.old|corruption_info\.json)$/.test(name)).map(async (name) => `${name}: ${(await readFile(join(folder, name), 'utf8').catch(String)).slice(-1_500)}`))
  return [...sizes, ...journals].join('\n')
}

/** Every promised message has its row, and an outbox entry until it is accepted; every promised read is part of what was read. */
async function audit(tab, kept, round) {
  const { rows, outbox, own, quarantined, state, databases } = await tab.run('tab.audit()')
  // In memory there would be nothing to find, and nothing to say of the database.
  expect(state.status === 'ready', `round ${round}: the database is ${JSON.stringify(state)}, of ${JSON.stringify(databases)}`)
  const byLocalId = new Set(rows.map(({ localId }) => localId))
  const lost = kept.filter(({ localId }) => localId && !byLocalId.has(localId))
  expect(lost.length === 0, `round ${round}: ${lost.length} of ${kept.filter(({ localId }) => localId).length} promised messages are lost; ${rows.length} rows, ${outbox.length} entries, in ${JSON.stringify(databases)}`)
  const torn = tornOf({ rows, outbox })
  expect(torn === 0 && quarantined === 0, `round ${round}: ${torn} torn, ${quarantined} in quarantine`)
  const unread = kept.filter(({ read }) => read && !covers(own?.synced.read, read))
  expect(unread.length === 0, `round ${round}: ${unread.length} promised reads are lost`)
  const isDue = kept.some(({ read }) => read && !covers(own?.acked.published.read, read))
  expect(!isDue || outbox.some((entry) => entry.action === 'report'), `round ${round}: reads are stored without their report`)
}

const isUpTo = (a, b) => a.epoch < b.epoch || (a.epoch === b.epoch && a.order <= b.order)

function covers(progress, point) {
  if (!progress) return false
  return (progress.upTo && isUpTo(point, progress.upTo)) || progress.ranges.some(({ from, to }) => isUpTo(from, point) && isUpTo(point, to))
}

async function drained({ url, profile, kept, own }) {
  const browser = await launch(profile)
  try {
    const tab = await browser.open(url)
    await audit(tab, kept, 'last')
    await tab.run('tab.start()')
    const promised = kept.filter(({ localId }) => localId)
    await until(() => promised.every(({ localId }) => own.byLocalId.has(`killed/${localId}`)), `${promised.length} promised messages to reach the server`, 180_000)
    await until(() => kept.every(({ read }) => !read || own.reads.some((report) => covers(report, read))), 'every promised read to be reported')
    await until(async () => (await tab.run('tab.state()')).pending === 0, 'the outbox to be empty')
    expectOnce(own.log, promised)
  } finally {
    await browser.close()
  }
}

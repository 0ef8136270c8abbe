/**
 * Storage and tabs in a real Chromium: tabs freeze, crash and are closed, the browser is killed, and the server's log says whether anything was lost or came twice.
 * Alone: `node test/integration/storage.mjs`; `--long` as in `npm run test:long`; with words, only what bears one of them in its name: `node test/integration/storage.mjs --long A6 A19`.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { attempted, summarise } from '../tools/run.mjs'
import { leftOutWithoutTabs } from './provision.mjs'
import { launch } from './storage/cdp.mjs'
import { browserClosed, discarded } from './storage/endings.mjs'
import { closedMidSend, fiveTabs, freezeLeader, frozenInsideWrite, reloadStorm } from './storage/faults.mjs'
import { killRounds } from './storage/kill.mjs'
import { compareSizes } from './storage/million.mjs'
import { startServer } from './storage/server.mjs'
import { soak } from './storage/soak.mjs'
import { tornFiles } from './storage/torn.mjs'
import { blockedBy, cleared, evicted, noRoom, wayBack, withoutLocks } from './storage/troubles.mjs'
import { twoBuilds } from './storage/versions.mjs'

/** Rounds that run side by side, each with an account of its own: most of a round is waiting for a heartbeat to fail. */
const AT_ONCE = 4

/** As many as `npm run test:long` tries. */
export const LONG = { rounds: 200, kills: 200, messages: 1_000, stored: 1_000_000, minutes: Number(process.env.READBACK_SOAK_MINUTES ?? 20) }

/**
 * @param {{ rounds?: number, kills?: number, messages?: number, stored?: number, minutes?: number, seed?: number, only?: string[], hasTabs?: boolean }} options `messages`: how many each of five tabs writes; `stored`: how many a large database holds; `minutes`: of the long calm run, 0 = none; `only`: words, one of which is in the name of what is tried; `hasTabs`: whether tabs can be hidden and frozen here
 * @returns {Promise<import('../tools/run.mjs').Outcome[]>}
 */
export async function storage({ rounds = 20, kills = 20, messages = 40, stored = 20_000, minutes = 0, seed = 20_261_121, only = [], hasTabs = true } = {}) {
  const server = await startServer()
  const profile = await mkdtemp(join(tmpdir(), 'readback-profile-'))
  const random = mulberry(seed)
  let users = 0
  try {
    const outcomes = []
    const attempt = async (name, run) => {
      if (only.length === 0 || only.some((word) => name.includes(word))) outcomes.push(await attempted(name, run))
    }
    const attemptInTabs = hasTabs ? attempt : async (name) => void outcomes.push(leftOutWithoutTabs(name))
    await attempt(`[A6] [F1] the browser is killed while it writes, ${kills} rounds`, async () => {
      const { sends, reads, thrownAway } = await killRounds({ server, profile: join(profile, 'kill'), rounds: kills, random })
      const byItself = thrownAway.length > 0 ? `; ${thrownAway.length} × the browser broke its own log by going on behind what a kill had broken off, and threw all away: ${thrownAway.join(', ')}` : ''
      return `${sends} promised messages and ${reads} promised reads: 0 lost, 0 twice, 0 torn${byItself}`
    })
    await attempt('[F1] [F27] the files of the database are torn while the browser is down', () => tornFiles({ server, profile: join(profile, 'torn') }))
    const world = { server, browser: await launch(join(profile, 'tabs')), notes: [] }
    const user = () => `user${users++}`
    const many = (times, run) => async () => {
      for (let done = 0; done < times; done += AT_ONCE) await Promise.all(Array.from({ length: Math.min(AT_ONCE, times - done) }, () => run(world, user())))
    }
    const explained = (isFrozen) => async () => {
      await blockedBy(isFrozen)(world, user())
      return world.notes.splice(0).join('; ')
    }
    try {
      await attemptInTabs(`[A7] [F6] the leading tab freezes in the middle of a send and wakes, ${rounds} rounds`, many(rounds, freezeLeader))
      await attempt(`[A7] [F2] [F16] five tabs write at once while tabs crash and are closed, ${Math.ceil(rounds / 5)} rounds`, async () => {
        for (let done = 0; done < Math.ceil(rounds / 5); done++) await fiveTabs(world, user(), messages, random)
      })
      await attempt(`[F3] a tab is closed in the middle of a send, ${Math.ceil(rounds / 5)} rounds`, many(Math.ceil(rounds / 5), closedMidSend))
      await attempt('[F7] a tab is frozen in the middle of a write', many(1, frozenInsideWrite))
      await attempt('[F25] the disk is full for a while', many(1, noRoom))
      await attempt('[F26] the databases of the site are cleared under two open tabs', many(1, cleared))
      await attempt('[F27] the databases of the site are thrown away between two visits', many(1, evicted))
      await attempt('[F21] two builds of an app are open, the newer with a further version of the schema', many(1, twoBuilds))
      await attempt('[F8] a tab in the background is discarded', many(1, discarded))
      await attempt('[F4] the browser is closed while messages and reads are on their way', many(1, browserClosed))
      await attempt('[A11] [F22] an old tab keeps the database from being opened', explained(false))
      await attempt('[A11] [F23] a frozen old tab keeps the database from being opened', explained(true))
      await attemptInTabs('[F9] [I3] [I29] a page is left and comes back by the way back', async () => {
        for (const who of ['leading', 'following', 'only']) await wayBack(who)(world, user())
        return world.notes.splice(0).join('; ')
      })
      await attempt('[F20] a browser without locks and channels', many(1, withoutLocks))
      await attempt(`[F5] a page is loaded again ${rounds} times while it writes`, () => reloadStorm(world, user(), rounds))
      if (minutes > 0) await attempt(`[A19] three tabs for ${minutes} minutes`, () => soak(world, user(), minutes))
    } finally {
      await world.browser.close()
    }
    await attempt(`a database of ${stored.toLocaleString('en')} messages asks for no more than a small one`, () => compareSizes(stored))
    return outcomes
  } finally {
    await server.stop()
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** The same rounds for the same seed. */
function mulberry(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const words = process.argv.slice(2)
  const only = words.filter((word) => word !== '--long')
  const outcomes = await storage({ ...(words.includes('--long') ? LONG : {}), only })
  if (outcomes.length === 0) throw new Error(`Nothing bears ${only.join(' or ')} in its name, so that nothing was tried. The names are in test/integration/storage.mjs.`)
  summarise(outcomes)
}

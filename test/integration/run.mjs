/** `npm run test:integration`: the packed package in other people's builds, in a real browser; storage and tabs in a browser that is frozen, crashed and killed; reading in tabs that are really hidden; two people in two browsers through the server of the docs. */
import { check, summarise } from '../tools/run.mjs'
import { consumers } from './consumers.mjs'
import { leftOutWithoutTabs, provision } from './provision.mjs'
import { reading } from './reading.mjs'
import { storage } from './storage.mjs'
import { twoBrowsers } from './twoBrowsers.mjs'

const hasTabs = await provision()
const build = await check('build', [['npm', 'run', '--silent', 'build']])
summarise(build.failed > 0 ? [build] : [build, ...(await consumers()), ...(await storage({ hasTabs })), hasTabs ? await reading({ timelines: 8, hiddenMs: 2_000 }) : leftOutWithoutTabs('reading in real tabs'), await twoBrowsers()])

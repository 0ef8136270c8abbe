/** Ways in which a page ends without being asked, other than being killed. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launch, until } from './cdp.mjs'
import { expectKept, leaderOf, openTab, stateOf } from './faults.mjs'

/** The browser is closed while messages and reads are on their way: no event of the page but its hiding comes. The next visit tells both, once. */
export async function browserClosed({ server }, user) {
  const profile = await mkdtemp(join(tmpdir(), 'readback-closed-'))
  const kept = []
  const own = server.account(user)
  for (let n = 0; n < 20; n++) server.post(user, `from ada ${n}`)
  try {
    const world = { server, browser: await launch(profile) }
    const release = server.hold(user)
    try {
      const tab = await openTab(world, user, kept)
      await leaderOf([tab])
      await until(async () => (await stateOf(tab)).shown === 20, 'the messages to be shown')
      await tab.run('tab.send(3)')
      await tab.run('tab.readNewest(20)')
    } finally {
      await world.browser.close()
      release()
    }
    const again = { server, browser: await launch(profile) }
    try {
      const tab = await openTab(again, user, kept)
      await expectKept(again, user, kept, [tab])
      await until(() => own.reads.some(({ upTo, ranges }) => upTo?.order === 20 || ranges.some(({ to }) => to.order === 20)), 'what was read to be reported')
      await until(async () => (await tab.run('tab.unread()')).count === 0, 'nothing to be unread')
    } finally {
      await again.browser.close()
    }
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** A tab in the background is discarded, as browsers do when memory is short, and made anew from its address when it is shown. */
export async function discarded(world, user) {
  const kept = []
  const tab = await openTab(world, user, kept)
  await leaderOf([tab])
  const other = await world.browser.open('about:blank')
  const release = world.server.hold(user)
  await tab.run('tab.send(3)')
  await other.show()
  await tab.run('tab.send(2)')
  await tab.close()
  release()
  const next = await openTab(world, user, kept)
  await next.show()
  await expectKept(world, user, kept, [next])
  await Promise.all([other.close(), next.close()])
}

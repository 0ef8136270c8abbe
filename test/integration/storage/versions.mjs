/** Two builds of one app are open at once: the newer one has a further version of the schema. */
import { until } from './cdp.mjs'
import { expect, expectKept, leaderOf, openTab, stateOf } from './faults.mjs'

/** The newer one upgrades and leads; the older one goes on showing everything, writes nothing, and says so. After a reload it is a newer one too. */
export async function twoBuilds(world, user) {
  const kept = []
  const old = await openTab(world, user, kept)
  await leaderOf([old])
  await old.run('tab.send(2)')
  await expectKept(world, user, kept, [old])
  const next = await world.browser.open(world.server.pageOf(user, 'next'), (text) => kept.push(JSON.parse(text)))
  await next.run('tab.start()')
  await leaderOf([next])
  await until(async () => (await stateOf(old)).storage === 'readOnly', 'the older tab to say that it only reads')
  const code = await old.run("tab.send(1).then(() => 'kept', (error) => error.code)")
  expect(code === 'storage/readOnly', `a write of the older tab ended with ${code}`)
  await next.run('tab.send(3)')
  await old.show()
  await expectKept(world, user, kept, [old, next])
  await old.load(world.server.pageOf(user, 'next'))
  await old.run('tab.start()')
  await old.run('tab.send(2)')
  await expectKept(world, user, kept, [old, next])
  await Promise.all([old.close(), next.close()])
}

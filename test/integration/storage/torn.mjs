/** The files of the database are damaged while the browser is down: it throws them away at the next start, and what the server has comes back, with a word about what is lost. */
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { launch, until } from './cdp.mjs'
import { expect } from './faults.mjs'

export async function tornFiles({ server, profile }) {
  const user = 'torn'
  const url = server.pageOf(user)
  const killed = await launch(profile)
  try {
    const tab = await killed.open(url)
    await tab.run('tab.start()')
    await tab.run('tab.send(3)')
    await until(() => server.account(user).log.length === 3, 'the messages to reach the server')
  } finally {
    // At once: what localStorage had in the last seconds is gone with it, so that nothing but the browser itself knows.
    await killed.kill()
  }
  const folder = join(profile, 'Default', 'IndexedDB')
  for (const name of await readdir(folder, { recursive: true })) if (name.endsWith('CURRENT')) await writeFile(join(folder, name), 'torn')
  const browser = await launch(profile)
  const losses = []
  try {
    const tab = await browser.open(url, (text) => losses.push(JSON.parse(text).upgraded?.dataLossMessage))
    await tab.run('tab.start()')
    await until(async () => (await tab.run('tab.state()')).failures.some((failure) => failure.includes('has thrown the stored messages')), 'the tab to say that the database was thrown away')
    await until(async () => (await tab.run('tab.texts()')).length === 3, 'what the server has to come back')
    await tab.load(url)
    await tab.run('tab.start()')
    await until(async () => (await tab.run('tab.texts()')).length === 3, 'the messages to be shown again')
    const { failures } = await tab.run('tab.state()')
    expect(failures.length === 0, `a page that was loaded later says it again: ${failures.join('; ')}`)
  } finally {
    await browser.close()
  }
  return `the browser said: ${losses.find(Boolean)}`
}

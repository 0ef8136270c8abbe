/** Three tabs for a long time, a hundred messages a minute: nothing grows that should not, and every minute each tab counts as the server does. */
import { until } from './cdp.mjs'
import { expect, expectUnread, leaderOf, openTab } from './faults.mjs'
import { heapOf } from './heap.mjs'

const MESSAGES_A_MINUTE = 100
/** Growth of what is left after garbage collection, from the end of the warm-up to the end. The list of a tab is bounded, so it does not grow with what arrives. */
const MOST_GROWTH = 1.05
/** What is not counted against a tab, bytes: it may have taken the lead meanwhile, and holds the wire and the outbox then. */
const SLACK_BYTES = 20_000
/** Rounds before it counts: everything that is loaded later is there, everything that is done has been done. */
const WARM_UP_ROUNDS = 12

export async function soak(world, user, minutes) {
  const tabs = []
  for (let i = 0; i < 3; i++) tabs.push(await openTab(world, user))
  await leaderOf(tabs)
  // Windows are bounded: filled once, they are as large as they get.
  for (let round = 0; round < WARM_UP_ROUNDS; round++) {
    for (let n = 0; n < MESSAGES_A_MINUTE; n++) {
      world.server.post(user, `warm ${round} ${n}`)
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    await sendAndRead(tabs, round, `warm ${round} ${MESSAGES_A_MINUTE - 1}`)
    await expectUnread(world, user, tabs, leftIn(round))
  }
  const before = await measure(tabs)
  for (let minute = 0; minute < minutes; minute++) {
    for (let n = 0; n < MESSAGES_A_MINUTE; n++) {
      world.server.post(user, `m${minute} ${n}`)
      await new Promise((resolve) => setTimeout(resolve, 60_000 / MESSAGES_A_MINUTE))
    }
    await sendAndRead(tabs, minute, `m${minute} ${MESSAGES_A_MINUTE - 1}`)
    await expectUnread(world, user, tabs, leftIn(minute))
  }
  const after = await measure(tabs)
  tabs.forEach((_, i) => {
    expect(after[i].data <= before[i].data * MOST_GROWTH + SLACK_BYTES, `what tab ${i} holds grew from ${before[i].data} to ${after[i].data} bytes`)
    expect(after[i].listeners <= before[i].listeners + 5, `tab ${i} has ${after[i].listeners} listeners, it had ${before[i].listeners}`)
    expect(after[i].locks <= before[i].locks, `tab ${i} sees ${after[i].locks} locks, there were ${before[i].locks}`)
  })
  await Promise.all(tabs.map((tab) => tab.close()))
  return before.map((each, i) => `tab ${i}: holds ${kilo(each.data)} → ${kilo(after[i].data)} kB (compiled code beside it ${kilo(each.code)} → ${kilo(after[i].code)} kB), ${each.listeners} → ${after[i].listeners} listeners`).join('; ')
}

/** How many are left unread in a round: another number than in the round before, and few enough to be counted. They are read in the next one. */
const leftIn = (round) => 2 + (round % 7)

/** @param last - what came last in this round: what a tab has not heard of it cannot read */
async function sendAndRead(tabs, round, last) {
  await tabs[round % 3].run('tab.send(2)')
  const reader = tabs[(round + 1) % 3]
  await until(() => reader.run(`tab.texts().includes(${JSON.stringify(last)})`), 'a tab to show what came last')
  await reader.run(`tab.readAllBut(${leftIn(round)})`)
}

/** The least of several looks: a request under way has listeners and rows of its own. */
async function measure(tabs) {
  const measured = []
  for (const tab of tabs) {
    const looks = []
    for (let look = 0; look < 8; look++) {
      looks.push(await lookAt(tab))
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    const heaps = []
    for (let look = 0; look < 3; look++) heaps.push(await heapOf(tab))
    const least = (key) => Math.min(...[...looks, ...heaps].flatMap((each) => each[key] ?? []))
    measured.push({ data: least('data'), code: least('code'), listeners: least('listeners'), locks: least('locks') })
  }
  return measured
}

async function lookAt(tab) {
  await tab.send('HeapProfiler.enable')
  await tab.send('HeapProfiler.collectGarbage')
  await tab.send('Performance.enable')
  const { metrics } = await tab.send('Performance.getMetrics')
  const { held, pending } = await tab.run('navigator.locks.query()')
  return { listeners: metrics.find(({ name }) => name === 'JSEventListeners').value, locks: held.length + pending.length }
}

const kilo = (bytes) => Math.round(bytes / 1_000)

/** Runs one schedule; where it fails, leaves out steps as long as it still fails, so that what is printed is short. */
import { loadEngine } from '../../src/client/loadEngine.js'
import { checkFiles } from './carrying.js'
import { createChecker } from './check.js'
import { createAccountChecker } from './checkAccounts.js'
import { checkEvicted, checkRows } from './checkEvicted.js'
import { createDeletionChecker } from './checkDeleted.js'
import { createTabChecker } from './checkTabs.js'
import { createPruningChecker } from './pruning.js'
import { makeSchedule, USERS, type Schedule, type ScheduleShape, type Step } from './schedule.js'
import { readDisk, Violation } from './stored.js'
import { createWorld } from './world.js'

/** Everything is known everywhere this long after the last trouble. The longest back-off and a call without answer take half a minute each. */
const SETTLE_MS = 150_000
/** Then nothing more is said for this long. */
const QUIET_MS = 60_000

export interface Outcome {
  readonly error: Error | null
  /** Steps until it failed. */
  readonly at: number
  /** What the hub and every device know in the end, as text: the same seed gives the same. */
  readonly trace: string
}

export async function runSchedule(schedule: Schedule): Promise<Outcome> {
  // A client's first start loads it, in real time; virtual time must not wait for that.
  await loadEngine()
  const world = await createWorld(schedule)
  const checkers = [...(world.hasAccounts ? [createAccountChecker(world)] : []), createTabChecker(world), createChecker(world), ...(world.deletions === 'forGood' ? [createDeletionChecker(world)] : []), ...(schedule.steps.some((step) => step.do === 'prune') ? [createPruningChecker(world)] : []), { check: () => (checkFiles(world), checkRows(world)), checkSettled: async () => checkEvicted(world) }]
  const checker = {
    check: async () => {
      for (const each of checkers) await each.check()
    },
    checkSettled: async () => {
      for (const each of checkers) await each.checkSettled()
    },
  }
  let at = 0
  try {
    await checker.check()
    for (const step of schedule.steps) {
      at += 1
      const isTaking = step.do === 'fresh' || step.do === 'evict' || step.do === 'prune'
      if (isTaking) {
        // What its disk held is looked at before it is gone.
        await world.time.pass(Math.max(0, step.after))
        await checker.check()
      }
      await world.step(isTaking ? { ...step, after: 0 } : step)
      if (schedule.steps[at]?.after === -1) continue
      await world.time.settle()
      await checker.check()
    }
    at += 1
    await world.time.settle()
    await world.heal()
    await world.time.pass(SETTLE_MS)
    await world.refreshRosters()
    await checker.checkSettled()
    if (world.wakeAll()) {
      await world.time.pass(SETTLE_MS)
      await checker.checkSettled()
    }
    if (world.wasReset.size > 0) {
      await world.goOn()
      await world.time.pass(SETTLE_MS)
      await checker.checkSettled()
    }
    for (let rounds = 0; await world.comeHome(); rounds += 1) {
      if (rounds === USERS.length) throw new Violation('I26', 'somebody signed in again and again, and is never there')
      await world.time.pass(SETTLE_MS)
      await checker.checkSettled()
    }
    const reports = world.reports
    await world.time.pass(QUIET_MS)
    if (world.reports > reports) throw new Violation('I16', `${world.reports - reports} reports in a minute in which nothing happened`)
    const surprise = world.devices.flatMap(({ tabs }) => tabs).flatMap((tab) => tab?.errors ?? []).find(({ code }) => code === 'client/unexpected' || code === 'storage/apply')
    if (surprise) throw new Violation('I27', `an error without a name: ${String(surprise.cause)}`)
    const { hub } = world
    const known = ['pair', 'team'].map((c) => [hub.log(c), hub.readStates(c, '')])
    return { error: null, at, trace: JSON.stringify([known, await Promise.all(world.devices.map(readDisk)), world.reports]) }
  } catch (error) {
    return { error: error as Error, at, trace: '' }
  } finally {
    await world.end().catch(() => {})
  }
}

/** The shortest list of steps found that still breaks the same rule. */
export async function shrink(schedule: Schedule, error: Error, budget = 250): Promise<Schedule> {
  const rule = ruleOf(error)
  let best = schedule
  let runs = 0
  const fails = async (steps: readonly Step[]) => {
    runs += 1
    const { error: again } = await runSchedule({ ...schedule, steps })
    return again !== null && ruleOf(again) === rule
  }
  for (let size = Math.ceil(best.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.steps.length && runs < budget; ) {
      const without = [...best.steps.slice(0, from), ...best.steps.slice(from + size)]
      if (await fails(without)) best = { ...best, steps: without }
      else from += size
    }
  }
  return best
}

const ruleOf = (error: Error) => (error instanceof Violation ? error.rule : error.message)

/**
 * Runs a seed; what it returns says how to see it again.
 * @param budget - how often it is run again to make it short
 */
export async function failureOf(seed: number, shape?: ScheduleShape, budget = 250): Promise<string | null> {
  const schedule = makeSchedule(seed, shape)
  const { error, at } = await runSchedule(schedule)
  if (!error) return null
  const short = await shrink({ ...schedule, steps: schedule.steps.slice(0, at) }, error, budget)
  return `Seed ${seed} breaks at step ${at}: ${error instanceof Violation ? error.message : error.stack}\nReplay: SEED=${seed} STEPS=${shape?.length ?? 60} npx vitest run --project unit test/simulator/simulator.test.ts\nShortest found: ${JSON.stringify(short)}`
}

/** Runs many seeds and gathers what fails; a few failures say enough. */
export async function failuresOf(first: number, count: number, { most = 5, ...shape }: ScheduleShape & { readonly most?: number } = {}): Promise<string[]> {
  const failures: string[] = []
  for (let seed = first; seed < first + count && failures.length < most; seed += 1) {
    const failure = await failureOf(seed, shape)
    if (failure !== null) failures.push(failure)
  }
  return failures
}

/** One sample of one contestant at one size: a fresh browser, every measured action once. */
import { withBrowser } from './browser.mjs'

/** Receipts of a flood: everybody else in the group sends one. */
const FLOOD = 500
const FLIPS = 10
const APPENDS = 20
const BURST = 200
/** Before anything is measured: what runs for the first time is compiled, and what loads when a list is idle has loaded. */
const WARM_UPS = 2
const IDLE_MS = 600
const PREPENDS = 3
/** After the last append: what was put off (dwelling, batching, reporting) is counted too. */
const TAIL_MS = 1_300
const SCROLL_PX = 6_000
/** The same after the last flip: receipts that follow each other are stored together. */
const FLIP_TAIL_MS = 700
/** A contestant that takes longer is left out at that size, and said to be. */
const MOST_SAMPLE_MS = 240_000

export const direct = (size) => ({ kind: 'direct', size, members: 2, ranges: 0, mode: 'upTo' })
export const group = (size, { members = FLOOD + 1, ranges = 0, mode = 'upTo' } = {}) => ({ kind: 'group', size, members, ranges, mode })

/**
 * @param {{ name: string, url: string, template?: string, holdsData: boolean }} contestant
 * @param {{ streams?: boolean }} [options] `streams`: also the flood at the pace of a network, which takes two seconds
 * @returns {Promise<Record<string, number>>} by measure
 */
export function sampleList(contestant, size, { streams = true } = {}) {
  return withBrowser(contestant.template, (open) => within(MOST_SAMPLE_MS, async () => ({ ...(await sampleDirect(contestant, open, size)), ...(await sampleFloods(contestant, open, size, streams)) })))
}

async function within(ms, work) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`One sample takes more than ${ms / 60_000} minutes.`)), ms)
  })
  return Promise.race([work(), late]).finally(() => clearTimeout(timer))
}

async function sampleDirect({ url, template, holdsData, slowFrom = Infinity }, open, size) {
  const slow = size >= slowFrom
  const [flips, appends, prepends] = slow ? [2, 2, 1] : [FLIPS, APPENDS, PREPENDS]
  const scene = direct(size)
  const figures = {}
  if (template) Object.assign(figures, await sampleCold({ url }, open, size))
  const probe = await open(url)
  // A list that keeps its messages on the heap is not charged for them.
  const loaded = holdsData ? 0 : await probe.heapBytes()
  await probe.call('open', scene)
  const base = holdsData ? await probe.heapBytes() : loaded
  const mount = await probe.cost('mount')
  figures.mountMs = mount.ms
  figures.mountWallMs = mount.result
  await probe.call('wait', IDLE_MS)
  figures.heapBytes = (await probe.heapBytes()) - base
  figures.domNodes = await probe.call('domNodes')
  figures.mountedRows = await probe.call('rowCount')
  if (!slow) await probe.call('flip', WARM_UPS)
  const flip = await probe.costOf(async () => {
    await probe.call('flip', flips)
    await probe.call('wait', FLIP_TAIL_MS)
  })
  figures.flipMs = flip.ms / flips
  const counted = await probe.call('flipCounted')
  figures.flipRows = counted.rows
  figures.flipCommits = counted.commits
  if (!slow) await probe.call('append', WARM_UPS)
  const append = await probe.costOf(async () => {
    await probe.call('append', appends)
    await probe.call('wait', TAIL_MS)
  })
  figures.appendMs = append.ms / appends
  if (!slow) {
    const burst = await probe.cost('burst', BURST)
    figures.burstMs = burst.ms / BURST
    figures.burstFromEndPx = burst.result.fromEndPx
  }
  Object.assign(figures, await sampleScroll(probe))
  figures.prependPx = (await probe.call('prepend', prepends)).worstPx
  await probe.close()
  return figures
}

export async function sampleCold({ url }, open, size) {
  const probe = await open(url)
  const cold = await probe.cost('openCold', direct(size))
  await probe.close()
  return { coldMs: cold.ms, coldWallMs: cold.result }
}

async function sampleScroll(probe) {
  await probe.call('toNewest')
  await probe.call('wait', 300)
  await probe.call('watchScroll')
  const { ms } = await probe.costOf(async () => {
    await probe.wheel(SCROLL_PX)
    await probe.call('wait', 200)
  })
  const seen = await probe.call('endScroll')
  return { scrollMs: (ms / Math.max(1, seen.movedPx)) * 1000, scrollFrames: seen.frames, scrollDropped: seen.dropped, scrollBlankFrames: seen.blankFrames, scrollBlankPx: seen.mostBlankPx, scrolledPx: seen.movedPx }
}

async function sampleFloods(contestant, open, size, streams) {
  if (size > (contestant.mostFlood ?? Infinity)) return {}
  const chain = await sampleFlood(contestant, open, group(size), 'chain')
  if (!streams) return named('flood', chain)
  const stream = await sampleFlood(contestant, open, group(size), 'stream')
  return { ...named('flood', chain), ...named('stream', stream) }
}

/** @param {'chain' | 'stream'} how */
export async function sampleFlood({ url }, open, scene, how) {
  const probe = await open(url)
  await probe.call('reset', scene)
  const opened = await probe.cost('open', scene)
  await probe.call('mount')
  await probe.call('wait', 250)
  const { ms, layoutMs, result } = await probe.costOf(async () => {
    const told = await probe.call('flood', 0, FLOOD, how)
    await probe.call('wait', 300)
    return told
  })
  await probe.close()
  return { ms, layoutMs, openMs: opened.ms, ...result }
}

const named = (prefix, { ms, wallMs, commits, mostInFrame, longTasks }) => ({
  [`${prefix}Ms`]: ms, [`${prefix}WallMs`]: wallMs, [`${prefix}Commits`]: commits, [`${prefix}MostInFrame`]: mostInFrame, [`${prefix}LongTasks`]: longTasks,
})

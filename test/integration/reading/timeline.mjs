/** What happens to the page, made from a seed; and an oracle that says what may and what must be read by it: a list of who was in sight for how long, knowing no product code. */

/** Mulberry32. */
export function random(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const PANELS = [240, 360, 480]
/** Where the timelines are played, in turn: in the whole window, on bare elements, in the list of the package. */
const WITHIN = ['list', 'window', undefined]
/** So many begin with a look that is too short, something between, and another look at the same. */
const AGAIN_SHARE = 0.5
/** Messages on bare elements, and in a list that shows only some of its rows. */
const ROWS = 18
const LISTED_ROWS = 60

export function makeTimeline(seed, dwellMs) {
  const next = random(seed)
  const pick = (list) => list[Math.floor(next() * list.length)]
  const within = WITHIN[seed % WITHIN.length]
  const heights = Array.from({ length: within ? LISTED_ROWS : ROWS }, () => pick([18, 40, 40, 64, 120, 120, 300, 900]))
  const whole = heights.reduce((a, b) => a + b, 0)
  const panelPx = pick(PANELS)
  const steps = Array.from({ length: 5 }, () => {
    const waitMs = Math.round(dwellMs * pick([0.3, 0.6, 0.9, 1.4, 2.6]))
    const act = pick(['scroll', 'scroll', 'nudge', 'nudge', 'hide', 'show', 'show', 'freeze', 'resize'])
    return { act, panelPx: pick(PANELS), toPx: Math.round(next() * Math.max(0, whole - panelPx)), byPx: Math.round((next() - 0.5) * panelPx), waitMs }
  })
  if (next() < AGAIN_SHARE) {
    const away = pick(['scroll', 'hide', 'freeze'])
    const lookMs = Math.round(dwellMs * pick([0.6, 0.9]))
    const back = { act: away === 'scroll' ? 'scroll' : 'show', toPx: 0, waitMs: Math.round(dwellMs * 0.6) }
    steps.splice(0, 2, { act: away, toPx: whole - panelPx, waitMs: lookMs }, back, { act: 'nudge', byPx: 0, waitMs: Math.round(dwellMs * pick([0.9, 1.4])) })
  }
  return { seed, dwellMs, within, heights, panelPx, steps }
}

/** Rounding, borders and the steps in which the browser tells of intersections. */
const UNSURE = 0.07

/** How much in sight a message is: 1 enough, 0 not, null too close to call. */
export function inSight(heights, panelPx, scrollPx, index) {
  return sightAt(heights.slice(0, index).reduce((a, b) => a + b, 0) - scrollPx, heights[index], panelPx)
}

function sightAt(top, height, panelPx) {
  const seen = Math.max(0, Math.min(panelPx, top + height) - Math.max(0, top))
  const share = Math.max(seen / height, seen / panelPx)
  if (Math.abs(share - 0.5) < UNSURE) return null
  return share > 0.5 ? 1 : 0
}

/** `tops`: where each message stood in the panel, as the page measured it, null for those that were not on the page; without it they stand one below the other. */
function sightOf({ heights }, { attentive, tops, panelPx, scrollPx }, index) {
  if (!attentive) return 0
  if (tops === undefined) return inSight(heights, panelPx, scrollPx, index)
  return tops[index] === null ? 0 : sightAt(tops[index], heights[index], panelPx)
}

/**
 * Adds up the time in sight. Nobody outside knows the moment at which a command took effect, only one before and one after it,
 * so there is a least and a most.
 *
 * @param {{ attentive: boolean, scrollPx: number, panelPx: number, tops?: (number | null)[], leastMs: number, mostMs: number }[]} stretches
 */
export function sightTimes(timeline, stretches) {
  return timeline.heights.map((_height, index) => {
    let least = 0
    let most = 0
    for (const stretch of stretches) {
      const sight = sightOf(timeline, stretch, index)
      if (sight !== 0) most += stretch.mostMs
      if (sight === 1) least += stretch.leastMs
    }
    return { least, most }
  })
}

/**
 * The stretches that the page noted itself. At most from the moment of a change until the next one was noted; at least from the first frame that shows it, and without the time in which the machine let the page stand still.
 *
 * @param {{ changes: { at: number, notedAt: number, paintedAt: number, attentive: boolean, scrollPx: number, panelPx: number, tops?: (number | null)[] }[], stalls: { from: number, to: number }[] }} noted
 * @param {number} until - by the page's clock, milliseconds
 */
export function stretchesUntil({ changes, stalls }, until) {
  return changes.flatMap(({ at, notedAt: _notedAt, frames: _frames, paintedAt, ...state }, index) => {
    const end = Math.min(until, changes[index + 1]?.at ?? until)
    const mostEnd = Math.min(until, changes[index + 1]?.notedAt ?? until)
    const stoodStill = stalls.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, end) - Math.max(from, paintedAt)), 0)
    return mostEnd > at ? [{ ...state, paintedAt: Math.min(paintedAt, mostEnd), to: mostEnd, leastMs: Math.max(0, end - paintedAt - stoodStill), mostMs: mostEnd - at }] : []
  })
}

/** Time between two samples of what is in sight, and a frame: what is gathered since the last one is lost when something comes between. Milliseconds. */
const SAMPLE_MS = 120
/** Around the moment in which something comes in sight or is read, the page must have been able to run: milliseconds. */
const AROUND_MS = 40

/** How long the page could not run there, by its own timers and frames, and not counting what was before the message was painted; milliseconds. */
function heldUpMs({ gaps }, paintedAt, around) {
  const touching = gaps.filter(({ from, to }) => from < around.to && to > around.from)
  return Math.max(0, ...touching.map(({ from, to }) => to - Math.max(from, paintedAt)))
}

/** Stretches of one sight after another that are one for who looks; in the list each is looked at anew, since it holds back until it stands still. */
function runsOf(timeline, stretches, index) {
  const runs = []
  stretches.forEach((stretch, n) => {
    if (sightOf(timeline, stretch, index) !== 1) return
    const last = runs.at(-1)
    if (last?.next === n && !timeline.within) Object.assign(last, { next: n + 1, to: stretch.to })
    else runs.push({ next: n + 1, paintedAt: stretch.paintedAt, to: stretch.to })
  })
  return runs
}

/**
 * How much longer than its dwell a message may have been in sight when it is read, milliseconds: `limitMs` each time that it comes in sight; where something comes between, what was gathered
 * since the last sample as well, but no more than there was; and as long as the page itself could not run where it had to.
 */
export function allowedMs(timeline, noted, stretches, index, limitMs) {
  return runsOf(timeline, stretches, index).reduce((sum, { paintedAt, to, next }) => {
    const late = limitMs + heldUpMs(noted, paintedAt, { from: paintedAt, to: paintedAt + AROUND_MS }) + heldUpMs(noted, paintedAt, { from: to - AROUND_MS, to: to + 1 })
    return sum + (next === stretches.length ? late : Math.min(Math.max(0, to - paintedAt), late + SAMPLE_MS))
  }, 0)
}

/** How late a message was read, milliseconds after its dwell was over; null where something came between, or where it is too close to call whether it was in sight. */
export function latenessOf(timeline, stretches, index) {
  const sights = stretches.map((stretch) => sightOf(timeline, stretch, index))
  const first = sights.findIndex((sight) => sight !== 0)
  if (first < 0 || sights.slice(first).some((sight) => sight !== 1)) return null
  return stretches.slice(first).reduce((sum, { leastMs }) => sum + leastMs, 0) - timeline.dwellMs
}

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

export function makeTimeline(seed, dwellMs) {
  const next = random(seed)
  const pick = (list) => list[Math.floor(next() * list.length)]
  const heights = Array.from({ length: 18 }, () => pick([18, 40, 40, 64, 120, 120, 300, 900]))
  const whole = heights.reduce((a, b) => a + b, 0)
  const panelPx = pick(PANELS)
  const steps = Array.from({ length: 6 }, () => {
    const waitMs = Math.round(dwellMs * pick([0.3, 0.6, 0.9, 1.4, 2.6]))
    const act = pick(['scroll', 'scroll', 'nudge', 'nudge', 'hide', 'show', 'show', 'freeze', 'resize'])
    return { act, panelPx: pick(PANELS), toPx: Math.round(next() * Math.max(0, whole - panelPx)), byPx: Math.round((next() - 0.5) * panelPx), waitMs }
  })
  return { seed, dwellMs, heights, panelPx, steps }
}

/** Rounding, borders and the steps in which the browser tells of intersections. */
const UNSURE = 0.07

/** How much in sight a message is: 1 enough, 0 not, null too close to call. */
export function inSight(heights, panelPx, scrollPx, index) {
  const top = heights.slice(0, index).reduce((a, b) => a + b, 0) - scrollPx
  const seen = Math.max(0, Math.min(panelPx, top + heights[index]) - Math.max(0, top))
  const share = Math.max(seen / heights[index], seen / panelPx)
  if (Math.abs(share - 0.5) < UNSURE) return null
  return share > 0.5 ? 1 : 0
}

/**
 * Adds up the time in sight. Nobody outside knows the moment at which a command took effect, only one before and one after it,
 * so there is a least and a most.
 *
 * @param {{ attentive: boolean, scrollPx: number, panelPx: number, leastMs: number, mostMs: number }[]} stretches
 */
export function sightTimes({ heights }, stretches) {
  return heights.map((_height, index) => {
    let least = 0
    let most = 0
    for (const { attentive, scrollPx, panelPx, leastMs, mostMs } of stretches) {
      if (!attentive) continue
      const sight = inSight(heights, panelPx, scrollPx, index)
      if (sight !== 0) most += mostMs
      if (sight === 1) least += leastMs
    }
    return { least, most }
  })
}

/**
 * The stretches that the page noted itself. At most from the moment of a change; at least from the first frame that shows it, and without the time in which the machine let the page stand still.
 *
 * @param {{ changes: { at: number, paintedAt: number, attentive: boolean, scrollPx: number, panelPx: number }[], stalls: { from: number, to: number }[] }} noted
 * @param {number} until - by the page's clock, milliseconds
 */
export function stretchesUntil({ changes, stalls }, until) {
  return changes.flatMap(({ at, paintedAt, ...state }, index) => {
    const end = Math.min(until, changes[index + 1]?.at ?? until)
    const stoodStill = stalls.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, end) - Math.max(from, paintedAt)), 0)
    return end > at ? [{ ...state, leastMs: Math.max(0, end - paintedAt - stoodStill), mostMs: end - at }] : []
  })
}

/**
 * How late a message was read, milliseconds after its dwell was over; null where something came between: what was gathered since the last sample is lost then, and is no error,
 * or where it is too close to call whether it was in sight.
 */
export function latenessOf({ heights, dwellMs }, stretches, index) {
  const sights = stretches.map(({ attentive, scrollPx, panelPx }) => (attentive ? inSight(heights, panelPx, scrollPx, index) : 0))
  const first = sights.findIndex((sight) => sight !== 0)
  if (first < 0 || sights.slice(first).some((sight) => sight !== 1)) return null
  return stretches.slice(first).reduce((sum, { leastMs }) => sum + leastMs, 0) - dwellMs
}

/** The tables on stdout: figures, ratios to the floor, budgets. */
import { ABSOLUTE, GROWTH, MEASURES, RATES, TO_FLOOR } from './measures.mjs'

const OURS = 'readback'
const FLOOR = 'floor'

/** @returns {number} budgets missed */
export function printReport(result) {
  const checks = []
  line(`\n# Speed, ${result.at.slice(0, 16).replace('T', ' ')}: ${result.machine.platform}, ${result.machine.cores} cores, load ${result.machine.loadAverage[0]}, ${result.samples} samples, medians (least–greatest)`)
  line('# ms: processor time of the main thread, unless it says wall time. x: ratio to the floor, a bare @tanstack/react-virtual list, in the same run.\n')
  for (const [size, { figures, failures }] of Object.entries(result.lists)) printSize(Number(size), figures, failures, checks)
  printGrowth(result, checks)
  if (result.matrix.length > 0) printMatrix(result.matrix)
  printRates(result, checks)
  printGzip(result.gzip)
  return printChecks(checks)
}

function printSize(size, figures, failures, checks) {
  const names = Object.keys(figures)
  line(`## ${count(size)} messages`)
  const rows = Object.entries(MEASURES).filter(([key]) => names.some((name) => figures[name][key])).map(([key, { title, unit }]) => {
    const floor = figures[FLOOR]?.[key]?.median
    return [title, ...names.flatMap((name) => {
      const figure = figures[name][key]
      if (!figure) return name === FLOOR ? ['–'] : ['–', '']
      return name === FLOOR ? [spread(figure, unit)] : [spread(figure, unit), ratio(figure.median, floor)]
    })]
  })
  table([['', ...names.flatMap((name) => (name === FLOOR ? [name] : [name, 'x']))], ...rows])
  for (const [name, why] of Object.entries(failures)) line(`${name} could not be measured: ${why}`)
  line('')
  const ours = figures[OURS]
  const floor = figures[FLOOR]
  if (!ours) return
  for (const { measure, most, at } of TO_FLOOR) {
    if (!floor || (at !== undefined && at !== size) || !ours[measure] || !floor[measure]) continue
    check(checks, `${MEASURES[measure].title}, ${count(size)}`, ours[measure].median / floor[measure].median, most, 'x floor')
  }
  for (const { measure, most, overFloor, at } of ABSOLUTE) {
    if ((at !== undefined && at !== size) || !ours[measure]) continue
    const limit = overFloor === undefined ? most : (floor?.[measure]?.median ?? 0) + overFloor
    const { unit, title } = MEASURES[measure]
    const scale = unit === 'MB' ? 1e6 : 1
    check(checks, `${titleOf(measure, title)}, ${count(size)}`, ours[measure].median / scale, limit / scale, unit)
  }
}

/** Titles that stand below another row of the table say which. */
function titleOf(measure, title) {
  const prefix = /^(flood|stream|flip)(?!Ms)/.exec(measure)?.[1]
  return prefix ? `${{ flood: 'flood', stream: 'stream', flip: 'flip' }[prefix]}: ${title}` : title
}

function printGrowth({ lists, stored }, checks) {
  const sizes = Object.keys(lists).map(Number).filter((size) => lists[size].figures[OURS])
  const least = Math.min(...sizes)
  const base = lists[least]?.figures[OURS]
  if (!base) return
  const all = [...sizes, ...Object.keys(stored).map(Number)].filter((size) => size !== least)
  if (all.length === 0) return
  line(`## Ours against ours at ${count(least)} messages`)
  const of = (size, measure) => (lists[size]?.figures[OURS] ?? stored[size])?.[measure]?.median
  table([['', ...all.map((size) => count(size))], ...GROWTH.measures.map((measure) => [MEASURES[measure].title, ...all.map((size) => (of(size, measure) === undefined ? '–' : ratio(of(size, measure), base[measure]?.median)))])])
  line('')
  for (const size of all) {
    if (size < 100_000) continue
    for (const measure of GROWTH.measures) {
      if (of(size, measure) !== undefined) check(checks, `${MEASURES[measure].title}, ${count(size)} against ${count(least)}`, of(size, measure) / base[measure].median, measure === 'coldMs' ? GROWTH.cold : GROWTH.most, 'x')
    }
  }
}

function printMatrix(matrix) {
  line('## Flood of 500 receipts, ours, by group, read mode and stretches in every member’s state')
  table([
    ['others', 'mode', 'stretches', 'flood ms', 'stream ms', 'commits', 'long tasks'],
    ...matrix.map(({ members, mode, ranges, chain, stream }) => [count(members - 1), mode, String(ranges), spread(chain.ms, 'ms'), spread(stream.ms, 'ms'), `${plain(chain.commits.median)} / ${plain(stream.commits.median)}`, `${plain(chain.longTasks.median)} / ${plain(stream.longTasks.median)}`]),
  ])
  line('')
}

function printRates({ core, ingest }, checks) {
  line('## Core rates')
  line(`joining ${count(core.joins.count)} receipts: ${plain(core.joins.oursMs)} ms, a bare Map ${plain(core.joins.bareMs)} ms: ${core.joins.ratio.toFixed(1)} x`)
  check(checks, 'joining receipts', core.joins.ratio, RATES.joins, 'x bare Map')
  for (const { ranges, ms, p95Ms, loadMs, readersMs } of core.tally) {
    line(`10,000 members, ${ranges} stretches each: a receipt and 50 tallies ${ms.toFixed(3)} ms (95 % under ${p95Ms.toFixed(3)}); list of readers ${plain(readersMs)} ms; index made in ${plain(loadMs)} ms`)
    check(checks, `receipt and 50 tallies, ${ranges} stretches`, ms, RATES.tallyMs, 'ms')
    check(checks, `list of readers, ${ranges} stretches`, readersMs, RATES.readersMs, 'ms')
  }
  for (const { ranges, bytesPerMember, ofThatIndex } of core.memory) {
    line(`memory, ${ranges} stretches: ${Math.round(bytesPerMember)} bytes a member and conversation, ${Math.round(ofThatIndex)} of them the index`)
    check(checks, `memory a member, ${ranges} stretches`, bytesPerMember, RATES.bytesPerMember + RATES.bytesPerRange * ranges, 'bytes')
  }
  line(`ingest of ${count(ingest.rows)} messages: ${plain(ingest.oursMs)} ms, bare Dexie ${plain(ingest.bareMs)} ms: ${ingest.ratio.toFixed(2)} x (wall time, in the browser)`)
  check(checks, `ingest of ${count(ingest.rows)}`, ingest.ratio, RATES.ingest, 'x bare Dexie')
  line('')
}

function printGzip(gzip) {
  line('## Size, minified and gzip -9: a whole app without React; ours with client, store, database and English (`npm run size` has the parts)')
  table([['', 'JavaScript', 'styles'], ...Object.entries(gzip).map(([name, { ownGzipBytes, cssGzipBytes }]) => [name, `${(ownGzipBytes / 1000).toFixed(1)} kB`, `${(cssGzipBytes / 1000).toFixed(1)} kB`])])
  line('')
}

function printChecks(checks) {
  line('## Budgets')
  table(checks.map(({ ok, title, value, most, unit }) => [ok ? 'ok' : 'MISS', title, `${plain(value)} of ${plain(most)} ${unit}`]))
  const missed = checks.filter(({ ok }) => !ok).length
  line(`\n${checks.length - missed} kept, ${missed} missed`)
  return missed
}

function check(checks, title, value, most, unit) {
  checks.push({ title, value, most, unit, ok: value <= most + 1e-9 })
}

function spread({ median, least, most, samples }, unit) {
  const show = (value) => plain(unit === 'MB' ? value / 1e6 : value)
  return samples < 2 || show(least) === show(most) ? show(median) : `${show(median)} (${show(least)}–${show(most)})`
}

function plain(value) {
  if (!Number.isFinite(value)) return '–'
  return Math.abs(value) >= 100 ? String(Math.round(value)) : Math.abs(value) >= 10 ? value.toFixed(1) : Number.isInteger(value) ? String(value) : value.toFixed(2)
}

const ratio = (value, floor) => (Number.isFinite(value / floor) ? (value / floor).toFixed(2) : '')
const count = (value) => value.toLocaleString('en')
const line = (text) => process.stdout.write(`${text}\n`)

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  for (const row of rows) line(row.map((cell, column) => (column === 0 || rows[0][0] !== '' ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ').trimEnd())
}

/** What a run found, as tables and as budgets kept or missed; on stdout, and for the page of the docs. */
import { ABSOLUTE, GROWTH, MEASURES, RATES, TO_FLOOR } from './measures.mjs'

const OURS = 'readback'
const FLOOR = 'floor'

/** @returns {number} budgets missed */
export function printReport(result) {
  line(`\n# Speed, ${result.at.slice(0, 16).replace('T', ' ')}: ${result.machine.platform}, ${result.machine.cores} cores, load ${result.machine.loadAverage[0]}, ${result.samples} samples, medians (least–greatest)`)
  line('# ms: processor time of the main thread, unless it says wall time. x: ratio to the floor, a bare @tanstack/react-virtual list, in the same run.\n')
  for (const { title, rows, notes = [] } of figureTables(result)) {
    line(`## ${title}`)
    print(rows)
    for (const note of notes) line(note)
    line('')
  }
  const checks = checksOf(result)
  line('## Budgets')
  print(checks.map(({ ok, title, value, most, unit }) => [ok ? 'ok' : 'MISS', title, `${value} of ${most} ${unit}`]))
  const missed = checks.filter(({ ok }) => !ok).length
  line(`\n${checks.length - missed} kept, ${missed} missed`)
  return missed
}

/** @returns {{ title: string, rows: string[][], notes?: string[] }[]} the first row of each is its head */
export function figureTables(result) {
  return [
    ...Object.entries(result.lists).map(([size, { figures, failures }]) => sizeTable(Number(size), figures, failures)),
    ...growthTable(result),
    ...matrixTable(result.matrix),
    ratesTable(result),
    ...wireTable(result.wire),
    gzipTable(result.gzip),
  ]
}

function sizeTable(size, figures, failures) {
  const names = Object.keys(figures)
  const measured = Object.entries(MEASURES).filter(([key]) => names.some((name) => figures[name][key]))
  const rows = measured.map(([key, { title, unit }]) => {
    const floor = figures[FLOOR]?.[key]?.median
    return [unit === '' ? title : `${title}, ${unit}`, ...names.flatMap((name) => {
      const figure = figures[name][key]
      if (name === FLOOR) return [figure ? spread(figure, unit) : '–']
      return figure ? [spread(figure, unit), ratio(figure.median, floor)] : ['–', '']
    })]
  })
  return {
    title: `${count(size)} messages`,
    rows: [['', ...names.flatMap((name) => (name === FLOOR ? [name] : [name, 'x']))], ...rows],
    notes: Object.entries(failures).map(([name, why]) => `${name} could not be measured: ${why}`),
  }
}

function growthTable({ lists, stored }) {
  const { base, least, all, of } = growth({ lists, stored })
  if (!base || all.length === 0) return []
  const rows = GROWTH.measures.map((measure) => [MEASURES[measure].title, ...all.map((size) => (of(size, measure) === undefined ? '–' : ratio(of(size, measure), base[measure]?.median)))])
  return [{ title: `Ours, against ours at ${count(least)} messages`, rows: [['', ...all.map(count)], ...rows] }]
}

function growth({ lists, stored }) {
  const sizes = Object.keys(lists).map(Number).filter((size) => lists[size].figures[OURS])
  const least = Math.min(...sizes)
  return {
    least,
    base: lists[least]?.figures[OURS],
    all: [...sizes, ...Object.keys(stored).map(Number)].filter((size) => size !== least),
    of: (size, measure) => (lists[size]?.figures[OURS] ?? stored[size])?.[measure]?.median,
  }
}

function matrixTable(matrix) {
  if (matrix.length === 0) return []
  const both = (chain, stream, name) => `${chain[name] ? plain(chain[name].median) : '–'} / ${stream[name] ? plain(stream[name].median) : '–'}`
  const ms = (figures) => (figures.ms ? spread(figures.ms, 'ms') : 'not finished')
  const open = ({ openMs }) => (openMs ? spread(openMs, 'ms') : 'not finished')
  const rows = matrix.map(({ members, mode, ranges, chain, stream }) => [count(members - 1), mode, String(ranges), open(chain), ms(chain), ms(stream), both(chain, stream, 'commits'), both(chain, stream, 'longTasks')])
  return [{ title: '500 receipts, ours, by group, read mode and stretches in every member’s state', rows: [['others', 'mode', 'stretches', 'opening, ms', 'flood, ms', 'stream, ms', 'commits', 'long tasks'], ...rows] }]
}

function ratesTable({ core, ingest, texts }) {
  return {
    title: 'Core rates: plain Node, by the clock',
    rows: [
      ['', 'ours', 'least possible', 'x'],
      [`joining ${count(core.joins.count)} receipts (a bare Map)`, `${plain(core.joins.oursMs)} ms`, `${plain(core.joins.bareMs)} ms`, core.joins.ratio.toFixed(1)],
      [`ingest of ${count(ingest.rows)} messages in the browser (bare Dexie)`, `${plain(ingest.oursMs)} ms`, `${plain(ingest.bareMs)} ms`, ingest.ratio.toFixed(2)],
      ...(texts ? [[`${texts.texts} hostile texts of 1 MiB: the slowest (${texts.slowest.name})`, `${plain(texts.slowest.ms)} ms`], [`against half of it: the steepest (${texts.steepest.name})`, '', '', texts.steepest.ratio.toFixed(2)]] : []),
      ...core.tally.flatMap(({ ranges, ms, p95Ms, loadMs, readersMs }) => [
        [`10,000 members, ${ranges} stretches each: a receipt and 50 tallies`, `${ms.toFixed(3)} ms (95 % under ${p95Ms.toFixed(3)})`],
        [`10,000 members, ${ranges} stretches each: list of readers; index made`, `${plain(readersMs)} ms; ${plain(loadMs)} ms`],
      ]),
      ...core.memory.map(({ ranges, bytesPerMember }) => [`memory a member and conversation, ${ranges} stretches`, `${Math.round(bytesPerMember)} bytes`]),
    ],
  }
}

function wireTable(wire) {
  if (!wire) return []
  const ms = ({ median, p95, most }) => [median, p95, most].map((value) => `${plain(value)} ms`)
  const rows = [['alone', wire.alone], [`while ${count(wire.messages)} messages flood`, wire.flooded]].flatMap(([when, { samples, dom, painted }]) => [
    [`flush to the sender’s icon, ${when} (${samples})`, ...ms(dom)],
    ['the same, painted', ...ms(painted)],
  ])
  return [{
    title: 'The wire: websocket, the reference server and its database, by the clock',
    rows: [['', 'median', '95 %', 'most'], ['messages a second, one sender', plain(wire.messagesPerSecond)], ['receipts a second, one reader', plain(wire.receiptsPerSecond)], ...rows],
  }]
}

function gzipTable(gzip) {
  return {
    title: 'Size: a whole app, minified, gzip -9, without React; ours with client, store, database and English',
    rows: [['', 'JavaScript', 'styles'], ...Object.entries(gzip).map(([name, { ownGzipBytes, cssGzipBytes }]) => [name, `${(ownGzipBytes / 1000).toFixed(1)} kB`, `${(cssGzipBytes / 1000).toFixed(1)} kB`])],
  }
}

/** @returns {{ ok: boolean, title: string, value: string, most: string, unit: string }[]} */
export function checksOf(result) {
  const checks = []
  const check = (title, value, most, unit) => checks.push({ title, value: plain(value), most: plain(most), unit, ok: value <= most + 1e-9 })
  for (const [size, { figures }] of Object.entries(result.lists)) if (figures[OURS]) checkSize(check, Number(size), figures[OURS], figures[FLOOR])
  checkGrowth(check, result)
  checkRates(check, result)
  return checks
}

function checkSize(check, size, ours, floor) {
  for (const { measure, most, at } of TO_FLOOR) {
    if ((at !== undefined && at !== size) || !floor?.[measure] || !ours[measure]) continue
    check(`${MEASURES[measure].title}, ${count(size)}`, ours[measure].median / floor[measure].median, most, 'x floor')
  }
  for (const { measure, most, overFloor, at } of ABSOLUTE) {
    if ((at !== undefined && at !== size) || !ours[measure]) continue
    const limit = overFloor === undefined ? most : (floor?.[measure]?.median ?? 0) + overFloor
    const { unit } = MEASURES[measure]
    const scale = unit === 'MB' ? 1e6 : 1
    check(`${fullTitle(measure)}, ${count(size)}`, ours[measure].median / scale, limit / scale, unit)
  }
}

/** In a table some titles stand below the one that they belong to. */
function fullTitle(measure) {
  const [, of] = /^(flood|stream|flip)(?!Ms)/.exec(measure) ?? []
  return of ? `${of}: ${MEASURES[measure].title}` : MEASURES[measure].title
}

function checkGrowth(check, result) {
  const { base, least, all, of } = growth(result)
  if (!base) return
  for (const size of all.filter((each) => each >= 100_000)) {
    for (const measure of GROWTH.measures) {
      if (of(size, measure) === undefined) continue
      check(`${MEASURES[measure].title}, ${count(size)} against ${count(least)}`, of(size, measure) / base[measure].median, measure === 'coldMs' ? GROWTH.cold : GROWTH.most, 'x')
    }
  }
}

function checkRates(check, { core, ingest, texts, wire }) {
  check('joining receipts', core.joins.ratio, RATES.joins, 'x bare Map')
  check(`ingest of ${count(ingest.rows)}`, ingest.ratio, RATES.ingest, 'x bare Dexie')
  for (const { ranges, ms, readersMs } of core.tally) {
    check(`receipt and 50 tallies, ${ranges} stretches`, ms, RATES.tallyMs, 'ms')
    check(`list of readers, ${ranges} stretches`, readersMs, RATES.readersMs, 'ms')
  }
  if (texts) {
    check(`hostile texts of 1 MiB, the slowest`, texts.slowest.ms, RATES.textMs, 'ms')
    check(`hostile texts, 1 MiB against half of it`, texts.steepest.ratio, RATES.textRatio, 'x')
  }
  if (wire) for (const [when, { dom }] of [['alone', wire.alone], ['while messages flood', wire.flooded]]) check(`flush to the sender’s icon, ${when}`, dom.median, RATES.iconMs, 'ms')
  for (const { ranges, bytesPerMember } of core.memory) check(`memory a member, ${ranges} stretches`, bytesPerMember, RATES.bytesPerMember + RATES.bytesPerRange * ranges, 'bytes')
}

function spread({ median, least, most, samples }, unit) {
  const show = (value) => plain(unit === 'MB' ? value / 1e6 : value)
  return samples < 2 || show(least) === show(most) ? show(median) : `${show(median)} (${show(least)}–${show(most)})`
}

function plain(value) {
  if (!Number.isFinite(value)) return '–'
  return Math.abs(value) >= 100 ? String(Math.round(value)) : Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) >= 10 ? 1 : 2)
}

const ratio = (value, floor) => (Number.isFinite(value / floor) ? (value / floor).toFixed(2) : '')
const count = (value) => value.toLocaleString('en')
const line = (text) => process.stdout.write(`${text}\n`)

function print(rows) {
  const columns = Math.max(...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  for (const row of rows) line(row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd())
}

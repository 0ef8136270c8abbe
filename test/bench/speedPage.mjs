/** Writes the tables of a run into stories/docs/Speed.mdx: `node test/bench/speedPage.mjs [file]`, default the last full run. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../tools/entries.mjs'
import { checksOf, figureTables } from './report.mjs'

const page = join(root, 'stories/docs/Speed.mdx')
const BEGIN = '{/* figures: begin */}'
const END = '{/* figures: end */}'

const result = JSON.parse(readFileSync(process.argv[2] ?? join(root, 'test/bench/results/latest.json'), 'utf8'))
const text = readFileSync(page, 'utf8')
const from = text.indexOf(BEGIN) + BEGIN.length
const to = text.indexOf(END)
if (from < BEGIN.length || to < from) throw new Error(`${page} has no place for the figures: the lines "${BEGIN}" and "${END}" are missing.`)
writeFileSync(page, `${text.slice(0, from)}\n\n${figures().join('\n\n')}\n\n${text.slice(to)}`)

function figures() {
  const { machine, samples, at } = result
  return [
    `Run of ${at.slice(0, 10)}: ${machine.platform}, ${machine.cores} cores shared with other work (load ${machine.loadAverage[0]}), headless Chromium, ${samples} samples each, medians, least and greatest in brackets.`,
    ...figureTables(result).flatMap(({ title, rows }) => [`### ${title}`, markdown(rows)]),
    '### Budgets',
    markdown([['', 'budget', 'measured', 'at most'], ...checksOf(result).map(({ ok, title, value, most, unit }) => [ok ? 'kept' : '**missed**', title, `${value}`, `${most} ${unit}`.trim()])]),
  ]
}

function markdown([head, ...rows]) {
  const cells = (row) => `| ${head.map((_, i) => escaped(row[i] ?? '')).join(' | ')} |`
  return [cells(head), `| ${head.map(() => '---').join(' | ')} |`, ...rows.map(cells)].join('\n')
}

/** What MDX would take for a tag, an expression or a cell's end. */
function escaped(text) {
  return text.replaceAll(/[<{|]/g, (sign) => `\\${sign}`)
}

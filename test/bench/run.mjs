/**
 * `npm run bench`: what the kit costs, beside a bare virtual list and other kits, in one run in a real browser.
 *
 *   --quick            ours and the floor, 1,000 and 10,000 messages, 3 samples: under 3 minutes
 *   --sizes 1000,10000 other sizes            --samples 5   other number of samples
 *   --only floor,readback                     some contestants
 *   --strict           a missed budget fails the command
 *
 * Production builds; every contestant in turn (A B A B), a fresh browser for each sample; medians. The figures go to stdout and, as JSON, to test/bench/results/.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { arch, availableParallelism, loadavg, platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../tools/entries.mjs'
import { inProfile, withBrowser } from './browser.mjs'
import { buildPage } from './build.mjs'
import { floodMatrix } from './floods.mjs'
import { buildOthers } from './others.mjs'
import { coreRates, ingestRates, textRates } from './rates.mjs'
import { printReport } from './report.mjs'
import { direct, group, sampleCold, sampleList } from './sample.mjs'
import { servePages } from './serve.mjs'
import { summarise } from './statistics.mjs'
import { wireFigures } from './wire.mjs'

/** Options, and whether a value follows. */
const OPTIONS = { '--quick': false, '--strict': false, '--sizes': true, '--samples': true, '--only': true }
for (let at = 2; at < process.argv.length; at += 1) {
  const takesValue = OPTIONS[process.argv[at]]
  if (takesValue === undefined) {
    process.stdout.write(`There is no option ${process.argv[at]}. What there is: ${Object.keys(OPTIONS).join(', ')}; the head of test/bench/run.mjs says what they do.\n`)
    process.exit(2)
  }
  if (takesValue) at += 1
}
const QUICK = process.argv.includes('--quick')
const option = (name) => {
  const at = process.argv.indexOf(`--${name}`)
  return at === -1 ? undefined : process.argv[at + 1]
}
const SIZES = option('sizes')?.split(',').map(Number) ?? (QUICK ? [1_000, 10_000] : [1_000, 10_000, 100_000])
/** Only stored and opened cold: nobody else opens so many at all. */
const STORED = QUICK || option('sizes') ? [] : [1_000_000]
const SAMPLES = Number(option('samples') ?? (QUICK ? 3 : 5))
const ONLY = option('only')?.split(',')

async function main() {
  const started = Date.now()
  const folder = mkdtempSync(join(tmpdir(), 'readback-bench-'))
  let server
  try {
    const sizes = await buildOurs(folder)
    const others = QUICK ? [] : await buildOthers(folder, ONLY, say)
    server = await servePages(folder)
    const contestants = [
      { name: 'floor', holdsData: true, ...sizes.floor },
      { name: 'readback', holdsData: false, stores: true, ...sizes.readback },
      ...others,
    ].filter(({ name }) => !ONLY || ONLY.includes(name)).map((each) => ({ ...each, url: server.url(each.name) }))
    const ours = contestants.find(({ stores }) => stores)
    const templates = ours ? await seedTemplates(ours.url, folder) : new Map()

    const lists = {}
    for (const size of SIZES) lists[size] = await compare(contestants, size, templates.get(size))
    const stored = {}
    for (const size of ours ? STORED : []) stored[size] = await attempt({}, () => coldOnly(ours.url, templates.get(size), size))
    const matrix = !QUICK && ours ? await attempt([], () => floodMatrix(ours.url, templates.get(SIZES[0]), SIZES[0], say)) : []
    say('core rates')
    const core = await coreRates(folder, 1_000_000)
    const ingest = await ingestRates(server.url('ingest'), { rows: QUICK ? 20_000 : 100_000, samples: QUICK ? 2 : 3 })
    const texts = await attempt(null, () => textRates(server.url('ingest')))

    say('the wire')
    const wire = await attempt(null, () => wireFigures(folder, server.url('wire'), QUICK ? { messages: 10_000, rated: 3_000, samples: 6, floods: 1 } : { messages: 10_000, rated: 10_000, samples: 100, floods: 20 }))

    const result = {
      at: new Date(started).toISOString(), tookMs: Date.now() - started, samples: SAMPLES, quick: QUICK, machine: machine(),
      gzip: Object.fromEntries(contestants.map(({ name, gzipBytes, cssGzipBytes, ownGzipBytes }) => [name, { gzipBytes, cssGzipBytes, ownGzipBytes }])),
      lists, stored, matrix, core, ingest, texts, wire,
    }
    const missed = printReport(result)
    keep(result)
    if (process.argv.includes('--strict') && missed > 0) process.exitCode = 1
  } finally {
    server?.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}

/** A part that fails is told, and leaves the others their figures. */
async function attempt(otherwise, part) {
  try {
    return await part()
  } catch (error) {
    say(`failed: ${error.message}`)
    return otherwise
  }
}

/** `ownGzipBytes`: without React, which every app has already. */
async function buildOurs(outDir) {
  const blank = await buildPage('blank', { outDir })
  const sizes = {}
  for (const name of ['floor', 'readback', 'ingest', 'wire']) {
    const { gzipBytes, cssGzipBytes } = await buildPage(name, { outDir })
    sizes[name] = { gzipBytes, cssGzipBytes, ownGzipBytes: gzipBytes - blank.gzipBytes }
  }
  return sizes
}

/** One profile a size, with the conversations in its database; each sample gets a copy. */
async function seedTemplates(url, folder) {
  const templates = new Map()
  for (const size of [...SIZES, ...STORED]) {
    say(`storing ${size.toLocaleString('en')} messages`)
    const profile = join(folder, `profile-${size}`)
    await inProfile(profile, async (open) => {
      const probe = await open(url)
      await probe.call('seed', direct(size))
      if (SIZES.includes(size)) await probe.call('seed', group(size))
    })
    templates.set(size, profile)
  }
  return templates
}

/** A B A B: what changes on the machine meanwhile changes for all. */
async function compare(contestants, size, template) {
  const samples = new Map(contestants.map(({ name }) => [name, []]))
  const failures = {}
  for (let turn = 1; turn <= SAMPLES; turn++) {
    for (const contestant of contestants) {
      if (size > (contestant.mostRows ?? Infinity) || failures[contestant.name]) continue
      // Where each action takes seconds, one sample says enough.
      if (turn > 1 && size >= (contestant.slowFrom ?? Infinity)) continue
      say(`${size.toLocaleString('en')} messages, ${contestant.name}, sample ${turn} of ${SAMPLES}`)
      try {
        samples.get(contestant.name).push(await sampleList({ ...contestant, template: contestant.stores ? template : undefined }, size, { streams: !QUICK || size === SIZES.at(-1) }))
      } catch (error) {
        failures[contestant.name] = String(error.message).split('\n')[0]
        say(`  ${contestant.name}: ${failures[contestant.name]}`)
      }
    }
  }
  return { figures: Object.fromEntries([...samples].filter(([, list]) => list.length > 0).map(([name, list]) => [name, summarise(list)])), failures }
}

async function coldOnly(url, template, size) {
  const samples = []
  for (let turn = 1; turn <= SAMPLES; turn++) {
    say(`${size.toLocaleString('en')} messages, cold open, sample ${turn} of ${SAMPLES}`)
    samples.push(await withBrowser(template, (open) => sampleCold({ url }, open, size)))
  }
  return summarise(samples)
}

function machine() {
  return { platform: `${platform()} ${arch()}`, cores: availableParallelism(), node: process.version, loadAverage: loadavg().map((load) => Math.round(load * 10) / 10) }
}

function keep(result) {
  const folder = join(root, 'test/bench/results')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${result.at.replaceAll(/[:.]/g, '-')}${result.quick ? '-quick' : ''}.json`)
  for (const path of [file, join(folder, `latest${result.quick ? '-quick' : ''}.json`)]) writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`)
  process.stdout.write(`\nAll figures: ${file.slice(root.length + 1)}\n`)
}

function say(text) {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`)
}

await main()

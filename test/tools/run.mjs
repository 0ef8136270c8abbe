/** Runs commands one after another, shows what they print, and adds up what passed. Shared by `npm test`, the long and the integration runs. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './entries.mjs'

/** @typedef {{ name: string, passed: number, failed: number, skipped: { name: string, reason: string }[], failures?: { name: string, message: string }[], seconds: number }} Outcome */

/** @returns {Promise<number>} exit code; output goes to the terminal as it comes */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], ...options })
    child.on('error', (error) => {
      process.stderr.write(`${command} could not be started: ${error.message}\n`)
      resolve(1)
    })
    child.on('close', (code) => resolve(code ?? 1))
  })
}

/** A tool of node_modules, started without npx, so that no child stays behind. */
export const bin = (path) => join(root, 'node_modules', path)

/** One check that passes or fails as a whole. @returns {Promise<Outcome>} */
export async function check(name, commands) {
  const started = begin(name)
  let code = 0
  for (const [command, ...args] of commands) code ||= await run(command, args)
  return end({ name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [] }, started)
}

/** One thing that is tried in this process, and passes or fails as a whole; it may say something of what it saw. @returns {Promise<Outcome>} */
export async function attempted(name, work) {
  const started = begin(name)
  let failed = 0
  try {
    const said = await work()
    if (said) process.stdout.write(`${said}\n`)
  } catch (error) {
    failed = 1
    process.stdout.write(`${error.stack ?? error}\n`)
  }
  return end({ name, passed: 1 - failed, failed, skipped: [] }, started)
}

/** One Vitest run, counted test by test. @returns {Promise<Outcome>} */
export async function vitest(name, args) {
  const started = begin(name)
  const folder = mkdtempSync(join(tmpdir(), 'readback-run-'))
  const file = join(folder, 'summary.json')
  const reporter = join(root, 'test/tools/summaryReporter.mjs')
  const env = { ...process.env, READBACK_SUMMARY: file, STORYBOOK_DISABLE_TELEMETRY: '1' }
  const code = await run(process.execPath, [bin('vitest/vitest.mjs'), 'run', ...args, '--reporter=default', `--reporter=${reporter}`], { env })
  const summary = readSummary(file)
  rmSync(folder, { recursive: true, force: true })
  // A run that broke down, or that found nothing to run, is a failure even where no test failed.
  if ((code !== 0 && summary.failed === 0) || summary.passed + summary.failed === 0) summary.failed += 1
  return end({ name, ...summary }, started)
}

function readSummary(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { passed: 0, failed: 0, skipped: [] }
  }
}

function begin(name) {
  process.stdout.write(`\n── ${name}\n`)
  return performance.now()
}

function end(outcome, started) {
  const seconds = (performance.now() - started) / 1000
  process.stdout.write(`── ${outcome.name}: ${outcome.passed} passed, ${outcome.failed} failed (${seconds.toFixed(1)} s)\n`)
  return { ...outcome, seconds }
}

/**
 * Prints what ran, what did not and why, and one last plain line; sets the exit code.
 * @param {Outcome[]} outcomes
 * @param {{ name: string, reason: string, command: string }[]} leftOut
 */
export function summarise(outcomes, leftOut = []) {
  const lines = ['', 'What ran']
  for (const { name, passed, failed, failures = [], seconds } of outcomes) {
    lines.push(`  ${failed === 0 ? 'ok    ' : 'FAILED'} ${name}: ${passed} passed, ${failed} failed (${seconds.toFixed(1)} s)`)
    for (const failure of failures) lines.push(`    × ${failure.name}: ${failure.message}`)
  }
  const skipped = outcomes.flatMap((outcome) => outcome.skipped)
  if (skipped.length > 0) lines.push('', 'Skipped', ...skipped.map(({ name, reason }) => `  ${name}: ${reason}`))
  if (leftOut.length > 0) lines.push('', 'Left out', ...leftOut.map(({ name, reason, command }) => `  ${name}: ${reason} → ${command}`))
  const total = (key) => outcomes.reduce((sum, outcome) => sum + outcome[key], 0)
  lines.push('', `${total('passed')} passed, ${total('failed')} failed`, '')
  process.stdout.write(lines.join('\n'))
  process.exitCode = total('failed') === 0 ? 0 : 1
}

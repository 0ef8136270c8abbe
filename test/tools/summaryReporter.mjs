/** A Vitest reporter that writes down how many tests passed and failed, and what was skipped with which reason. */
import { writeFileSync } from 'node:fs'

export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const summary = { passed: 0, failed: unhandledErrors.length, skipped: [] }
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      const before = summary.failed
      for (const test of tests) count(test, summary)
      // A file that could not be loaded, or a hook that broke.
      if (module.state() === 'failed' && summary.failed === before) summary.failed += 1
    }
    if (process.env.READBACK_SUMMARY) writeFileSync(process.env.READBACK_SUMMARY, JSON.stringify(summary))
  }
}

function count(test, summary) {
  const result = test.result()
  if (result.state === 'passed') summary.passed += 1
  else if (result.state === 'failed') summary.failed += 1
  else summary.skipped.push({ name: test.fullName, reason: result.note ?? 'no reason given' })
}

/** A Vitest reporter that writes down how many tests passed, which failed and why, and what was skipped with which reason. */
import { writeFileSync } from 'node:fs'

export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const summary = { passed: 0, failed: unhandledErrors.length, failures: unhandledErrors.map((error) => failure('outside of any test', error)), skipped: [] }
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      const before = summary.failed
      for (const test of tests) count(test, summary)
      // A file that could not be loaded, or a hook that broke.
      if (module.state() !== 'failed' || summary.failed > before) continue
      summary.failed += 1
      summary.failures.push(failure(module.relativeModuleId, module.errors()[0]))
    }
    if (process.env.READBACK_SUMMARY) writeFileSync(process.env.READBACK_SUMMARY, JSON.stringify(summary))
  }
}

function count(test, summary) {
  const result = test.result()
  if (result.state === 'passed') summary.passed += 1
  else if (result.state === 'failed') {
    summary.failed += 1
    summary.failures.push(failure(`${test.module.relativeModuleId} > ${test.fullName}`, result.errors?.[0]))
  } else summary.skipped.push({ name: test.fullName, reason: result.note ?? 'no reason given' })
}

/** The first line says enough to know which it was; the whole of it stands above, where it failed. */
function failure(name, error) {
  return { name, message: String(error?.message ?? 'no error given').split('\n')[0].slice(0, 300) }
}

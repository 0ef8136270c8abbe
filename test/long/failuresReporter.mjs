/** A Vitest reporter that writes down by which errors tests failed that ran, and what else went wrong: a file that could not be loaded, a hook, an error outside of any test. */
import { writeFileSync } from 'node:fs'

export default class FailuresReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const ran = []
    const others = [...unhandledErrors]
    for (const module of modules) {
      for (const test of module.children.allTests('failed')) ran.push(...(test.result().errors ?? []))
      others.push(...module.errors(), ...[...module.children.allSuites()].flatMap((suite) => suite.errors()))
    }
    writeFileSync(process.env.READBACK_FAILURES, JSON.stringify({ ran: ran.map(withCause), others: others.map(withCause) }))
  }
}

/** A property that failed says by what in its cause. */
function withCause(error) {
  return { name: String(error.name), message: String(error.message), ...(error.cause && { cause: withCause(error.cause) }) }
}

/** `npm test`: everything that a change must pass, without installing anything and without a network. */
import { availableParallelism } from 'node:os'
import { bin, check, summarise, vitest } from './run.mjs'

const node = process.execPath
/** Left to itself, Vitest keeps one core free, which on two is half of the machine. A page in a browser has the focus alone, so those stay one after another. */
const workers = `--maxWorkers=${Math.max(2, availableParallelism() - 1)}`

/** The same each time, so that a change is judged by what it changed; READBACK_SAMPLE=<seed> takes another. */
process.env.READBACK_SAMPLE ??= '1'

const steps = {
  types: () => check('types', [
    [node, bin('typescript/bin/tsc'), '-p', '.'],
    [node, bin('typescript/bin/tsc'), '-p', 'test/tsconfig.build.json', '--noEmit'],
    [node, bin('typescript/bin/tsc'), '-p', 'test/types'],
  ]),
  lint: () => check('lint and unused code', [[node, bin('oxlint/bin/oxlint'), '--type-aware'], [node, bin('knip/bin/knip.js'), '--no-progress']]),
  api: () => check('API report', [[node, 'test/tools/apiReport.mjs']]),
  unit: () => vitest('unit and architecture', ['--project', 'unit*', workers]),
  browser: () => vitest('browser', ['--project', 'browser']),
  stories: () => vitest('stories, accessibility violations as errors', ['--project', 'storybook']),
}

const LEFT_OUT = [
  ...(process.env.READBACK_SAMPLE === 'all' ? [] : [{ name: `what is not in sample ${process.env.READBACK_SAMPLE} of real logs, texts in 38 languages, hostile texts and stored rows`, reason: 'all of them take minutes', command: 'READBACK_SAMPLE=all npm test' }]),
  { name: 'long runs', reason: 'they take minutes', command: 'npm run test:long' },
  { name: 'consumer apps (Vite, Next.js, React 18)', reason: 'they install packages from the registry', command: 'npm run test:integration' },
  { name: 'package and size gates', reason: 'they look at the build', command: 'npm run build && npm run check:package && npm run size' },
  { name: 'benchmarks', reason: 'they measure, and prove nothing on a busy machine', command: 'npm run bench' },
]

const outcomes = []
for (const step of Object.values(steps)) outcomes.push(await step())
summarise(outcomes, LEFT_OUT)

/**
 * The public surface of every entry as text, made by API Extractor from the declarations that would be published.
 * Without arguments it compares with test/api and fails on a difference, so that a review shows every public change; `--write` updates the files.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor'
import { bin } from './run.mjs'
import { entries, root } from './entries.mjs'

const REPORTS = join(root, 'test/api')
const write = process.argv.includes('--write')

function stop(message) {
  process.stderr.write(`${message}\n`)
  process.exitCode = 1
}

/** Inside the repository, so that the packages are found; named by process, so that two runs do not meet. */
function workFolder() {
  mkdirSync(join(REPORTS, 'temp'), { recursive: true })
  return mkdtempSync(join(REPORTS, 'temp', 'run-'))
}

function declarations(folder) {
  const args = [bin('typescript/bin/tsc'), '-p', 'test/tsconfig.build.json', '--outDir', join(folder, 'dist')]
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  // Declarations are written in spite of errors, and errors are the business of `npm run types`.
  if (status !== 0) process.stdout.write(`tsc:\n${stdout}`)
}

function compare(entry, folder) {
  const name = reportName(entry)
  const made = report(entry, folder)
  const committed = join(REPORTS, name)
  const changed = !existsSync(committed) || readFileSync(committed, 'utf8') !== made
  if (changed && write) writeFileSync(committed, made)
  return { name, changed }
}

const reportName = ({ subpath }) => `${subpath === '.' ? 'readback' : subpath.slice(2).replaceAll('/', '.')}.api.md`

function report(entry, folder) {
  const source = join(folder, 'dist', `${entry.output}.d.ts`)
  if (!existsSync(source)) throw new Error(`package.json publishes ${entry.name}, but ${entry.source} does not exist.`)
  const out = join(folder, 'report')
  mkdirSync(out, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: entry.name.replaceAll('/', '.'), version: '0.0.0' }))
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: source,
      newlineKind: 'lf',
      compiler: { overrideTsconfig: { compilerOptions: COMPILER, files: [source] } },
      apiReport: { enabled: true, reportFileName: 'report.api.md', reportFolder: out, reportTempFolder: join(folder, 'temp') },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: { compilerMessageReporting: NONE, extractorMessageReporting: { ...NONE, 'ae-missing-release-tag': { logLevel: 'warning', addToApiReportFile: true }, 'ae-forgotten-export': { logLevel: 'warning', addToApiReportFile: true } }, tsdocMessageReporting: NONE },
    },
    configObjectFullPath: join(folder, 'api-extractor.json'),
    packageJsonFullPath: join(folder, 'package.json'),
  })
  Extractor.invoke(config, { localBuild: true, messageCallback: quiet })
  return readFileSync(join(out, 'report.api.md'), 'utf8')
}

const NONE = { default: { logLevel: 'none' } }
const COMPILER = { target: 'ES2022', module: 'ESNext', moduleResolution: 'bundler', lib: ['ES2023', 'DOM', 'DOM.Iterable'], strict: true, skipLibCheck: true, jsx: 'react-jsx', types: [] }

function quiet(message) {
  if (message.logLevel !== 'error') message.handled = true
}

function main() {
  const work = workFolder()
  try {
    declarations(work)
    const results = entries.map((entry) => compare(entry, work))
    const stale = readdirSync(REPORTS).filter((file) => file.endsWith('.api.md') && !entries.some((entry) => reportName(entry) === file))
    for (const file of stale) stop(`test/api/${file} belongs to no entry of package.json`)
    const changed = results.filter((result) => result.changed)
    for (const { name } of changed) process.stdout.write(`${write ? 'updated' : 'differs'}: ${name}\n`)
    if (changed.length > 0 && !write) stop('The public surface changed. If that is meant, run `npm run api`, look at the difference and commit it.')
    process.stdout.write(`${entries.length} API reports, ${changed.length} changed\n`)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

main()

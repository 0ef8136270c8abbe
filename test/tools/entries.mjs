/** The entry points, read from the exports map of package.json, so that the build, the aliases of the tests and the gates cannot drift from what is published. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of the repository. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/**
 * Every entry that is a module.
 * @type {{ subpath: string, name: string, source: string, output: string }[]} `name` as a user imports it, `source` under src, `output` under dist without its ending
 */
export const entries = Object.entries(manifest.exports)
  .filter(([, target]) => target.default?.endsWith('.js'))
  .map(([subpath, target]) => {
    const output = target.default.replace(/^\.\/dist\//, '').replace(/\.js$/, '')
    return { subpath, name: subpath.replace(/^\./, manifest.name), source: `src/${output}.ts`, output }
  })

/** Packages that stay outside the build: what a user's own package manager brings. */
export const externals = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]

/** @param {string} id */
export const isExternal = (id) => externals.some((name) => id === name || id.startsWith(`${name}/`))

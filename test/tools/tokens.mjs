/** The list of all tokens, made from the stylesheet: `node test/tools/tokens.mjs` writes stories/docs/tokens.json, and a test compares. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './entries.mjs'

const LIST = join(root, 'stories/docs/tokens.json')

/**
 * @typedef {{ name: string, group: string, value: string, light?: string, dark?: string }} Token `light` and `dark` where it is a colour of its own in each theme
 * @returns {Token[]} in the order of the stylesheet
 */
export function readTokens(css = readFileSync(join(root, 'src/styles/tokens.css'), 'utf8')) {
  const tokens = []
  let group = 'Colours'
  for (const line of css.split('\n')) {
    const heading = /^\s*\/\* (\w[\w ]*) \*\/$/.exec(line)
    if (heading) group = heading[1]
    const declared = /^\s*(--rb-[a-z-]+):\s*(.+);$/.exec(line)
    if (!declared) continue
    const [, name, value] = declared
    const both = /^light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\)$/.exec(value)
    tokens.push({ name, group, value, ...(both && { light: long(both[1]), dark: long(both[2]) }) })
  }
  return tokens
}

/** #fff → #ffffff, as colour fields want it. */
const long = (hex) => (hex.length === 4 ? hex.replace(/[0-9a-f]/g, '$&$&') : hex)

export const listed = () => JSON.parse(readFileSync(LIST, 'utf8'))

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(LIST, `${JSON.stringify(readTokens(), null, 2)}\n`)

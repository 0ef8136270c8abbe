/** The two published stylesheets, from one source: with its cascade layers, and with them taken away for pages whose own unlayered resets would win over every layer. */
import { join } from 'node:path'
import { bundle, transform } from 'lightningcss'
import postcss from 'postcss'
import { root } from './entries.mjs'

const SOURCE = join(root, 'src/styles/styles.css')

/** @returns {Record<string, string>} file name under dist → content */
export function buildStyles(source = SOURCE) {
  const layered = text(bundle({ filename: source }))
  return {
    'styles.css': tidy(layered),
    'styles.unlayered.css': tidy(withoutLayers(layered)),
    // Without these, a side-effect import of a stylesheet is error TS2882 from TypeScript 6 on.
    'styles.css.d.ts': 'export {}\n',
    'styles.unlayered.css.d.ts': 'export {}\n',
  }
}

const text = ({ code }) => Buffer.from(code).toString('utf8')
const tidy = (css) => text(transform({ filename: 'styles.css', code: Buffer.from(css), minify: true }))

/** Layers are written in the order of their declaration, so the rules keep their precedence by order alone. */
function withoutLayers(css) {
  const sheet = postcss.parse(css)
  for (let rule = firstLayer(sheet); rule; rule = firstLayer(sheet)) {
    if (rule.nodes) rule.replaceWith(rule.nodes)
    else rule.remove()
  }
  return sheet.toString()
}

function firstLayer(sheet) {
  let found
  sheet.walkAtRules('layer', (rule) => {
    found = rule
    return false
  })
  return found
}

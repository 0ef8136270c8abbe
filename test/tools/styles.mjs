/** The two published stylesheets, from one source: with its cascade layers, and with them taken away for pages whose own unlayered resets would win over every layer. */
import { join } from 'node:path'
import { bundle, transform } from 'lightningcss'
import postcss from 'postcss'
import { root } from './entries.mjs'

const SOURCE = join(root, 'src/styles/styles.css')

/** @returns {Record<string, string>} file name under dist → content */
export function buildStyles(source = SOURCE) {
  const layered = withLightFallback(text(bundle({ filename: source })))
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

const CONDITION = '(color: light-dark(#000, #fff))'

/**
 * Browsers without light-dark() (Chrome before 123, Safari before 17.5, Firefox before 120) get the light colours.
 * A plain second declaration would not do: with a var() in it, it is thrown away only when it is too late for the first.
 */
function withLightFallback(css) {
  const sheet = postcss.parse(css)
  sheet.walkRules((rule) => {
    const coloured = rule.nodes.filter((node) => node.type === 'decl' && node.value.includes('light-dark('))
    if (coloured.length === 0 || isConditional(rule)) return
    const again = rule.clone({ nodes: coloured.map((declaration) => declaration.clone()) })
    rule.after(postcss.atRule({ name: 'supports', params: CONDITION, nodes: [again] }))
    for (const declaration of coloured) declaration.value = light(declaration.value)
  })
  sheet.walkAtRules('supports', (condition) => {
    if (condition.params.includes('light-dark(') && !isFallen(condition)) condition.before(condition.nodes.map(lightOnly))
  })
  return sheet.toString()
}

/** Whether its light colours stand before it already. */
const isFallen = (condition) => condition.prev()?.selector === condition.first?.selector

function lightOnly(rule) {
  const copy = rule.clone()
  copy.walkDecls((declaration) => {
    declaration.value = light(declaration.value)
  })
  return copy
}

function isConditional(node) {
  if (!node) return false
  return (node.type === 'atrule' && node.name === 'supports') || isConditional(node.parent)
}

/** `light-dark(a, b)` → `a`, however deep the arguments are. */
export function light(value) {
  const start = value.indexOf('light-dark(')
  if (start < 0) return value
  const from = start + 'light-dark('.length
  let depth = 0
  let comma = -1
  for (let i = from; i < value.length; i++) {
    if (value[i] === '(') depth += 1
    else if (value[i] === ',' && depth === 0 && comma < 0) comma = i
    else if (value[i] === ')' && depth-- === 0) return value.slice(0, start) + value.slice(from, comma).trim() + light(value.slice(i + 1))
  }
  return value
}

/** Pure: the changed versions of one source file, each with one place that decides or counts turned into another. */
import { parseSync } from 'vite'

const OPERATORS = { '<': '<=', '<=': '<', '>': '>=', '>=': '>', '===': '!==', '!==': '===', '+': '-', '-': '+', '*': '/', '/': '*', '%': '*', '&': '|', '|': '&', '>>': '<<', '&&': '||', '||': '&&', '??': '&&', '+=': '-=', '-=': '+=', '??=': '=', '++': '--', '--': '++' }
/** Wrappers of types around an expression. */
const TYPED = new Set(['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression'])

/** @returns {{ file: string, line: number, code: string, from: string, to: string, sound: string, text: string }[]} */
export function mutantsOf(file, sound) {
  const found = []
  const note = (start, end, to) => {
    const from = sound.slice(start, end)
    if (from === to) return
    const line = sound.slice(0, start).split('\n').length
    found.push({ file, line, code: sound.split('\n')[line - 1], from, to, sound, text: sound.slice(0, start) + to + sound.slice(end) })
  }
  const visit = (node) => {
    if (Array.isArray(node)) return node.forEach(visit)
    if (typeof node?.type !== 'string') return
    if (TYPED.has(node.type)) return visit(node.expression)
    if (node.type.startsWith('TS') || node.type === 'ImportDeclaration' || node.type === 'ExportAllDeclaration') return
    mutate(node, sound, note)
    for (const [name, child] of Object.entries(node)) if (name !== 'typeAnnotation' && name !== 'source' && typeof child === 'object') visit(child)
  }
  visit(parseSync(file, sound).program)
  return found
}

function mutate(node, sound, note) {
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression':
    case 'AssignmentExpression': {
      const to = OPERATORS[node.operator]
      const at = sound.indexOf(node.operator, node.left.end)
      if (to !== undefined && !isText(node.left) && !isText(node.right)) note(at, at + node.operator.length, to)
      break
    }
    case 'UpdateExpression': {
      const at = node.prefix ? node.start : node.argument.end
      note(at, at + 2, OPERATORS[node.operator])
      break
    }
    case 'IfStatement':
    case 'ConditionalExpression':
      note(node.test.start, node.test.end, 'true')
      note(node.test.start, node.test.end, 'false')
      break
    case 'UnaryExpression':
      if (node.operator === '!') note(node.start, node.argument.start, '')
      break
    case 'Literal':
      if (typeof node.value === 'boolean') note(node.start, node.end, String(!node.value))
      if (typeof node.value === 'number') note(node.start, node.end, String(node.value + 1))
      if (typeof node.value === 'string' && node.value.length < 40) note(node.start, node.end, "'other'")
      break
    case 'ArrayExpression':
      if (node.elements.length > 0) note(node.start, node.end, '[]')
      break
    case 'ExpressionStatement':
      if (node.expression.type === 'CallExpression' || node.expression.type === 'AssignmentExpression') note(node.start, node.end, ';')
      break
    default:
  }
}

/** What is said in an error is no arithmetic. */
function isText({ type, value }) {
  return type === 'TemplateLiteral' || (type === 'Literal' && typeof value === 'string' && value.length > 20)
}

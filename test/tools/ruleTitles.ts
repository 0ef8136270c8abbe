/** Which rules the tests of a source prove, by their titles. Read from the parsed code: what stands in a comment, or does not run, proves nothing. */
import { parseSync } from 'vite'

/** Ids of rules of the page (`RS1`, `RD1`); titles may bear other series from other pages. */
const ID = /\b(?:RS|RD)\d+\b/g

export interface RuleTitles {
  /** Ids with which the title of a test begins. */
  readonly proved: readonly string[]
  /** All ids in titles, wherever they stand, also of tests that do not run. */
  readonly named: readonly string[]
  /** Titles of groups that bear an id: each test in them would seem to prove it, and none does. */
  readonly groups: readonly string[]
}

/** @param file - its ending says whether there is JSX in it */
export function ruleTitlesOf(file: string, source: string): RuleTitles {
  const found = { proved: [] as string[], named: [] as string[], groups: [] as string[] }
  const { program, errors } = parseSync(file, source)
  if (errors[0]) throw new Error(`${file} cannot be read: ${errors[0].message}. Its titles would not be looked at.`)
  visit(program as unknown as Node, true, tablesOf(program as unknown as Node), found)
  return found
}

interface Node {
  readonly type: string
  readonly [name: string]: unknown
}
type Tables = ReadonlyMap<unknown, Node>
type Found = Record<keyof RuleTitles, string[]>

function visit(node: unknown, runs: boolean, tables: Tables, found: Found): void {
  if (Array.isArray(node)) return node.forEach((each) => visit(each, runs, tables, found))
  if (!isNode(node)) return
  const call = node.type === 'CallExpression' ? declarationOf(node) : null
  if (call) note(call, (runs &&= call.runs), tables, found)
  for (const child of Object.values(node)) if (typeof child === 'object') visit(child, runs, tables, found)
}

interface Declaration {
  readonly isGroup: boolean
  readonly runs: boolean
  readonly title: string
  /** Rows of `each` and the like. */
  readonly rows: unknown
}

const KINDS = ['it', 'test', 'describe']
/** After which a test does not run, or not everywhere. */
const IDLE = ['skip', 'todo', 'skipIf', 'runIf', 'fails']

/** Of `it(title, …)`, `it.concurrent(title, …)`, `it.each(rows)(title, …)`; null for any other call. */
function declarationOf(call: Node): Declaration | null {
  let rows: unknown
  const names: unknown[] = []
  let callee = call['callee']
  while (isNode(callee) && callee.type !== 'Identifier') {
    if (callee.type === 'MemberExpression') {
      names.push((callee['property'] as Node)['name'])
      callee = callee['object']
    } else if (callee.type === 'CallExpression') {
      rows = argument(callee)
      callee = callee['callee']
    } else return null
  }
  if (!isNode(callee) || !KINDS.includes(callee['name'] as string)) return null
  return { isGroup: callee['name'] === 'describe', runs: !names.some((name) => IDLE.includes(name as string)), title: textOf(argument(call)), rows }
}

function note({ isGroup, title, rows }: Declaration, runs: boolean, tables: Tables, found: Found): void {
  const titles = title.startsWith('%s') ? firstCells(rows, tables) : [title]
  for (const each of titles) {
    const ids = each.match(ID) ?? []
    found.named.push(...ids)
    if (isGroup && ids.length > 0) found.groups.push(each)
    if (!isGroup && runs) found.proved.push(...(/^(?:\[[^\]]*\]\s*)*/.exec(each)![0].match(ID) ?? []))
  }
}

/** Rows that begin with their own title. */
function firstCells(rows: unknown, tables: Tables): string[] {
  const table = unwrapped(isNode(rows) && rows.type === 'Identifier' ? tables.get(rows['name']) : rows)
  if (table?.type !== 'ArrayExpression') return []
  return (table['elements'] as unknown[]).map(unwrapped).map((row) => textOf(row?.type === 'ArrayExpression' ? (row['elements'] as unknown[])[0] : row))
}

/** What is written in an expression: a string, a template without what is filled in, a sum of them. */
function textOf(node: unknown): string {
  const expression = unwrapped(node)
  switch (expression?.type) {
    case 'Literal':
      return String(expression['value'])
    case 'TemplateLiteral':
      return (expression['quasis'] as Node[]).map((quasi) => (quasi['value'] as { cooked: string }).cooked).join('…')
    case 'BinaryExpression':
      return textOf(expression['left']) + textOf(expression['right'])
    case 'ConditionalExpression':
      return `${textOf(expression['consequent'])} ${textOf(expression['alternate'])}`
    default:
      return '…'
  }
}

/** Arrays by their names, anywhere in the file. */
function tablesOf(program: Node): Tables {
  const tables = new Map<unknown, Node>()
  const collect = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(collect)
    if (!isNode(node)) return
    if (node.type === 'VariableDeclarator' && isNode(node['init'])) tables.set((node['id'] as Node)['name'], node['init'])
    Object.values(node).forEach(collect)
  }
  collect(program)
  return tables
}

const argument = (call: Node): unknown => (call['arguments'] as unknown[])[0]

/** Without the types around it. */
function unwrapped(node: unknown): Node | undefined {
  if (!isNode(node)) return undefined
  return node.type.startsWith('TS') && isNode(node['expression']) ? unwrapped(node['expression']) : node
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}

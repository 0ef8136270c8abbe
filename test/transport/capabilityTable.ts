/** The table of capabilities as it stands in the docs, made from what the transports declare. */
import type { TransportCapabilities } from 'readback/core'

const ROWS: readonly [string, (of: TransportCapabilities) => string][] = [
  ['order of messages', ({ order, dense }) => (order === 'time' ? 'server time' : dense ? 'sequence without holes' : 'sequence')],
  ['recognises a retry', ({ dedupe }) => (dedupe.by === 'receiver' ? 'the receiver' : `the server, ${dedupe.windowMs === null ? 'for ever' : `for ${dedupe.windowMs} ms`}`)],
  ...(['delivered', 'read', 'viewed'] as const).map((kind): [string, (of: TransportCapabilities) => string] => [`${kind}, direct / group`, (of) => `${of[kind].direct} / ${of[kind].group}`]),
  ['delivered is told by', ({ deliveredBy }) => `the ${deliveredBy}`],
  ['receipts in groups', ({ groupReceipts, groupReceiptsTo }) => `${groupReceipts}, to the ${groupReceiptsTo}`],
  ['lists of readers', ({ readerLists }) => readerLists],
  ['content of receipts', ({ receiptContent = false }) => yes(receiptContent)],
  ['private reports to own devices', ({ ownDeviceReports }) => yes(ownDeviceReports)],
  ['what was missed', ({ catchUp }) => `by ${catchUp}`],
  ['receipts that were missed', ({ receiptsCatchUp }) => receiptsCatchUp],
  ['receipts on a lane of their own', ({ lanes }) => yes(lanes)],
  ...(['conversations', 'members', 'membership', 'history', 'edit', 'recall', 'delete', 'react', 'typing', 'presence', 'upload'] as const).map((name): [string, (of: TransportCapabilities) => string] => [name, (of) => yes(of[name])]),
  ['owners and admins delete for others', ({ moderation = false }) => yes(moderation)],
  ['limits', ({ limits }) => Object.entries(limits).map(([name, value]) => `${name} ${value}`).join(', ') || 'none known'],
]

function yes(has: boolean): string {
  return has ? 'yes' : 'no'
}

export function capabilityTable(transports: Readonly<Record<string, TransportCapabilities>>): string {
  const names = Object.keys(transports)
  const head = [`| | ${names.join(' | ')} |`, `| --- |${' --- |'.repeat(names.length)}`]
  return [...head, ...ROWS.map(([what, say]) => `| ${what} | ${Object.values(transports).map(say).join(' | ')} |`)].join('\n')
}

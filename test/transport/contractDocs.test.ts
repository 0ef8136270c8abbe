/** The contract is documented to the last field: each member of what transports give and are given says what it is, or stands under a sentence that does. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const source = (name: string) => readFileSync(new URL(`../../src/transport/${name}.ts`, import.meta.url), 'utf8')

/** What its name and type say to the last, or what a sentence of its neighbour or of the type covers. */
const COVERED = [
  // Points, ids and local ids mean the same everywhere: src/model.
  'ReportedMessage.id', 'ReportedMessage.at', 'ReportedMessage.localId', 'IncomingMessage.id', 'IncomingMessage.receiptRequested', 'IncomingMessage.replyTo', 'Report.conversation', 'IncomingReceipt.kind', 'IncomingConversation.title', 'IncomingConversation.avatarUrl',
  'IncomingConversation.rosterComplete', 'Reader.userId', 'ScopeByKind.direct', 'ScopeByKind.group',
  // One sentence for a row of them.
  'TransportCapabilities.read', 'TransportCapabilities.viewed', 'TransportCapabilities.members', 'TransportCapabilities.history', 'TransportCapabilities.edit', 'TransportCapabilities.recall', 'TransportCapabilities.delete', 'TransportCapabilities.react',
  'TransportCapabilities.typing', 'TransportCapabilities.presence', 'TransportCapabilities.upload', 'TransportCapabilities.membership', 'Paged.items',
]

function undocumented(text: string): string[] {
  return [...text.matchAll(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?export interface (\w+)(?:<\w+>)?[^{]*\{\n([\s\S]*?)\n\}/g)].flatMap(([, doc, name, body]) => {
    const lines = body!.split('\n')
    const bare = lines.flatMap((line, n) => {
      const member = /^ {2}(?:readonly )?(\w+)\??[:(]/.exec(line)?.[1]
      return member && !lines[n - 1]?.trim().endsWith('*/') ? [`${name}.${member}`] : []
    })
    return doc ? bare : [name!, ...bare]
  })
}

it.each(['transport', 'wire', 'capabilities', 'transportError', 'keepConnected', 'request', 'serverEvents'])('%s.ts says what each member is', (name) => {
  expect(undocumented(source(name)).filter((member) => !COVERED.includes(member) && !/^(RequestOptions|KeepConnectedOptions|KeptConnection|TransportErrorOptions|ServerEvent|HistoryPage)(\.(fetch|clock|random|connectivity|cause))?$/.test(member))).toEqual([])
})

it('each event says when it comes, or what it is', () => {
  const union = /export type TransportEvent =\n([\s\S]*?)\n\n/.exec(source('transport'))![1]!.split('\n')
  const bare = union.flatMap((line, n) => (line.includes("type: '") && !union[n - 1]?.trim().endsWith('*/') ? [/type: '(\w+)'/.exec(line)![1]!] : []))
  // `state` has a type of its own, `recalled` stands under the sentence of `edited`, `reacted` says it by its fields, `receipt` is IncomingReceipt.
  expect(bare).toEqual(['state', 'recalled', 'reacted', 'receipt'])
})

/** What the kit makes of each capability, and which file does. Complete by its type; the page in the docs is made of it. */
import type { TransportCapabilities, TransportLimits } from 'readback/core'

type Declared = keyof TransportCapabilities | keyof TransportLimits

interface Use {
  readonly does: string
  /** The file that reads it. */
  readonly where: string
}

const SUITE = 'src/testing/transportCases'

export const CAPABILITY_USE: { readonly [Name in Declared]: Use } = {
  order: { does: 'nothing: points are compared, and receipts that name ids are looked up, on any wire. Says what a point is worth', where: 'src/transport/capabilities.ts' },
  dense: { does: 'only then is a stretch without gaps told by its ends', where: 'src/sync/reading.ts' },
  dedupe: { does: 'the same localId is tried again on any wire, and rows merge by it; where the server keeps it the suite asks for one message', where: `${SUITE}/sendingCases.ts` },
  delivered: { does: '`none`: not reported; the list of readers has no such group', where: 'src/sync/queueReport.ts' },
  read: { does: '`none`: not reported, no badge, no double check in blue; `point`: only a prefix without holes is published', where: 'src/store/readStateSource.ts' },
  viewed: { does: '`none`: not reported', where: 'src/sync/queueReport.ts' },
  deliveredBy: { does: '`wire`: the core reports no delivery', where: 'src/sync/delivered.ts' },
  groupReceipts: { does: '`none`: no badge in groups; `onRequest`: the composer offers to ask, and only messages that asked have one', where: 'src/sync/requesting.ts' },
  groupReceiptsTo: { does: 'badge and list of readers stand on own messages, so both do; the suite asks what is declared', where: `${SUITE}/receiptCases.ts` },
  readerLists: { does: '`none`: never asked. Whoever a capped list leaves out stands under “not yet”, unless a receipt of theirs came', where: 'src/sync/fetchReaders.ts' },
  ownDeviceReports: { does: 'false: the settings say that private reading does not reach other devices', where: 'src/components/ReceiptSettings.tsx' },
  catchUp: { does: 'not `cursor`: history of each conversation that moved on is fetched after every connect', where: 'src/sync/catchUp.ts' },
  receiptsCatchUp: { does: '`fetch`: read states are asked for after every connect', where: 'src/sync/catchUp.ts' },
  lanes: { does: 'the outbox has two lanes on any wire; the suite floods both', where: `${SUITE}/receiptCases.ts` },
  conversations: { does: 'the list is pulled after every connect', where: 'src/sync/catchUp.ts' },
  members: { does: 'a roster that is not complete is asked for', where: 'src/sync/catchUp.ts' },
  history: { does: 'older messages are loaded, gaps closed', where: 'src/sync/catchUp.ts' },
  edit: { does: 'offered in the menu, and with the key for it', where: 'src/components/useMessageActions.ts' },
  recall: { does: 'offered in the menu', where: 'src/components/useMessageActions.ts' },
  delete: { does: 'deleting for all is offered; for me alone always', where: 'src/components/useMessageActions.ts' },
  react: { does: 'reactions are offered', where: 'src/components/useMessageActions.ts' },
  typing: { does: 'told while the user writes', where: 'src/components/WindowComposer.tsx' },
  presence: { does: 'false: whether somebody is there is unknown, and not shown', where: 'src/client/createChatClient.ts' },
  upload: { does: 'without it, and without `attachments` of the app, no file is offered', where: 'src/client/createChatClient.ts' },
  membership: { does: 'conversations made here are made known at once; else by `connect`', where: 'src/transport/websocket/transportCalls.ts' },
  moderation: { does: 'who leads a group is offered to delete what others wrote', where: 'src/components/useMessageActions.ts' },
  limits: { does: 'see below', where: 'src/store/readStateSource.ts' },
  bodyBytes: { does: 'a body above it is refused by the back end; the message shows as failed, with the reason', where: 'src/transport/memory/messageRules.ts' },
  receiptWindowMs: { does: 'who has not read by then is not waited for: the badge goes', where: 'src/store/readStateSource.ts' },
  groupSize: { does: 'no badge above it', where: 'src/store/readStateSource.ts' },
  recallWindowMs: { does: 'recalling is offered so long', where: 'src/components/useMessageActions.ts' },
  reportBatch: { does: 'a report that names messages leaves in parts', where: 'src/sync/reporting.ts' },
}

export function capabilityUseTable(): string {
  return ['| capability | what the kit makes of it |', '| --- | --- |', ...Object.entries(CAPABILITY_USE).map(([name, { does }]) => `| \`${name}\` | ${does} |`)].join('\n')
}

/** What the kit makes of each capability. Complete by its type; the page in the docs is made of it. */
import { readdirSync, readFileSync } from 'node:fs'
import type { TransportCapabilities, TransportLimits } from 'readback/core'

type Declared = keyof TransportCapabilities | keyof TransportLimits

interface Use {
  readonly does: string
  /** Who reads it: what is built on transports, or only the suite that holds them to what they declare. */
  readonly by: 'kit' | 'suite'
}

export const CAPABILITY_USE: { readonly [Name in Declared]: Use } = {
  order: { does: '`time`: what lies between two read messages is claimed only once nothing can come late. Else nothing: points are compared, and receipts that name ids are looked up, on any wire', by: 'kit' },
  dense: { does: 'only then is a stretch without gaps told by its ends. Orders begin with 1: nobody would miss a message at 0', by: 'kit' },
  inOrder: { does: 'absent: unless orders are dense, what lies between two read messages is claimed only once nothing can come late', by: 'kit' },
  dedupe: { does: 'the same localId is tried again on any wire, and rows merge by it; where the server keeps it the suite asks for one message', by: 'suite' },
  delivered: { does: '`none`: not reported; the list of readers has no such group', by: 'kit' },
  read: { does: '`none`: not reported, no badge, no double check in blue; `point`: only a prefix without holes is published', by: 'kit' },
  viewed: { does: '`none`: not reported', by: 'kit' },
  deliveredBy: { does: '`wire`: the core reports no delivery', by: 'kit' },
  groupReceipts: { does: '`none`: no badge in groups; `onRequest`: the composer offers to ask, and only messages that asked have one', by: 'kit' },
  groupReceiptsTo: { does: 'badge and list of readers stand on own messages, so both do; the suite asks what is declared', by: 'suite' },
  readerLists: { does: '`none`: never asked. Whoever a capped list leaves out stands under “not yet”, unless a receipt of theirs came', by: 'kit' },
  receiptContent: { does: '`markRead` takes `content`; absent: it refuses it, and nothing is stored', by: 'kit' },
  ownDeviceReports: { does: 'false: the settings say that private reading does not reach other devices', by: 'kit' },
  catchUp: { does: 'not `cursor`: history of each conversation that moved on is fetched after every connect. A list tells which did by `head`; without (`conversations` false, or no `head`) what is on screen is asked for, and the hundred in which something happened last. What comes by itself before the answer is not taken for all. `queue` without history: what a page was handed and did not store before it died is lost, unless the queue hands it over again with the next connection', by: 'kit' },
  receiptsCatchUp: { does: '`fetch`: read states are asked for after every connect. Else on a first connect, and once of each conversation that becomes known later, where `readStates` is there: nobody replays what was read before that', by: 'kit' },
  lanes: { does: 'the outbox has two lanes on any wire; the suite floods both', by: 'suite' },
  conversations: { does: 'the list is pulled after every connect', by: 'kit' },
  members: { does: 'a roster that is not complete is asked for', by: 'kit' },
  history: { does: 'older messages are loaded, gaps closed. False: over what was before the first message here, and over an absence with `catchUp: \'none\'`, no position and no stretch is told; a conversation of which a list or event said `head: null` has nothing before', by: 'kit' },
  edit: { does: 'offered in the menu, and with the key for it', by: 'kit' },
  recall: { does: 'offered in the menu', by: 'kit' },
  delete: { does: 'deleting for all is offered; for me alone always', by: 'kit' },
  react: { does: 'reactions are offered', by: 'kit' },
  typing: { does: 'told while the user writes', by: 'kit' },
  presence: { does: 'false: whether somebody is there is unknown, and not shown', by: 'kit' },
  upload: { does: 'without it, and without `attachments` of the app, no file is offered', by: 'kit' },
  membership: { does: 'conversations made here are made known at once; else the device connects anew, and tells them then', by: 'suite' },
  moderation: { does: 'who leads a group is offered to delete what others wrote', by: 'kit' },
  limits: { does: 'see below', by: 'kit' },
  bodyBytes: { does: 'a body above it is refused by the back end; the message shows as failed, with the reason', by: 'suite' },
  receiptWindowMs: { does: 'who has not read by then is not waited for: the badge goes', by: 'kit' },
  groupSize: { does: 'no badge above it', by: 'kit' },
  recallWindowMs: { does: 'recalling is offered so long', by: 'kit' },
  reportBatch: { does: 'a report that names messages leaves in parts', by: 'kit' },
}

export function capabilityUseTable(): string {
  return ['| capability | what the kit makes of it |', '| --- | --- |', ...Object.entries(CAPABILITY_USE).map(([name, { does }]) => `| \`${name}\` | ${does} |`)].join('\n')
}

const FOLDERS = { kit: ['sync', 'store', 'client', 'react', 'components'], suite: ['testing', 'transport'] } as const
const SRC = new URL('../../src/', import.meta.url)

/** Those that nothing reads, whatever the page says. */
export function unusedCapabilities(): readonly string[] {
  const texts = { kit: textsOf('kit'), suite: textsOf('suite') }
  return Object.entries(CAPABILITY_USE).filter(([name, { by }]) => !texts[by].some((text) => new RegExp(`\\b${name}\\b`).test(text))).map(([name]) => name)
}

/** Sources that look at capabilities at all. */
function textsOf(by: 'kit' | 'suite'): readonly string[] {
  return FOLDERS[by].flatMap((folder) => readdirSync(new URL(`${folder}/`, SRC), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => readFileSync(new URL(`${folder}/${file}`, SRC), 'utf8'))
    .filter((text) => /capabilities/i.test(text)))
}

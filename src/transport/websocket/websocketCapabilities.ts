import type { TransportCapabilities } from '../capabilities.js'

/** What the protocol can carry; a server that does less is described by the `capabilities` option. */
export const WEBSOCKET_CAPABILITIES: TransportCapabilities = {
  order: 'sequence', dense: true, dedupe: { by: 'server', windowMs: null },
  delivered: { direct: 'ranges', group: 'ranges' }, read: { direct: 'ranges', group: 'ranges' }, viewed: { direct: 'ranges', group: 'ranges' },
  deliveredBy: 'core', groupReceipts: 'always', groupReceiptsTo: 'members', readerLists: 'full', receiptContent: true, ownDeviceReports: true,
  catchUp: 'cursor', receiptsCatchUp: 'replay', lanes: true,
  conversations: true, members: true, history: true, edit: true, recall: true, delete: true, react: true, typing: true, presence: true, upload: false, membership: true, moderation: true,
  limits: { bodyBytes: 65_536, recallWindowMs: 120_000 },
}

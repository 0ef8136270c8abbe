import type { TransportCapabilities, TransportLimits } from '../capabilities.js'

/** A recall is taken this long after sending, milliseconds; what the vendors allow by default. */
const RECALL_WINDOW_MS = 120_000

/** Largest body as JSON without the files within it, bytes. */
const BODY_BYTES = 65_536

/** The hub can do everything that the contract knows. */
export function memoryCapabilities(limits: TransportLimits = {}): TransportCapabilities {
  const everywhere = { direct: 'ranges', group: 'ranges' } as const
  return {
    order: 'sequence', dense: true, dedupe: { by: 'server', windowMs: null },
    delivered: everywhere, read: everywhere, viewed: everywhere,
    deliveredBy: 'core', groupReceipts: 'always', groupReceiptsTo: 'members', readerLists: 'full', receiptContent: true, ownDeviceReports: true,
    catchUp: 'cursor', receiptsCatchUp: 'replay', lanes: true,
    conversations: true, members: true, history: true, edit: true, recall: true, delete: true, react: true, typing: true, presence: true, upload: true, membership: true, moderation: true,
    limits: { bodyBytes: BODY_BYTES, recallWindowMs: RECALL_WINDOW_MS, ...limits },
  }
}

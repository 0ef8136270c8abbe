import type { ScopeByKind, TransportCapabilities } from './capabilities.js'

const NONE: ScopeByKind = { direct: 'none', group: 'none' }

/**
 * Capabilities of a wire that can send and nothing else. Spread it, and set what yours can do: whatever the kit learns to use later is then declared missing.
 * @public
 */
export const NOTHING_DECLARED: TransportCapabilities = /* @__PURE__ */ Object.freeze<TransportCapabilities>({
  order: 'sequence', dense: false, dedupe: { by: 'receiver' }, delivered: NONE, read: NONE, viewed: NONE,
  deliveredBy: 'core', groupReceipts: 'none', groupReceiptsTo: 'sender', readerLists: 'none', ownDeviceReports: false, catchUp: 'none', receiptsCatchUp: 'none', lanes: false,
  conversations: false, members: false, history: false, edit: false, recall: false, delete: false, react: false, typing: false, presence: false, upload: false, membership: false, limits: {},
})

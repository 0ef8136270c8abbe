/** A wire that says what it is told to say, and takes everything: what is measured is the kit, not a back end. */
import type { Transport, TransportEvent } from 'readback/core'

export interface ScriptedWire {
  readonly transport: Transport
  tell(event: TransportEvent): void
}

export function createWire(): ScriptedWire {
  const listeners = new Set<(event: TransportEvent) => void>()
  const tell = (event: TransportEvent) => {
    for (const listener of listeners) listener(event)
  }
  const everywhere = { direct: 'ranges', group: 'ranges' } as const
  const transport: Transport = {
    capabilities: {
      order: 'sequence', dense: true, dedupe: { by: 'server', windowMs: null },
      delivered: everywhere, read: everywhere, viewed: everywhere,
      deliveredBy: 'core', groupReceipts: 'always', groupReceiptsTo: 'members', readerLists: 'none', ownDeviceReports: true,
      catchUp: 'cursor', receiptsCatchUp: 'replay', lanes: true,
      conversations: false, members: false, history: false, edit: false, recall: false, delete: false, react: false, typing: false, presence: false, upload: false, membership: false,
      limits: {},
    },
    async connect() {
      await Promise.resolve()
      tell({ type: 'state', state: { status: 'online' } })
    },
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    send: async ({ localId }) => ({ localId, id: `server-${localId}` }),
    report: async () => {},
    close: async () => {},
  }
  return { transport, tell }
}

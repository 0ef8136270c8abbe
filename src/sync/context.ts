import type { Attachment, ChatError, ConversationId, Ports, UserId } from '../model/index.js'
import type { ReceiptPolicy } from '../receipts/index.js'
import type { ChatStorage } from '../storage/index.js'
import type { ChatStore } from '../store/chatStore.js'
import type { Transport } from '../transport/index.js'
import type { ServerClock } from './serverClock.js'

export type Upload = (file: Blob, options: { signal: AbortSignal; onProgress(fraction: number): void }) => Promise<Attachment>

/** What every part of the synchronisation works with. Made once by the client. */
export interface SyncContext {
  readonly me: UserId
  readonly storage: ChatStorage
  /** What the storage is called while it has a database; in memory it has another name. */
  readonly databaseName: string
  readonly transport: Transport
  readonly store: ChatStore
  readonly ports: Ports
  readonly policy: ReceiptPolicy
  /** Of the leading tab, over a wire of positions on which something may come late. */
  readonly serverClock?: Pick<ServerClock, 'now' | 'waitFor'> | null
  /** The app's own token, asked at every connect. */
  getToken(reason: 'connect' | 'expired'): Promise<string | undefined>
  /** Puts a file where the app keeps them, else where the wire does; null where there is no such place. */
  readonly upload: Upload | null
  /** Tells the app; expected trouble (offline, storage) is a state and does not come here. */
  onError(error: ChatError): void
  /** Counts something from the wire that was not applied. */
  onDropped(reason: string, conversationId?: ConversationId): void
}

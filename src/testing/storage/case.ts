import type { ChatStorage } from '../../storage/storage.js'

/** What a storage under test brings along. @public */
export interface StorageUnderTest {
  /** Empty, not yet opened. */
  readonly storage: ChatStorage
  /** Another object over the same data, not yet opened: as after a reload, or in another tab. Absent: the cases close and open the first one. */
  reopen?(): Promise<ChatStorage>
  teardown(): Promise<void>
}

/** What a case works with: a storage that is open for `me`. */
export interface CaseContext {
  readonly storage: ChatStorage
  /** Closes, and gives the storage as it is after a reload, open for `me`. */
  reload(): Promise<ChatStorage>
  /** A second one over the same data, open for `me`; null when there can be none. */
  second(): Promise<ChatStorage | null>
}

export interface CaseBody {
  readonly title: string
  run(context: CaseContext): Promise<void>
}

/**
 * Who has a database open, and how it is deleted under them, as IndexedDB does it: everybody is asked to close. Who runs closes at once, and opens again behind the deletion;
 * who is frozen does not hear of it, and holds it up until it wakes or dies.
 */
import type { ChatStorage } from 'readback/core'
import { CONVERSATIONS } from './schedule.js'

export interface Handle {
  /** It is asked to close, and does so when it can. */
  close(): void
  /** Whether its tab still waits for it. */
  isWanted(): boolean
}

export interface Handles {
  has(handle: Handle): boolean
  /** Opens; at once where nothing is being deleted. */
  join(handle: Handle, onOpen: () => void, isWanted?: () => boolean): void
  leave(handle: Handle): void
  /** Told once this one is open. */
  whenIn(handle: Handle, fn: () => void): void
  isDeleting(): boolean
  deleteRows(): Promise<void>
  /** Told when the rows are gone, with the ids of all messages that were among them. */
  onDeleted(listener: (ids: readonly string[]) => void): void
}

interface Deletion {
  readonly done: Promise<void>
  finish(): void
  isRunning: boolean
}

/** @param empty - throws all rows away */
export function createHandles(rows: ChatStorage, empty: () => Promise<void>): Handles {
  const open = new Set<Handle>()
  const waiting: (() => void)[] = []
  const entering: { readonly handle: Handle; readonly fn: () => void }[] = []
  let listener: (ids: readonly string[]) => void = () => {}
  let deletion: Deletion | null = null

  async function goOn(): Promise<void> {
    const current = deletion
    if (!current || current.isRunning || open.size > 0) return
    current.isRunning = true
    const pages = await rows.read((tx) => Promise.all(CONVERSATIONS.map((conversationId) => tx.messages.page({ conversationId, limit: 100_000 }))))
    await empty()
    listener(pages.flat().flatMap(({ ids }) => ids))
    deletion = null
    current.finish()
    for (const go of waiting.splice(0)) go()
  }

  function begin(): Deletion {
    let finish!: () => void
    const done = new Promise<void>((resolve) => (finish = resolve))
    return { done, finish, isRunning: false }
  }

  return {
    has: (handle) => open.has(handle),
    join(handle, onOpen, isWanted = handle.isWanted) {
      const go = () => {
        if (!isWanted()) return
        open.add(handle)
        onOpen()
        for (const each of entering.filter((one) => one.handle === handle)) {
          entering.splice(entering.indexOf(each), 1)
          each.fn()
        }
      }
      if (deletion) waiting.push(go)
      else go()
    },
    leave(handle) {
      open.delete(handle)
      void goOn()
    },
    whenIn: (handle, fn) => void entering.push({ handle, fn }),
    isDeleting: () => deletion !== null,
    deleteRows() {
      const current = (deletion ??= begin())
      for (const handle of [...open]) handle.close()
      void goOn()
      return current.done
    },
    onDeleted: (told) => void (listener = told),
  }
}

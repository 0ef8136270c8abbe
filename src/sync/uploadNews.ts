/** How far uploads are: the leading tab makes them and tells the others, which show the same. */
import type { LocalId, Stop } from '../model/index.js'
import type { SyncContext } from './context.js'

/** What is told: each upload under way, and how much of it is done, 0 to 1. */
export type UploadsNews = readonly (readonly [LocalId, number])[]

/** Least time between two tellings, milliseconds: a bar that moves four times a second is smooth enough. */
const TELL_EVERY_MS = 250

export interface UploadNews {
  /** This tab leads from now on: nothing is under way yet. Returns how to end telling. */
  lead(): Stop
  /** Tells at once, to a tab that has just come. */
  tell(): void
  /** What the leading tab told. */
  show(told: UploadsNews): void
}

export function createUploadNews({ store, ports: { clock } }: SyncContext, post: (uploads: UploadsNews) => void): UploadNews {
  const tell = () => post([...store.getState().uploads])
  return {
    tell,
    show: (told) => store.setState({ uploads: new Map(told) }),
    lead() {
      if (store.getState().uploads.size > 0) store.setState({ uploads: new Map() })
      tell()
      let told = store.getState().uploads
      let timer: Stop | null = null
      const stopListening = store.subscribe(({ uploads }) => {
        if (uploads === told) return
        timer ??= clock.setTimer(() => {
          timer = null
          told = store.getState().uploads
          tell()
        }, TELL_EVERY_MS)
      })
      return () => {
        stopListening()
        timer?.()
      }
    },
  }
}

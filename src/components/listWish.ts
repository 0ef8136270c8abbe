/** A place that somebody wants to see and that is being loaded: one at a time, the latest. */
import type { SourceAnchor } from '../model/index.js'
import type { ListPlace } from './listPlace.js'

export interface ListWish {
  isOpen(): boolean
  /** Resolves to whether there is such a place, once it was granted; to false when something else was wished for meanwhile. */
  ask(anchor: SourceAnchor, load: (anchor: SourceAnchor) => Promise<void>): Promise<boolean>
  drop(): void
  /** After a commit. `find` looks for the place in what is loaded, `take` is given it; null where there is none, although all is loaded. */
  grant(find: (anchor: SourceAnchor, loaded: boolean) => ListPlace | null, take: (place: ListPlace | null) => void): void
}

interface Wish {
  readonly anchor: SourceAnchor
  readonly done: (found: boolean) => void
  loaded: boolean
}

export function createListWish(onLoaded: () => void, onError: (error: unknown) => void): ListWish {
  let wish: Wish | null = null
  const drop = () => {
    wish?.done(false)
    wish = null
  }
  return {
    isOpen: () => wish !== null,
    drop,
    ask(anchor, load) {
      drop()
      return new Promise((done) => {
        const asked: Wish = { anchor, loaded: false, done }
        wish = asked
        // Also where it throws at once.
        void new Promise<void>((resolve) => resolve(load(anchor))).catch(onError).then(() => {
          asked.loaded = true
          if (wish === asked) onLoaded()
        })
      })
    },
    grant(find, take) {
      if (wish === null) return
      const { anchor, loaded, done } = wish
      const place = find(anchor, loaded)
      if (place === null && !loaded) return
      wish = null
      take(place)
      done(place !== null)
    },
  }
}

/** What other tabs changed, read from the database that they share, and shown in the order in which they told of it. */
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { readNews, type ChangedNews } from './tabs.js'

export interface NewsReader {
  read(news: readonly ChangedNews[]): void
  /** Something is not believed any more, by what this tab did. */
  doubt(): void
}

export function createNewsReader({ storage, store }: SyncContext, show: (changes: Changes) => void): NewsReader {
  /** One after the other: what is not believed any more is gone before what came after it is shown. */
  let reading: Promise<void> = Promise.resolve()
  /** What was read before a doubt still says it. */
  let doubts = 0

  async function readAll(news: readonly ChangedNews[]): Promise<Changes> {
    for (;;) {
      const before = doubts
      const { windows, readViews } = store.getState()
      const changes = await storage.read((tx) => readNews(tx, news, new Set([...windows.keys(), ...readViews.keys()])))
      if (before === doubts) return changes
    }
  }

  return {
    read(news) {
      reading = reading.then(() => readAll(news)).then(show, () => {})
    },
    doubt() {
      doubts += 1
    },
  }
}

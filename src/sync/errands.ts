/** What a following tab asks the leading one to fetch: each asked with a limit of time, as that tab may be closed or frozen. */
import { ChatError, type Ports, type Stop } from '../model/index.js'
import type { TabNews } from './tabs.js'

type FetchNews = Extract<TabNews, { type: 'fetch' }>

export interface Errands {
  /** Resolves when the leading tab is done. @throws ChatError `source/fetch` when it does not answer */
  ask(what: Omit<FetchNews, 'type' | 'request'>): Promise<void>
  /** The leading tab has answered. */
  done(request: string): void
  stop(): void
}

/** Longest wait for an answer, milliseconds. */
const ANSWER_MS = 15_000

export function createErrands({ clock, random }: Pick<Ports, 'clock' | 'random'>, post: (news: TabNews) => void): Errands {
  const asked = new Map<string, (error?: ChatError) => void>()
  const unanswered = () => new ChatError('source/fetch', 'The tab that holds the connection did not fetch the missing messages in time. The list shows what is stored; scrolling there again asks once more.', { retryable: true })
  return {
    ask(what) {
      const request = random.id()
      return new Promise<void>((resolve, reject) => {
        const stopTimer: Stop = clock.setTimer(() => settle(unanswered()), ANSWER_MS)
        const settle = (error?: ChatError) => {
          stopTimer()
          asked.delete(request)
          if (error) reject(error)
          else resolve()
        }
        asked.set(request, settle)
        post({ type: 'fetch', request, ...what })
      })
    },
    done: (request) => asked.get(request)?.(),
    stop() {
      for (const settle of [...asked.values()]) settle(unanswered())
    },
  }
}

/** Hubs of one name in other tabs: told that there are new rows, and given what is not kept (typing, presence). */
import type { Clock, Stop, TabChannel, UserId } from '../../model/index.js'
import type { TransportEvent } from '../transport.js'

/** Every tab says this often who is in it, milliseconds. */
const BEAT_MS = 20_000
/** A tab that was silent for so long is gone: it crashed, or was closed without a word. Longer than the minute between two timers of a hidden page. Milliseconds. */
const LEASE_MS = 90_000

export type PresenceName = 'online' | 'unavailable' | 'offline'

/** What tabs say to each other. Rows themselves are read from the database, which has them in order. */
type TabNews =
  | { readonly type: 'rows' }
  | { readonly type: 'whisper'; readonly to: readonly UserId[]; readonly event: TransportEvent }
  | { readonly type: 'presence'; readonly tab: string; readonly users: Readonly<Record<UserId, PresenceName>>; readonly answer: boolean }

export interface HubTabs {
  /** Begins to listen and to speak. Before, everything said is for nobody. */
  open(): void
  tellRows(): void
  whisper(to: readonly UserId[], event: TransportEvent): void
  /** Who is here, in this tab. `answer`: the others say who is there. */
  tellPresence(users: Readonly<Record<UserId, PresenceName>>, answer: boolean): void
  /** Who is in other tabs. */
  elsewhere(userId: UserId): PresenceName
  close(): void
}

export interface HubTabsOptions {
  readonly tab: string
  readonly clock: Clock
  /** Asked once; null where the browser has none. */
  readonly openChannel: () => TabChannel | null
  readonly onRows: () => void
  readonly onWhisper: (to: readonly UserId[], event: TransportEvent) => void
  readonly onPresence: (userIds: readonly UserId[], answer: boolean) => void
}

export function createHubTabs({ tab, clock, openChannel, onRows, onWhisper, onPresence }: HubTabsOptions): HubTabs {
  const tabs = new Map<string, { readonly users: Readonly<Record<UserId, PresenceName>>; readonly heardAt: number }>()
  let here: Readonly<Record<UserId, PresenceName>> = {}
  let stopBeat: Stop = () => {}
  let channel: TabChannel | null = null
  let stop: Stop | null = null

  function hear(news: TabNews): void {
    if (news.type === 'rows') onRows()
    else if (news.type === 'whisper') onWhisper(news.to, news.event)
    else if (news.type === 'presence') {
      const before = tabs.get(news.tab)?.users ?? {}
      if (Object.keys(news.users).length === 0) tabs.delete(news.tab)
      else tabs.set(news.tab, { users: news.users, heardAt: clock.monotonic() })
      onPresence([...new Set([...Object.keys(before), ...Object.keys(news.users)])], news.answer)
    }
  }

  function beat(): void {
    if (Object.keys(here).length > 0) post({ type: 'presence', tab, users: here, answer: false })
    for (const [other, { users, heardAt }] of [...tabs]) {
      if (clock.monotonic() - heardAt <= LEASE_MS) continue
      tabs.delete(other)
      onPresence(Object.keys(users), false)
    }
    stopBeat = clock.setTimer(beat, BEAT_MS)
  }

  const post = (news: TabNews) => channel?.post(news)
  return {
    open() {
      channel = openChannel()
      stop = channel?.subscribe((message) => hear(message as TabNews)) ?? null
      if (channel) stopBeat = clock.setTimer(beat, BEAT_MS)
    },
    tellRows: () => post({ type: 'rows' }),
    whisper: (to, event) => post({ type: 'whisper', to, event }),
    tellPresence(users, answer) {
      here = users
      post({ type: 'presence', tab, users, answer })
    },
    elsewhere: (userId) => strongest([...tabs.values()].map(({ users }) => users[userId] ?? 'offline')),
    close() {
      stopBeat()
      post({ type: 'presence', tab, users: {}, answer: false })
      stop?.()
      channel?.close()
      channel = null
    },
  }
}

/** Somebody is as present as on the device where they are most so. */
export function strongest(all: readonly PresenceName[]): PresenceName {
  return all.includes('online') ? 'online' : all.includes('unavailable') ? 'unavailable' : 'offline'
}

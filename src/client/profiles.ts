import type { UserId, UserProfile } from '../model/index.js'
import type { ChatStore } from '../store/chatStore.js'
import type { Directory } from './chatClient.js'

export interface Profiles {
  getProfile(userId: UserId): UserProfile
  searchPeople(text: string): Promise<readonly UserProfile[] | null>
}

/** Names and pictures, asked for together and once; unknown people show their id. */
export function createProfiles(store: ChatStore, directory: Directory | undefined, onError: (cause: unknown) => void): Profiles {
  const unknown = new Map<UserId, UserProfile>()
  let wanted = new Set<UserId>()

  async function ask(of: Directory): Promise<void> {
    const ids = [...wanted]
    wanted = new Set()
    keep(await of.resolve(ids))
  }

  function keep(found: readonly UserProfile[]): void {
    store.setState(({ profiles }) => ({ profiles: new Map([...profiles, ...found.map((profile) => [profile.userId, profile] as const)]) }))
  }

  function getProfile(userId: UserId): UserProfile {
    const known = store.getState().profiles.get(userId) ?? unknown.get(userId)
    if (known) return known
    const placeholder: UserProfile = { userId }
    unknown.set(userId, placeholder)
    if (directory) {
      if (wanted.size === 0) queueMicrotask(() => ask(directory).catch(onError))
      wanted.add(userId)
    }
    return placeholder
  }

  return {
    getProfile,
    async searchPeople(text) {
      if (directory?.search === undefined) return null
      const found = await directory.search(text)
      keep(found)
      return found
    },
  }
}

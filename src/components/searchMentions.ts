/** Whom "@" may mean in a group: its members now, by name. */
import type { ChatClient } from '../client/chatClient.js'
import type { Member, UserId, UserProfile } from '../model/index.js'
import { nameOf } from '../react/parts.js'
import { isMeant } from './mentions.js'

/** Names that the directory has not given by then are ids, milliseconds. */
const NAMES_WAIT_MS = 600
/** In a group of so many the app's search is asked, where it has one: the names of all members are not fetched for one mention. */
const SEARCHED_FROM = 100

export async function searchMentions(client: ChatClient, members: readonly Member[], typed: string): Promise<readonly UserProfile[]> {
  const others = members.filter(({ userId, intervals }) => userId !== client.userId && (intervals.at(-1)?.leftAt ?? null) === null).map(({ userId }) => userId)
  const words = typed.trim()
  const found = others.length >= SEARCHED_FROM && words !== '' ? await client.searchPeople(words) : null
  if (found !== null) {
    const present = new Set(others)
    return found.filter(({ userId }) => present.has(userId))
  }
  // Before anything is typed a few are enough.
  const asked = words === '' ? others.slice(0, SEARCHED_FROM) : others
  return (await namedPeople(client, asked)).filter((person) => isMeant(typed, nameOf(person), person.userId))
}

/** Profiles of all of them, sorted by name; asks the directory for those it has not met and waits a moment. */
async function namedPeople(client: ChatClient, ids: readonly UserId[]): Promise<readonly UserProfile[]> {
  const look = () => ids.map((id) => client.getProfile(id))
  const isNamed = ({ name }: UserProfile) => name !== undefined
  if (!look().every(isNamed)) {
    await new Promise<void>((resolve) => {
      const done = () => {
        stop()
        cancel()
        resolve()
      }
      const stop = client.subscribe(() => look().every(isNamed) && done())
      const cancel = client.ports.clock.setTimer(done, NAMES_WAIT_MS)
    })
  }
  return look().toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)))
}

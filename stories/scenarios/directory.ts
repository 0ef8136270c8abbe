import type { Directory, UserId, UserProfile } from 'readback'

const NAMES: Readonly<Record<string, string>> = { ada: 'Ada Okafor', bo: 'Bo Lindqvist' }

/** Names of the people in the scenarios; members of the busy group are named after their number. */
export const directory: Directory & { nameOf(userId: UserId): string } = {
  nameOf: (userId) => NAMES[userId] ?? userId,
  resolve: (ids) => Promise.resolve(ids.map((userId): UserProfile => ({ userId, name: NAMES[userId] ?? userId }))),
}

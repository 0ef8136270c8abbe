import type { Directory, UserId } from 'readback'

/** A directory that names people by a rule. */
export function createDirectory(nameOf: (userId: UserId) => string): Directory & { nameOf(userId: UserId): string } {
  return { nameOf, resolve: (ids) => Promise.resolve(ids.map((userId) => ({ userId, name: nameOf(userId) }))) }
}

const NAMES: Readonly<Record<string, string>> = { ada: 'Ada Okafor', bo: 'Bo Lindqvist' }

/** The two people of the flagship. */
export const directory = createDirectory((userId) => NAMES[userId] ?? userId)

/** A scene as rows of the database. */
import { NO_OWN_STATE, emptyMemberState, progressUpTo, type ChatStorage, type Conversation, type Member, type MemberState, type Message, type OwnState, type Point } from 'readback/core'
import type { Row, Scene } from '../contract'
import { OWN_TAIL, rowAt } from '../rows'

export const ID = 'bench'
/** Rows of one transaction. */
const CHUNK_ROWS = 1_000
const CURSOR_KEY = 'cursor'

export const pointAt = (index: number): Point => ({ epoch: 0, order: index + 1, id: `m${index}` })

export function messageOf(row: Row, index: number): Message {
  return { conversationId: ID, from: row.from, localId: `l${index}`, ids: [`m${index}`], at: pointAt(index), time: row.time, body: { kind: 'text', text: row.text } }
}

/** Each conversation has a database of its own: the user's id names it. */
export function userOf(scene: Scene): string {
  return `me-${scene.kind}-${scene.size}`
}

export async function seed(storage: ChatStorage, scene: Scene): Promise<void> {
  const me = userOf(scene)
  await storage.open(me)
  const mine = (row: Row): Row => (row.own ? { ...row, from: me } : row)
  for (let from = 0; from < scene.size; from += CHUNK_ROWS) {
    const rows = Array.from({ length: Math.min(CHUNK_ROWS, scene.size - from) }, (_, i) => messageOf(mine(rowAt(from + i, scene)), from + i))
    await storage.write((tx) => tx.messages.put(rows))
  }
  await storage.close()
  await seedStates(storage, scene)
}

/** Conversation, members and read states, over whatever was there. */
export async function seedStates(storage: ChatStorage, scene: Scene): Promise<void> {
  const me = userOf(scene)
  await storage.open(me)
  const members = membersOf(scene, me)
  await storage.write(async (tx) => {
    await tx.conversations.put([conversationOf(scene, me)])
    await tx.members.put(ID, members)
    await tx.readStates.put(ID, members.slice(1).map(({ userId }, i) => stateOf(userId, i, scene)))
    await tx.readStates.putOwn(ID, ownOf(scene))
    await tx.meta.put(CURSOR_KEY, '1')
  })
  await storage.close()
}

function conversationOf(scene: Scene, me: string): Conversation {
  const last = rowAt(scene.size - 1, scene)
  const lastMessage = messageOf(last.own ? { ...last, from: me } : last, scene.size - 1)
  return {
    id: ID, kind: scene.kind, title: 'A conversation', head: pointAt(scene.size - 1), lastMessage, lastActivityAt: lastMessage.time,
    unread: { count: 0, exact: true }, manualUnread: { rev: 0, on: false }, rosterComplete: true,
  }
}

function membersOf(scene: Scene, me: string): Member[] {
  const intervals = [{ joinedAt: null, leftAt: null }]
  return [me, ...Array.from({ length: scene.members - 1 }, (_, i) => `u${i}`)].map((userId) => ({ userId, role: 'member', intervals }))
}

/** Everybody has everything delivered, and has read up to somewhere before my newest messages, with as many stretches beyond as asked for. */
function stateOf(memberId: string, number: number, scene: Scene): MemberState {
  const unread = scene.kind === 'direct' ? OWN_TAIL : 2
  const readTo = scene.size - 1 - unread - scene.ranges * 3 - (scene.ranges > 0 ? number % 50 : 0)
  const ranges = Array.from({ length: scene.ranges }, (_, i) => ({ from: pointAt(readTo + 2 + i * 3), to: pointAt(readTo + 3 + i * 3) }))
  return { ...emptyMemberState(memberId), delivered: progressUpTo(pointAt(scene.size - 1)), read: { upTo: pointAt(readTo), ranges } }
}

/** I have read everything, and everybody knows. */
function ownOf(scene: Scene): OwnState {
  const all = progressUpTo(pointAt(scene.size - 1))
  const kinds = { ...NO_OWN_STATE.synced, delivered: all, read: all }
  return { ...NO_OWN_STATE, synced: kinds, wanted: kinds, acked: { published: kinds, ownDevices: kinds } }
}

/**
 * Every public operation of a client, with arguments that are good: what must settle whatever is wrong with the database.
 * The type asks for every name of `ChatClient`, so that a new one cannot be forgotten here.
 */
import { ChatError, type ChatClient, type ConversationId, type Message, type UserId } from 'readback/core'

export interface Scene {
  readonly client: ChatClient
  readonly conversationId: ConversationId
  readonly members: readonly UserId[]
  /** An accepted message of mine. */
  readonly message: Message
}

/** `pure`: answers from memory and cannot fail; `ending`: nothing works after it. */
export interface Operation {
  readonly run: (scene: Scene) => unknown
  readonly pure?: true
  readonly ending?: true
}

const FILE = new Blob(['bytes'])
const asks = (run: Operation['run']): Operation => ({ run })
const answers = (run: Operation['run']): Operation => ({ run, pure: true })
const ends = (run: Operation['run']): Operation => ({ run, ending: true })
const idOf = ({ message: { ids } }: Scene) => ids[0] ?? 'none'

async function all(lines: AsyncIterable<string>): Promise<readonly string[]> {
  const gathered: string[] = []
  for await (const line of lines) gathered.push(line)
  return gathered
}

type Methods = { [Name in keyof ChatClient]-?: ChatClient[Name] extends (...args: never[]) => unknown ? Name : never }[keyof ChatClient]

const METHODS: Readonly<Record<Methods, Operation>> = {
  getState: answers(({ client }) => client.getState()),
  getServerState: answers(({ client }) => client.getServerState()),
  subscribe: answers(({ client }) => client.subscribe(() => {})()),
  on: answers(({ client }) => client.on('state', () => {})()),
  getUploadProgress: answers(({ client, message }) => client.getUploadProgress(message)),
  setTyping: answers(({ client, conversationId }) => client.setTyping(conversationId, true)),
  getTyping: answers(({ client, conversationId }) => client.getTyping(conversationId)),
  getPresence: answers(({ client, members }) => client.getPresence(members[1]!)),
  setPresence: answers(({ client }) => client.setPresence('unavailable')),
  getProfile: answers(({ client, members }) => client.getProfile(members[1]!)),
  searchPeople: answers(({ client }) => client.searchPeople('bo')),
  messages: answers(({ client, conversationId }) => client.messages(conversationId).getSnapshot()),
  readStates: answers(({ client, conversationId, message }) => client.readStates(conversationId).getStatus(message)),
  resolveAttachment: answers(({ client }) => client.resolveAttachment({ url: 'https://files.example/1' })),
  upload: answers(({ client }) => client.upload(FILE, { signal: new AbortController().signal, onProgress: () => {} })),
  storageEstimate: answers(({ client }) => client.storageEstimate()),

  start: asks(({ client }) => client.start()),
  ensureConversation: asks(({ client, members }) => client.ensureConversation({ id: 'other', kind: 'direct', members })),
  audience: asks(({ client, message }) => client.audience(message)),
  getMembers: asks(({ client, conversationId }) => client.getMembers(conversationId)),
  getMemberStates: asks(({ client, conversationId, message }) => client.getMemberStates(conversationId, [message])),
  receiptReport: asks(({ client, message }) => client.receiptReport([message])),
  send: asks(({ client, conversationId }) => client.send(conversationId, { body: { kind: 'text', text: 'x' } })),
  retry: asks(({ client, conversationId }) => client.retry(conversationId, 'none')),
  discard: asks(({ client, conversationId }) => client.discard(conversationId, 'none')),
  recall: asks((scene) => scene.client.recall(scene.conversationId, idOf(scene))),
  edit: asks((scene) => scene.client.edit(scene.conversationId, idOf(scene), { kind: 'text', text: 'y' })),
  delete: asks((scene) => scene.client.delete(scene.conversationId, idOf(scene), { for: 'all' })),
  react: asks((scene) => scene.client.react(scene.conversationId, idOf(scene), '+', true)),
  getMessage: asks((scene) => scene.client.getMessage(scene.conversationId, idOf(scene))),
  openAt: asks(({ client, conversationId }) => client.openAt(conversationId, 'newest')),
  readers: asks(({ client, message }) => client.readers(message, { limit: 5 })),
  markRead: asks(({ client, message, members }) => client.markRead([{ ...message, from: members[1]! }])),
  markReached: asks(({ client, conversationId }) => client.markReached(conversationId)),
  markUnread: asks(({ client, conversationId }) => client.markUnread(conversationId)),
  clearUnread: asks(({ client, conversationId }) => client.clearUnread(conversationId)),
  setDraft: asks(({ client, conversationId }) => client.setDraft(conversationId, 'draft')),
  setReceipts: asks(({ client }) => client.setReceipts('private')),
  publishEarlier: asks(({ client, conversationId }) => client.publishEarlier(conversationId)),
  getUpload: asks(({ client, message }) => client.getUpload(message)),
  pruneHistory: asks(({ client, conversationId }) => client.pruneHistory(conversationId, { before: 1 })),
  exportConversation: asks(({ client, conversationId }) => all(client.exportConversation(conversationId))),
  importConversation: asks(({ client }) => client.importConversation(JSON.stringify({ readback: 1, conversation: { id: 'imported', kind: 'group' }, gaps: [] }))),
  statusRows: asks((scene) => scene.client.statusRows(idOf(scene))),
  diagnostics: asks(({ client }) => client.diagnostics()),

  stop: ends(({ client }) => client.stop()),
  dispose: ends(({ client }) => client.dispose()),
  signOut: ends(({ client }) => client.signOut({ data: 'keep' })),
}

/** By name; those that can be asked in several ways stand here several times. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...METHODS,
  'delete for me': asks((scene) => scene.client.delete(scene.conversationId, idOf(scene), { for: 'me' })),
  'send a file': asks(({ client, conversationId }) => client.send(conversationId, { body: { kind: 'file', file: { name: 'a' } }, upload: FILE })),
  'load older': asks(({ client, conversationId }) => client.messages(conversationId).loadOlder?.()),
  'load around': asks(({ client, conversationId }) => client.messages(conversationId).loadAround?.({ time: 1 })),
  'sign out and wipe': ends(({ client }) => client.signOut({ data: 'wipe' })),
}

/** `done`, a code, or what a caller could not branch on. */
export async function outcomeOf({ run }: Operation, scene: Scene, limitMs = 5_000): Promise<string> {
  const late = new Promise<string>((resolve) => void setTimeout(resolve, limitMs, 'never settled').unref())
  const settled = Promise.resolve()
    .then(() => run(scene))
    .then(() => 'done', (error: unknown) => (error instanceof ChatError ? error.code : `untyped: ${String(error)}`))
  return Promise.race([settled, late])
}

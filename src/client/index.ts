export type * from './chatClient.js'
export { createChatClient } from './createChatClient.js'
export type { StatusRow } from '../sync/statusRows.js'
export type { ImportResult } from '../sync/importing.js'

export type * from './chatClient.js'
export { createChatClient } from './createChatClient.js'

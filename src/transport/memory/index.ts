/** The embedded back end: `memoryHub()`. */
export type { BotOptions } from './bot.js'
export type { ConversationSeed } from './conversationRules.js'
export type { FaultAction, FaultPlace, FaultRule, Faults, FaultSubject } from './faults.js'
export type { Hub, HubPost, HubReceipt, HubSeed, HubState, MemoryHubOptions } from './hubTypes.js'
export { memoryHub } from './memoryHub.js'

/** What somebody who writes a transport would write again: keeping a connection, requests that fail as a transport must, server-sent events. */
export { NOTHING_DECLARED } from '../nothingDeclared.js'
export { keepConnected, type Connection, type ConnectionEnd, type KeepConnectedOptions, type KeptConnection } from '../keepConnected.js'
export { parseEvent } from '../parseEvent.js'
export { createTurns } from '../turns.js'
export { request, requestJson, type RequestOptions } from '../request.js'
export { readServerEvents, type ServerEvent } from '../serverEvents.js'

/** A transport for your own server: `websocketTransport({ url })`. */
export type { FrameProblem } from './decodeFrame.js'
export { MAX_FRAME_BYTES, PROTOCOL_VERSION } from './protocol.js'
export type { SocketConstructor, SocketLike } from './socket.js'
export { websocketTransport, type WebsocketStats, type WebsocketTransport, type WebsocketTransportOptions } from './websocketTransport.js'

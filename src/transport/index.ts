export * from './capabilities.js'
export * from './transport.js'
export * from './transportError.js'

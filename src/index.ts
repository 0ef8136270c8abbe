/** `readback`: components, hooks and the client. */
export * from './core.js'

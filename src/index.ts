/** `readback`: components, hooks and the client. */
export * from './core.js'
export * from './locales/index.js'
export * from './react/index.js'
export { useDwellRead, type DwellRead, type UseDwellReadOptions } from './react/useDwellRead.js'

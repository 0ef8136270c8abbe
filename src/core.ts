/** `readback/core`: everything that needs no React. */
export * from './model/index.js'
export * from './receipts/public.js'
export * from './reading/index.js'
export * from './storage/index.js'
export * from './transport/index.js'
export * from './client/index.js'
export * from './store/createArraySource.js'

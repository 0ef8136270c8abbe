/** `readback/testing`: what tests of apps, transports and storages need. Runner-free. */
export * from './fakeClock.js'
export * from './fakeVisibility.js'
export * from './storageCases.js'
export * from './transportCases.js'

/** `readback/testing`: what tests of apps, transports, servers and storages need. Runner-free. */
export * from './fakeClock.js'
export * from './fakeVisibility.js'
export { protocolCases } from './server/protocolCases.js'
export { serverSetup, type ServerUnderTest } from './server/serverSetup.js'
export { startTcpProxy, type Net, type NetServer, type NetSocket, type TcpProxy } from './server/tcpProxy.js'
export * from './storageCases.js'
export * from './transportCases.js'

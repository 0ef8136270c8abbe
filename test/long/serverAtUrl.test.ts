/**
 * Both suites against a server of anybody's, in any language: `READBACK_URL=ws://127.0.0.1:9000 npx vitest run --project long test/long/serverAtUrl.test.ts`.
 * `READBACK_TOKEN_COMMAND` is run with a user id after it and prints a token for them. `READBACK_CAPABILITIES` is JSON of what the server does otherwise than the
 * protocol, such as `{"typing":false,"limits":{"recallWindowMs":2000}}`. Without an address the reference server is started and tried.
 */
import { execFile } from 'node:child_process'
import net from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { WebSocket } from 'ws'
import type { TransportCapabilities } from 'readback/core'
import { protocolCases, serverSetup, transportCases, type ServerUnderTest } from 'readback/testing'
import { startServerProcess, type ServerProcess } from '../servers/serverProcess.js'
import { issueToken } from '../servers/websocketServer.mjs'

const { READBACK_URL: URL_GIVEN, READBACK_TOKEN_COMMAND, READBACK_CAPABILITIES } = process.env
const SECRET = 'only for tests'
const REPLAY_LIMIT = 120
const OWN = { recallWindowMs: 3_000, receiptWindowMs: 8_000, bodyBytes: 65_536 }
const TOKEN_COMMAND = READBACK_TOKEN_COMMAND?.split(' ')

let own: ServerProcess | null = null
beforeAll(async () => {
  if (URL_GIVEN === undefined) own = await startServerProcess('--secret', SECRET, '--replay-limit', String(REPLAY_LIMIT), '--backfill', '40', '--recall-window-ms', String(OWN.recallWindowMs), '--receipt-window-ms', String(OWN.receiptWindowMs))
}, 30_000)
afterAll(() => own?.remove())

const given: ServerUnderTest = {
  url: URL_GIVEN ?? 'ws://127.0.0.1', WebSocket, net,
  ...(TOKEN_COMMAND ? { token: async (userId: string) => (await promisify(execFile)(TOKEN_COMMAND[0]!, [...TOKEN_COMMAND.slice(1), userId])).stdout.trim() } : {}),
  ...(READBACK_CAPABILITIES ? { capabilities: JSON.parse(READBACK_CAPABILITIES) as Partial<TransportCapabilities> } : {}),
}
/** The reference server listens only when the cases are there already. */
const server: ServerUnderTest = URL_GIVEN === undefined
  ? {
    ...given, get url() { return own?.url ?? given.url },
    capabilities: { limits: OWN }, replayLimit: REPLAY_LIMIT, tokensExpire: true, token: async (userId, lifetimeMs = 3_600_000) => issueToken(SECRET, userId, Date.now() + lifetimeMs),
  }
  : given

describe(`the server at ${URL_GIVEN ?? 'an address of its own (READBACK_URL is not set: the reference server)'}`, () => {
  for (const { title, run } of [...transportCases(serverSetup(server)), ...protocolCases(server)]) it(title, run, 120_000)
})

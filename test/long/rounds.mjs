/** [A22] The suite of transports three times in a row, over memory and websocket, from Node and from Chromium. Alone: `node test/long/rounds.mjs`. */
import { fileURLToPath } from 'node:url'
import { summarise, vitest } from '../tools/run.mjs'

const ROUNDS = '3'
const FILES = ['test/transport/memory.test.ts', 'test/transport/websocketSuite.test.ts', 'test/browser/transport.test.ts', 'test/browser/transport.websocket.test.ts']

/** @returns {Promise<import('../tools/run.mjs').Outcome>} */
export async function rounds() {
  const before = process.env.READBACK_ROUNDS
  process.env.READBACK_ROUNDS ??= ROUNDS
  const outcome = await vitest(`the suite of transports, ${process.env.READBACK_ROUNDS} rounds in a row`, ['--config', 'test/long/browser.config.mjs', '--project', 'unit', '--project', 'browser', ...FILES])
  if (before === undefined) delete process.env.READBACK_ROUNDS
  return outcome
}

if (process.argv[1] === fileURLToPath(import.meta.url)) summarise([await rounds()])

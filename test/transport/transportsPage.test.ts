import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { transportCases } from 'readback/testing'
import { memoryHub } from 'readback/transport/memory'
import { websocketTransport } from 'readback/transport/websocket'
import { capabilityTable } from './capabilityTable.js'
import { capabilityUseTable, unusedCapabilities } from './capabilityUse.js'

const FILE = new URL('../../stories/docs/Transports.mdx', import.meta.url)
const USE_TABLE = /\| capability \|[\s\S]*?\n\n/
const TABLE = /\| \| memory[\s\S]*?\n\n/

it('the table of capabilities is what the transports declare (READBACK_WRITE=1 writes it)', () => {
  const table = capabilityTable({ memory: memoryHub().transport().capabilities, websocket: websocketTransport({ url: 'wss://localhost' }).capabilities })
  const page = readFileSync(FILE, 'utf8')
  if (process.env['READBACK_WRITE']) writeFileSync(FILE, page.replace(TABLE, `${table}\n\n`))
  expect(readFileSync(FILE, 'utf8').match(TABLE)?.[0].trim()).toBe(table)
})

it('the page says what the kit makes of each capability, and it reads each (READBACK_WRITE=1 writes it)', () => {
  const table = capabilityUseTable()
  const page = readFileSync(FILE, 'utf8')
  if (process.env['READBACK_WRITE']) writeFileSync(FILE, page.replace(USE_TABLE, `${table}\n\n`))
  expect(readFileSync(FILE, 'utf8').match(USE_TABLE)?.[0].trim()).toBe(table)
  expect(unusedCapabilities()).toEqual([])
})

it('the suite has at least as many cases as the page says', () => {
  const { capabilities } = memoryHub().transport()
  const said = Number(/suite of (\d+) cases/.exec(readFileSync(FILE, 'utf8'))?.[1])
  expect(transportCases({ capabilities, open: async () => { throw new Error('not run') } })).toHaveLength(said)
})

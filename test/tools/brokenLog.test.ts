import { expect, it } from 'vitest'
import { brokenWithin } from './brokenLog.mjs'

/** CRC-32C bit by bit, against the table of what is tried. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  return ~crc >>> 0
}

function record(content: string): Buffer {
  const body = Buffer.from(`\u0001${content}`)
  const head = Buffer.alloc(6)
  const crc = crc32c(body)
  head.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0, 0)
  head.writeUInt16LE(body.length - 1, 4)
  return Buffer.concat([head, body])
}

it('knows the check sum of the published example', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
})

it('a whole log is in order, and so is one whose end is broken off', () => {
  const [one, two] = [record('one'), record('second')]
  expect(brokenWithin(Buffer.concat([one, two]))).toBeNull()
  for (let cut = 1; cut < two.length; cut++) expect(brokenWithin(Buffer.concat([one, two.subarray(0, cut)])), `${cut} bytes`).toBeNull()
  // A block ends in what is too small for a head.
  const filling = record('x'.repeat(32_768 - 7 - 3))
  expect(brokenWithin(Buffer.concat([filling, Buffer.alloc(3), one]))).toBeNull()
})

it('finds the record behind whose beginning somebody went on', () => {
  const [one, two, three] = [record('one'), record('second, which is longer'), record('third')]
  expect(brokenWithin(Buffer.concat([one, two.subarray(0, 12), three, three, three]))).toEqual({ at: one.length, of: one.length + 12 + 3 * three.length })
  const flipped = Buffer.concat([one, two, three])
  flipped[one.length + 9]! ^= 1
  expect(brokenWithin(flipped)).toEqual({ at: one.length, of: flipped.length })
})

/**
 * Looks through a write-ahead log of LevelDB, in which Chromium keeps IndexedDB. A process that is killed in the middle of an append leaves a record that
 * is broken off. As the end of the file that is in order, and read as its end. But Chromium goes on in the same file when it opens it again: behind the
 * broken record then stands what cannot be told from it, and the next to open the database finds a wrong checksum and throws all of it away.
 *
 * Format: blocks of 32 KiB; a record is never across two: masked CRC-32C of what follows (4 bytes), length (2), kind (1), content. What is too small for a head ends a block.
 */
const BLOCK = 32_768
const HEAD = 7
/** From a whole record, or the first, a middle and the last part of one. */
const KINDS = new Set([1, 2, 3, 4])

/**
 * @param {Buffer} log
 * @returns {{ at: number, of: number } | null} the first record that is broken off and has more behind it, in bytes; null: there is none
 */
export function brokenWithin(log) {
  for (let at = 0; at + HEAD <= log.length; ) {
    const left = BLOCK - (at % BLOCK)
    if (left < HEAD) {
      at += left
      continue
    }
    const length = log.readUInt16LE(at + 4)
    const kind = log[at + 6]
    // Room that was made for what never came.
    if (kind === 0 && length === 0) return null
    const isWithin = HEAD + length <= left
    const end = at + HEAD + length
    // The end of the file, broken off: read as its end.
    if (KINDS.has(kind) && isWithin && end > log.length) return null
    if (!KINDS.has(kind) || !isWithin || masked(crc32c(log.subarray(at + 6, end))) !== log.readUInt32LE(at)) return { at, of: log.length }
    at = end
  }
  return null
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  return value
})

function crc32c(bytes) {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ TABLE[(crc ^ byte) & 0xff]
  return (crc ^ 0xffffffff) >>> 0
}

function masked(crc) {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

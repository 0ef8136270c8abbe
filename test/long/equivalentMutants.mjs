/** Changes that change nothing anybody could notice, each with the reason. `code`: a part of the line that only it has. */

/** @type {readonly { file: string, code: string, from: string, to: string, why: string }[]} */
export const equivalents = [
  { file: 'src/receipts/archive.ts', code: 'Math.ceil(roster.length / 8)', from: '/', to: '*', why: 'bytes of nobody at the end are cut off' },
  { file: 'src/receipts/archive.ts', code: 'index < joined.length', from: '<', to: '<=', why: 'what is written behind the end of bytes is not there' },
]

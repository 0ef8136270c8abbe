/** A thousand generated cases of each kind of bad text, address, id and size. */
process.env['READBACK_CASES'] = '1000'
await import('../components/badInput.test.js')

export {}

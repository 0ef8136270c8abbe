// @vitest-environment jsdom
/** A thousand apps that throw somewhere. */
process.env['READBACK_CASES'] = '1000'
await import('../components/hostThrows.test.js')

export {}

/** A hundred thousand JSONs. */
process.env['READBACK_JSONS'] = '100000'
await import('../security/prototypes.test.js')

export {}

/** A thousand generated cases of each kind of bad text, address, id and size, of what wires bring and how they break, and of what hosts set and answer. */
process.env['READBACK_CASES'] = '1000'
process.env['READBACK_FLOOD'] = '100000'
await import('../components/badInput.test.js')
await import('../sync/badReceipts.test.js')
await import('../sync/strangeReceipts.test.js')
await import('../sync/missingNumbers.test.js')
await import('../sync/badEvents.test.js')
await import('../sync/badObjects.test.js')
await import('../sync/badSizes.test.js')
await import('../receipts/badPolicy.test.js')
await import('../reading/badHosts.test.js')
await import('../client/brokenWires.test.js')
await import('../store/createArraySource.test.js')

export {}

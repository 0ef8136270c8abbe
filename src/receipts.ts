/** `readback/receipts`: the rules of read states alone, without React, client or storage: for a back end, a report, a bot. */
export * from './model/index.js'
export * from './receipts/index.js'

/**
 * What a window needs with its first messages and not before: what draws attachments, quotes, reactions and what is marked in a text, watches whether rows
 * are seen (nobody has read one in its first moment), says aloud what comes, and shows who is told. Fetched beside the engine, which every message waits for.
 */
export { announceFor } from './announcing.js'
export { ReceiptsIndicator } from './ReceiptsIndicator.js'
export { rowParts } from './rowParts.js'
export { createRowWatch } from './rowWatch.js'

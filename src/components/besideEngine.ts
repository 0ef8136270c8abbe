/**
 * What a window needs with its first messages and not before: what draws attachments, watches whether rows are seen (nobody has read one in its
 * first moment) and says aloud what comes. Fetched beside the engine, which every message waits for.
 */
export { announceFor } from './announcing.js'
export { FileBody } from './FileBody.js'
export { ImageBody } from './ImageBody.js'
export { createRowWatch } from './rowWatch.js'
export { VideoBody } from './VideoBody.js'
export { VoiceBody } from './VoiceBody.js'

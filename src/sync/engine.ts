/**
 * Everything that works on the database and the wire, in one piece that is loaded when a client starts:
 * a page that only shows what it has does not wait for it.
 */
export { computeShown } from '../store/computeShown.js'
export { enqueueAction } from './actions.js'
export { storeDraft } from './drafts.js'
export { discardSend, enqueueSend, retrySend } from './enqueue.js'
export { storeEnsured } from './ensure.js'
export { hideMessage } from './hiding.js'
export { hydrate } from './hydrate.js'
export { createReaderFetch, type ReaderFetch } from './fetchReaders.js'
export { createMarker, evictedError } from './marker.js'
export { mergeRemembered } from './mergeRemembered.js'
export { pruneBatch } from './pruning.js'
export { DEFAULT_VISIBILITY } from './queueReport.js'
export { clearUnread, markReached, markRead } from './reading.js'
export { listAudience, listReaders } from './readers.js'
export { publishEarlier, setReceipts } from './receiptSettings.js'
export { startSession } from './session.js'
export { statusRows } from './statusRows.js'
export { exportLines, importLines } from './transfer.js'
export { createWindowLoader } from './windowLoader.js'

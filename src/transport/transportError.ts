import { ChatError, type ChatErrorCode } from '../model/index.js'

/**
 * Reasons a wire refuses or fails; each transport maps its own codes onto these.
 *
 * Not decided, tried again: `offline`, `timeout`, `aborted`, `server`, `rateLimited`, `unknown`, `badAnswer`.
 * Refused for good: `unauthorized`, `forbidden` (not a member, not the author), `notFound`, `invalid`, `tooLarge`, `recallTooLate`,
 * `receiptBeyondHead`, `receiptExpired` (past `limits.receiptWindowMs`; own devices are still told), `connected` (already), `closed`. Each after `transport/`. `stored` and `retry` decide, not the code.
 * @public
 */
export type TransportErrorCode = Extract<ChatErrorCode, `transport/${string}`>

/** @public */
export interface TransportErrorOptions {
  /** Whether the back end has what was sent: `maybe` whenever an answer could have been lost. */
  readonly stored: 'no' | 'maybe'
  /** Whether the same call can succeed later, and when the back end said so. */
  readonly retry: 'no' | 'yes' | { readonly afterMs: number }
  readonly cause?: unknown
}

/**
 * How every transport fails. The core reads `stored` and `retry`, never the text:
 * only `stored: 'no'` with `retry: 'no'` becomes a failed message.
 * @public
 */
export class TransportError extends ChatError {
  readonly stored: 'no' | 'maybe'
  readonly retry: 'no' | 'yes' | { readonly afterMs: number }

  constructor(code: TransportErrorCode, message: string, options: TransportErrorOptions) {
    super(code, message, { retryable: options.retry !== 'no', cause: options.cause })
    this.stored = options.stored
    this.retry = options.retry
  }
}

/** What went wrong, as `area/reason`. Callers branch on this, never on the text. @public */
export type ChatErrorCode = `${'client' | 'storage' | 'transport' | 'outbox' | 'receipt' | 'policy' | 'message' | 'part' | 'source' | 'attachment'}/${string}`

/**
 * The one error class of the kit. The text says what happened, why it matters and what to do.
 * @public
 */
export class ChatError extends Error {
  override readonly name = 'ChatError'
  /** Whether trying the same thing again can succeed. */
  readonly retryable: boolean
  readonly code: ChatErrorCode

  constructor(code: ChatErrorCode, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retryable = options.retryable ?? false
  }
}

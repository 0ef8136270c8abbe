import { TransportError, type TransportErrorCode } from './transportError.js'

/** The back end looked at it and said no: nothing was stored, and the same call will fail again. */
export function refusal(code: TransportErrorCode, message: string): TransportError {
  return new TransportError(code, message, { stored: 'no', retry: 'no' })
}

/** It never left the device. */
export function notSent(message: string): TransportError {
  return new TransportError('transport/offline', message, { stored: 'no', retry: 'yes' })
}

/** It left, and no answer came: the back end may have it. */
export function undecided(code: TransportErrorCode, message: string): TransportError {
  return new TransportError(code, message, { stored: 'maybe', retry: 'yes' })
}

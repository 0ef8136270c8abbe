import type { MessageBody } from '../../model/index.js'

/** A string is a text. */
export function toBody(body: MessageBody | string): MessageBody {
  return typeof body === 'string' ? { kind: 'text', text: body } : body
}

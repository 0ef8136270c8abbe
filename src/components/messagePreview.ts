import type { Locale } from '../locales/locale.js'
import type { Message } from '../model/index.js'

/** A preview needs no more; the rest is cut by the row's width. */
const PREVIEW_CHARS = 200

/** A message in one line of plain text. */
export function messagePreview(message: Message, own: boolean, name: string, { messages }: Locale): string {
  if (message.recalledAt !== undefined) return own ? messages.recalledByYou : messages.recalledBy(name)
  if (message.deletedAt !== undefined) return messages.deleted
  const { body } = message
  switch (body.kind) {
    case 'text':
    case 'system':
      return oneLine(body.text)
    case 'custom':
      return oneLine(body.fallback ?? messages.unsupportedMessage)
    case 'file':
      return oneLine(body.file.name ?? messages.file)
    case 'image':
    case 'video':
    case 'voice':
      return messages[body.kind]
    default:
      return messages.unsupportedMessage
  }
}

function oneLine(text: string): string {
  return text.slice(0, PREVIEW_CHARS).replace(/\s+/gu, ' ').trim()
}

import { ChatError } from '../model/index.js'

export function noUploads(): ChatError {
  return new ChatError('client/noUploads', 'This client has nowhere to put files: it was given no attachments, and its wire takes none. Nothing was uploaded. Pass createChatClient({ attachments }).')
}

/** The body that stands for a file which is not uploaded yet. */
import type { MessageBody } from '../model/index.js'
import { isPicture } from './composerFiles.js'
import { measureImage } from './measureImage.js'

export async function bodyOfFile(file: File): Promise<MessageBody> {
  const named = { name: file.name, ...(file.type === '' ? {} : { mime: file.type }), sizeBytes: file.size }
  if (!isPicture(file)) return { kind: 'file', file: named }
  // Measured now, so that its box has its shape from the first frame on everybody's screen.
  return { kind: 'image', file: named, ...(await measureImage(file)) }
}

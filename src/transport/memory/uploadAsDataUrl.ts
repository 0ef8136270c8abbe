import type { Attachment } from '../../model/index.js'
import { refusal } from '../refusal.js'

/** Largest file that the hub takes, bytes: it rides within the message. */
export const MAX_FILE_BYTES = 5 * 1024 * 1024

const CHUNK_BYTES = 0x8000

/** The hub has no file server: a file becomes a data URL, which survives a reload as the message does. */
export async function uploadAsDataUrl(file: Blob & { readonly name?: string }, { signal, onProgress }: { signal: AbortSignal; onProgress(fraction: number): void }): Promise<Attachment> {
  if (file.size > MAX_FILE_BYTES) {
    throw refusal('transport/tooLarge', `The file is ${file.size} bytes and the memory hub takes ${MAX_FILE_BYTES}. It was not stored. Give the client an attachments port that puts files where they belong.`)
  }
  const bytes = new Uint8Array(await file.arrayBuffer())
  if (signal.aborted) throw refusal('transport/aborted', 'The upload was given up; nothing was stored.')
  let binary = ''
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES) binary += String.fromCharCode(...bytes.subarray(from, from + CHUNK_BYTES))
  onProgress(1)
  const mime = file.type || 'application/octet-stream'
  return { url: `data:${mime};base64,${btoa(binary)}`, mime, sizeBytes: file.size, ...(file.name === undefined ? {} : { name: file.name }) }
}

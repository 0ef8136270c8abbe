/** Files that wait in a composer. Pure apart from `File` itself. */

/** More at once is a mistake of the hand, not a message. */
export const MAX_FILES = 20

/** A file with a key of its own: two files may be alike in everything. */
export interface HeldFile {
  readonly key: number
  readonly file: File
}

let lastKey = 0

/** Adds what there is room for. */
export function addFiles(held: readonly HeldFile[], files: readonly File[]): readonly HeldFile[] {
  const room = MAX_FILES - held.length
  if (room <= 0 || files.length === 0) return held
  return [...held, ...files.slice(0, room).map((file) => ({ key: (lastKey += 1), file }))]
}

/** Kinds that every browser draws; SVG may carry scripts and is a file here. */
const DRAWN = /^image\/(png|jpe?g|gif|webp|avif|bmp)$/i

export const isPicture = (file: Blob): boolean => DRAWN.test(file.type)

/** What was pasted or dropped. Text that a browser offers as a picture too (a spreadsheet's cells) stays text. */
export function filesIn(transfer: DataTransfer | null): readonly File[] {
  if (transfer === null) return []
  const hasText = transfer.types.includes('text/plain') || transfer.types.includes('text/rtf')
  const files = [...transfer.files]
  return hasText && files.every(isPicture) ? [] : files
}

export const carriesFiles = (transfer: DataTransfer | null): boolean => transfer?.types.includes('Files') ?? false

'use client'
import { memo, useEffect, useState } from 'react'
import { isolate } from '../locales/isolate.js'
import { useLocale } from '../react/localeContext.js'
import { isPicture, type HeldFile } from './composerFiles.js'
import { FileGlyph } from './FileGlyph.js'
import { closeGlyph } from './menuGlyphs.js'

export interface FilePreviewsProps {
  readonly files: readonly HeldFile[]
  readonly onRemove: (file: HeldFile) => void
}

/** What will be sent along: pictures as pictures, the rest by name and size. */
export function FilePreviews({ files, onRemove }: FilePreviewsProps) {
  const { messages } = useLocale()
  return (
    <ul className="rb-files" aria-label={messages.attachedFiles}>
      {files.map((held) => (
        <FilePreview key={held.key} held={held} onRemove={onRemove} />
      ))}
    </ul>
  )
}

const FilePreview = memo(function FilePreview({ held, onRemove }: { held: HeldFile; onRemove: (file: HeldFile) => void }) {
  const { messages, formatters } = useLocale()
  const { file } = held
  const url = useObjectUrl(file)
  const name = file.name || messages.file
  return (
    <li className="rb-file-preview" data-picture={url !== null || undefined}>
      {url === null ? (
        <>
          <FileGlyph />
          <span className="rb-file-words">
            <bdi className="rb-file-name">{name}</bdi>
            <bdi className="rb-file-size">{formatters.bytes(file.size)}</bdi>
          </span>
        </>
      ) : (
        <img src={url} alt={name} title={name} draggable={false} />
      )}
      <button type="button" className="rb-icon-button rb-file-remove" aria-label={messages.removeFile(isolate(name))} title={messages.removeFile(name)} onClick={() => onRemove(held)}>
        {closeGlyph}
      </button>
    </li>
  )
})

/** An address for a picture, given back when the preview goes. */
function useObjectUrl(file: File): string | null {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    if (!isPicture(file) || typeof URL.createObjectURL !== 'function') return
    const made = URL.createObjectURL(file)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [file])
  return url
}

'use client'
import { isolate } from '../locales/isolate.js'
import { useLocale } from '../react/localeContext.js'
import { closeGlyph, menuGlyphs } from './menuGlyphs.js'
import type { Upload, Uploads } from './useUploads.js'

/** What is on its way: how far, and what stopped it. Above the composer, gone when all of it was sent. */
export function UploadTray({ uploads: { list, retry, cancel } }: { uploads: Uploads }) {
  const { messages } = useLocale()
  return (
    <ul className="rb-uploads" aria-label={messages.attachedFiles}>
      {list.map((upload) => (
        <UploadLine key={upload.key} upload={upload} onRetry={() => retry(upload)} onCancel={() => cancel(upload)} />
      ))}
    </ul>
  )
}

function UploadLine({ upload: { file, fraction, failure }, onRetry, onCancel }: { upload: Upload; onRetry: () => void; onCancel: () => void }) {
  const { messages } = useLocale()
  const name = file.name || messages.file
  return (
    <li className="rb-upload" data-failed={failure === null ? undefined : ''}>
      <span className="rb-upload-words">
        <bdi className="rb-file-name">{name}</bdi>
        {failure === null ? (
          <span className="rb-upload-bar" role="progressbar" aria-label={isolate(name)} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.floor(fraction * 100)} aria-valuetext={messages.uploading(fraction)}>
            <span style={{ inlineSize: `${fraction * 100}%` }} />
          </span>
        ) : (
          <span className="rb-composer-note" role="alert">{failure}</span>
        )}
      </span>
      {failure !== null && (
        <button type="button" className="rb-icon-button" aria-label={messages.retry} title={messages.retry} onClick={onRetry}>
          {menuGlyphs.retry}
        </button>
      )}
      <button type="button" className="rb-icon-button" aria-label={messages.removeFile(isolate(name))} title={messages.cancel} onClick={onCancel}>
        {closeGlyph}
      </button>
    </li>
  )
}

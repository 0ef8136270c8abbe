'use client'
import type { ReactNode } from 'react'
import { mediaBox } from './mediaBox.js'

interface MediaFrameProps {
  readonly widthPx: number | undefined
  readonly heightPx: number | undefined
  /** What is to be in it is still looked for: nobody has seen it. */
  readonly busy: boolean
  readonly children: ReactNode
}

/** The box of a picture before it loads. Sized by an empty drawing: its attributes hold under every policy, where a style of the server would be refused. */
export function MediaFrame({ widthPx, heightPx, busy, children }: MediaFrameProps) {
  const box = mediaBox(widthPx, heightPx)
  return (
    <div className="rb-media" aria-busy={busy || undefined}>
      <svg className="rb-media-size" width={box.widthPx} height={box.heightPx} viewBox={`0 0 ${box.widthPx} ${box.heightPx}`} aria-hidden="true" />
      {children}
    </div>
  )
}

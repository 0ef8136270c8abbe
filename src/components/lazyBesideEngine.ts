'use client'
/** Parts of a window that come beside the engine. */
import { useContext } from 'react'
import { lazyModule } from './lazyModule.js'
import { lazyPart } from './lazyPart.js'
import { RowPartsContext, type RowParts } from './rowPartsContext.js'

export const besideEngine = lazyModule(() => import('./besideEngine.js'))

const pick = <Name extends keyof RowParts>(name: Name) => ({ rowParts }: { readonly rowParts: RowParts }) => rowParts[name]

const LAZY_ROW_PARTS: RowParts = {
  FileBody: lazyPart(besideEngine, pick('FileBody')),
  ImageBody: lazyPart(besideEngine, pick('ImageBody')),
  QuoteBlock: lazyPart(besideEngine, pick('QuoteBlock')),
  ReactionBar: lazyPart(besideEngine, pick('ReactionBar')),
  // The words are there before what is marked in them.
  RichText: lazyPart(besideEngine, pick('RichText'), 0, ({ text }) => text),
  VideoBody: lazyPart(besideEngine, pick('VideoBody')),
  VoiceBody: lazyPart(besideEngine, pick('VoiceBody')),
}

export const LazyReceiptsIndicator = lazyPart(besideEngine, ({ ReceiptsIndicator }) => ReceiptsIndicator)

/** Those around this row, else those that come. */
export function useRowParts(): RowParts {
  return useContext(RowPartsContext) ?? LAZY_ROW_PARTS
}

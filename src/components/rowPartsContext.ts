'use client'
import { createContext, type ComponentType } from 'react'
import type { MessageBodyProps } from '../react/parts.js'
import type { QuoteBlockProps } from './QuoteBlock.js'
import type { ReactionBarProps } from './ReactionBar.js'
import type { RichTextProps } from './RichText.js'

/** What is drawn within a row, apart from its frame. */
export interface RowParts {
  readonly FileBody: ComponentType<MessageBodyProps<'file'>>
  readonly ImageBody: ComponentType<MessageBodyProps<'image'>>
  readonly QuoteBlock: ComponentType<QuoteBlockProps>
  readonly ReactionBar: ComponentType<ReactionBarProps>
  readonly RichText: ComponentType<RichTextProps>
  readonly VideoBody: ComponentType<MessageBodyProps<'video'>>
  readonly VoiceBody: ComponentType<MessageBodyProps<'voice'>>
}

/** Null in a window, whose messages wait for the engine in any case, until these have come beside it. */
export const RowPartsContext = createContext<RowParts | null>(null)
RowPartsContext.displayName = 'RowPartsContext'

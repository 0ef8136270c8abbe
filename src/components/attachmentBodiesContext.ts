'use client'
import { createContext, type ComponentType } from 'react'
import type { MessageBodyProps } from '../react/parts.js'

export interface AttachmentBodies {
  readonly FileBody: ComponentType<MessageBodyProps<'file'>>
  readonly ImageBody: ComponentType<MessageBodyProps<'image'>>
  readonly VideoBody: ComponentType<MessageBodyProps<'video'>>
  readonly VoiceBody: ComponentType<MessageBodyProps<'voice'>>
}

/** Null in a window, whose messages wait for the engine in any case: these come beside it. */
export const AttachmentBodiesContext = createContext<AttachmentBodies | null>(null)
AttachmentBodiesContext.displayName = 'AttachmentBodiesContext'

'use client'
import { createContext } from 'react'
import type { TextFormat } from '../model/richText.js'

/** How the words of messages are formatted here. `<ChatProvider textFormat>` sets it. */
export const TextFormatContext = createContext<TextFormat>('code')
TextFormatContext.displayName = 'TextFormatContext'

/** What is drawn within a row, where it is to be there at once. */
import { FileBody } from './FileBody.js'
import { ImageBody } from './ImageBody.js'
import { QuoteBlock } from './QuoteBlock.js'
import { ReactionBar } from './ReactionBar.js'
import { RichText } from './RichText.js'
import type { RowParts } from './rowPartsContext.js'
import { VideoBody } from './VideoBody.js'
import { VoiceBody } from './VoiceBody.js'

export const rowParts: RowParts = { FileBody, ImageBody, QuoteBlock, ReactionBar, RichText, VideoBody, VoiceBody }

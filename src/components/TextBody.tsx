'use client'
import type { MessageBodyProps } from '../react/parts.js'
import { RichText } from './RichText.js'
import { TextWords } from './TextWords.js'

/**
 * The words of a message: as they were typed, in their own direction, with links that cannot deceive, and code between backticks.
 * A very long text is shown shortened until asked for.
 * @public
 */
export function TextBody(props: MessageBodyProps<'text'>) {
  return <TextWords {...props} RichText={RichText} />
}

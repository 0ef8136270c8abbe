'use client'
import { Fragment, memo, useContext, useMemo, useState, type ReactNode } from 'react'
import { clampText } from '../model/clampText.js'
import type { Mention, UserId } from '../model/index.js'
import { richText, type TextRun } from '../model/richText.js'
import { useViewer } from '../react/listContext.js'
import { useLocale } from '../react/localeContext.js'
import type { MessageBodyProps } from '../react/parts.js'
import { TextFormatContext } from '../react/textFormatContext.js'
import { flag } from './classNames.js'

/** One to three emoji and nothing else are shown large. */
const ONLY_EMOJI = /^(?:\p{RI}\p{RI}|\p{Emoji_Presentation}\p{EMod}?\uFE0F?(?:\u200D\p{Emoji}\uFE0F?\p{EMod}?)*|\p{Extended_Pictographic}\uFE0F(?:\u200D\p{Emoji}\uFE0F?)*){1,3}$/u
const MAX_EMOJI_CHARS = 40

/**
 * The words of a message: as they were typed, in their own direction, with links that cannot deceive, and code between backticks.
 * A very long text is shown shortened until asked for.
 * @public
 */
export function TextBody({ body, meta, onLinkClick }: MessageBodyProps<'text'>) {
  const [whole, setWhole] = useState(false)
  const { messages } = useLocale()
  const beginning = useMemo(() => clampText(body.text), [body.text])
  const shown = whole ? body.text : beginning
  const shortened = beginning !== body.text
  return (
    <>
      <div className="rb-text" dir="auto" data-emoji={flag(body.text.length <= MAX_EMOJI_CHARS && ONLY_EMOJI.test(body.text))}>
        <LinkedText text={shown} mentions={body.mentions} onLinkClick={onLinkClick} />
        {shortened && !whole && '…'}
        {meta}
      </div>
      {shortened && (
        <button type="button" className="rb-text-button" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? messages.showLess : messages.showMore}
        </button>
      )}
    </>
  )
}

interface LinkedTextProps {
  readonly text: string
  readonly mentions: readonly Mention[] | undefined
  readonly onLinkClick: MessageBodyProps['onLinkClick'] | undefined
}

/** Text with its links, whom it names, its code, and what else the app lets it mark. Never interpreted as markup. */
const LinkedText = memo(function LinkedText({ text, mentions, onLinkClick }: LinkedTextProps) {
  const viewer = useViewer()
  const format = useContext(TextFormatContext)
  const runs = useMemo(() => richText(text, format, mentions), [text, format, mentions])
  const [only] = runs
  if (only !== undefined && runs.length === 1) return drawn(only, viewer, onLinkClick)
  // oxlint-disable-next-line react/no-array-index-key -- stretches of a text have no identity beyond their place
  return runs.map((run, index) => <Fragment key={index}>{drawn(run, viewer, onLinkClick)}</Fragment>)
})

function drawn(run: TextRun, viewer: UserId | undefined, onLinkClick: LinkedTextProps['onLinkClick']): ReactNode {
  if (run.kind === 'code') return <code className="rb-code" dir="ltr">{run.text}</code>
  if (run.kind === 'block') {
    return (
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- long lines scroll, by keys too
      <pre className="rb-code-block" dir="ltr" tabIndex={0}>
        <code>{run.text}</code>
      </pre>
    )
  }
  const words =
    run.kind === 'text' ? (
      run.text
    ) : run.kind === 'mention' ? (
      <bdi className="rb-named" data-me={flag(run.userId === viewer)}>{run.text}</bdi>
    ) : (
      <a className="rb-link" href={run.href} dir="ltr" target="_blank" rel="noopener noreferrer" onClick={onLinkClick && ((event) => onLinkClick(event, run.href))}>
        {run.text}
      </a>
    )
  if (!run.bold && !run.italic && !run.struck) return words
  const italic = run.italic ? <em>{words}</em> : words
  const struck = run.struck ? <s>{italic}</s> : italic
  return run.bold ? <strong>{struck}</strong> : struck
}

'use client'
import { Fragment, memo, useContext, useMemo, type ReactNode } from 'react'
import type { Mention, UserId } from '../model/index.js'
import { richText, type TextRun } from '../model/richText.js'
import { useViewer } from '../react/listContext.js'
import type { MessageBodyProps } from '../react/parts.js'
import { TextFormatContext } from '../react/textFormatContext.js'
import { flag } from './classNames.js'

export interface RichTextProps {
  readonly text: string
  readonly mentions: readonly Mention[] | undefined
  readonly onLinkClick: MessageBodyProps['onLinkClick'] | undefined
}

/** Text with its links, whom it names, its code, and what else the app lets it mark. Never interpreted as markup. */
export const RichText = memo(function RichText({ text, mentions, onLinkClick }: RichTextProps) {
  const viewer = useViewer()
  const format = useContext(TextFormatContext)
  const runs = useMemo(() => richText(text, format, mentions), [text, format, mentions])
  const [only] = runs
  if (only !== undefined && runs.length === 1) return drawn(only, viewer, onLinkClick)
  // oxlint-disable-next-line react/no-array-index-key -- stretches of a text have no identity beyond their place
  return runs.map((run, index) => <Fragment key={index}>{drawn(run, viewer, onLinkClick)}</Fragment>)
})

function drawn(run: TextRun, viewer: UserId | undefined, onLinkClick: RichTextProps['onLinkClick']): ReactNode {
  if (run.kind === 'code') return <code className="rb-code" dir="ltr">{run.text}</code>
  if (run.kind === 'block') {
    return (
      <pre className="rb-code-block" dir="ltr">
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

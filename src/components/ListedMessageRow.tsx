'use client'
import type { MessageRowProps } from '../react/parts.js'
import { BROKEN, BubbleRow } from './BubbleRow.js'
import { classNames } from './classNames.js'
import { isNotice } from './isNotice.js'
import { NoticeRow } from './NoticeRow.js'
import { RowBoundary } from './RowBoundary.js'

/** A message in a list, which keeps its rows from rendering itself and wants no ref. */
export function ListedMessageRow(props: MessageRowProps) {
  return containedRow(props, null)
}

/** What throws inside is contained in the row. */
export function containedRow(props: MessageRowProps, ref: React.ForwardedRef<HTMLDivElement>) {
  return (
    <RowBoundary resetKey={props.message} fallback={<BrokenRow {...props} innerRef={ref} />}>
      <NoticeOrBubble {...props} innerRef={ref} />
    </RowBoundary>
  )
}

interface InnerProps extends MessageRowProps {
  readonly innerRef: React.ForwardedRef<HTMLDivElement>
}

function BrokenRow({ own, className, innerRef }: InnerProps) {
  return (
    <div ref={innerRef} role="article" className={classNames('rb-row', className)} data-direction={own ? 'own' : 'other'} data-kind="broken">
      <div className="rb-bubble">{BROKEN}</div>
    </div>
  )
}

/** Within the boundary, because a malformed message throws here already. */
function NoticeOrBubble(props: InnerProps) {
  return isNotice(props.message) ? <NoticeRow {...props} /> : <BubbleRow {...props} />
}

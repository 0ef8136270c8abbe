'use client'
import { forwardRef, type Ref } from 'react'
import type { ReadBadgeProps } from '../react/parts.js'
import { useReceiptPresentation } from '../react/receiptContext.js'
import { classNames } from './classNames.js'

export type { ReadBadgeProps }

/**
 * How many of a group read a message: "All read", "3 read", "Not read yet".
 * Pure: needs no provider. A slot of fixed size (`--rb-badge-size`); untracked, or with nobody to read it, it stays empty.
 * With `onOpen` it is a button.
 * @public
 */
export const ReadBadge = forwardRef<HTMLElement, ReadBadgeProps>(function ReadBadge({ read: counted, total, tracked = true, onOpen, className, ...rest }, ref) {
  const { badge } = useReceiptPresentation()
  const read = Math.max(0, Math.min(counted, total)) || 0
  const state = stateOf(read, total, tracked)
  const text = { untracked: '', all: badge.all, some: badge.some(read, total), nobody: badge.nobody }[state]
  const long = state === 'untracked' ? undefined : badge.long(read, total)
  const given = { title: long, ...rest, className: classNames('rb-badge', className), 'data-read': state }
  const content = long !== undefined && (
    <>
      <bdi aria-hidden="true">{text}</bdi>
      <span className="rb-sr">{long}</span>
    </>
  )
  if (onOpen !== undefined && state !== 'untracked') return <button ref={ref as Ref<HTMLButtonElement>} type="button" aria-haspopup="dialog" {...given} onClick={onOpen}>{content}</button>
  return <span ref={ref} {...given}>{content}</span>
})

function stateOf(read: number, total: number, tracked: boolean): 'untracked' | 'all' | 'some' | 'nobody' {
  if (!tracked || !(total > 0)) return 'untracked'
  if (read >= total) return 'all'
  return read > 0 ? 'some' : 'nobody'
}

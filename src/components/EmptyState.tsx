'use client'
import { forwardRef } from 'react'
import type { EmptyStateProps } from '../react/parts.js'
import { classNames } from './classNames.js'

export type { EmptyStateProps }

/** What is shown where there is nothing to show, and why. @public */
export const EmptyState = forwardRef<HTMLDivElement, EmptyStateProps>(function EmptyState({ title, hint, className, ...rest }, ref) {
  return (
    <div ref={ref} {...rest} className={classNames('rb-empty', className)}>
      <svg className="rb-empty-art" viewBox="0 0 64 48" width="64" height="48" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
        <path d="M10 6h28a7 7 0 0 1 7 7v9a7 7 0 0 1-7 7H20l-9 7v-7h-1a7 7 0 0 1-7-7v-9a7 7 0 0 1 7-7" />
        <path d="M51 17h3a7 7 0 0 1 7 7v7a7 7 0 0 1-7 7h-1v6l-8-6H33" opacity=".5" />
        <path d="m15 17.5 4.5 4.5L29 12.5M27 20.7l1.3 1.3L37.5 12.5" />
      </svg>
      <p className="rb-empty-title">{title}</p>
      {hint !== undefined && <p className="rb-empty-hint">{hint}</p>}
    </div>
  )
})

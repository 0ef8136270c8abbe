import { memo } from 'react'
import '../../page/floor/floor.css'

/** The floor's own row, so that lists are compared and not rows. */
export const Bubble = memo(function Bubble({ row }) {
  return (
    <div className="message" data-own={row.own} data-read={row.read}>
      <span>{row.text}</span> <time>{new Date(row.time).toISOString().slice(11, 16)}</time> {row.own && <i>{row.read ? '✓✓' : '✓'}</i>} {row.own && <b>{row.readers}</b>}
    </div>
  )
})

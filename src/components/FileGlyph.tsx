/** Stands for a file that has no picture. */
export function FileGlyph() {
  return (
    <span className="rb-file-icon" aria-hidden="true">
      <svg viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" strokeLinecap="round">
        <path d="M5 2.75h6.5L15.25 6.5v10.75H5zM11.25 3v3.75H15M7.75 10.5h4.75M7.75 13.5h4.75" />
      </svg>
    </span>
  )
}

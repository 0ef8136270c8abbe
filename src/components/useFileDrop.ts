/** Files dropped anywhere in the window around a composer. */
import { useEffect, useRef, useState, type RefObject } from 'react'
import { laterParts } from './lazyParts.js'
import { useLazyModule } from './useLazyModule.js'

/** Nobody drags a file so soon, milliseconds. */
const REST_MS = 500

/** Whether files are held over the window now. */
export function useFileDrop(composer: RefObject<HTMLElement | null>, enabled: boolean, onFiles: (files: readonly File[]) => void): boolean {
  const [over, setOver] = useState(false)
  const tell = useRef(onFiles)
  tell.current = onFiles
  const later = useLazyModule(laterParts, enabled, REST_MS)
  useEffect(() => {
    const area = composer.current?.closest<HTMLElement>('.rb-window') ?? composer.current
    if (area !== null && enabled) return later?.watchFileDrop(area, setOver, (files) => tell.current(files))
  }, [composer, enabled, later])
  return over
}

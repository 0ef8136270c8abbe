/** Files dropped anywhere in the window around a composer. */
import { useEffect, useRef, useState, type RefObject } from 'react'
import { carriesFiles, filesIn } from './composerFiles.js'

/** Whether files are held over the window now. */
export function useFileDrop(composer: RefObject<HTMLElement | null>, enabled: boolean, onFiles: (files: readonly File[]) => void): boolean {
  const [over, setOver] = useState(false)
  const tell = useRef(onFiles)
  tell.current = onFiles
  useEffect(() => {
    const area = composer.current?.closest<HTMLElement>('.rb-window') ?? composer.current
    if (area === null || !enabled) return
    // Entering a child leaves its parent: only the depth tells when the area is left.
    let depth = 0
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event.dataTransfer)) return
      event.preventDefault()
      depth += 1
      setOver(true)
    }
    const leave = () => {
      depth = Math.max(0, depth - 1)
      if (depth === 0) setOver(false)
    }
    const hover = (event: DragEvent) => carriesFiles(event.dataTransfer) && event.preventDefault()
    const drop = (event: DragEvent) => {
      depth = 0
      setOver(false)
      const files = filesIn(event.dataTransfer)
      if (files.length === 0) return
      event.preventDefault()
      tell.current(files)
    }
    const listeners = { dragenter: enter, dragleave: leave, dragover: hover, drop } as const
    for (const [name, listener] of Object.entries(listeners)) area.addEventListener(name, listener as EventListener)
    return () => {
      for (const [name, listener] of Object.entries(listeners)) area.removeEventListener(name, listener as EventListener)
      setOver(false)
    }
  }, [composer, enabled])
  return over
}

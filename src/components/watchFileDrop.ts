/** Files that are dragged over an element and dropped there. */
import type { Stop } from '../model/index.js'
import { carriesFiles, filesIn } from './composerFiles.js'

export function watchFileDrop(area: HTMLElement, onOver: (over: boolean) => void, onFiles: (files: readonly File[]) => void): Stop {
  // Entering a child leaves its parent: only the depth tells when the area is left.
  let depth = 0
  const enter = (event: DragEvent) => {
    if (!carriesFiles(event.dataTransfer)) return
    event.preventDefault()
    depth += 1
    onOver(true)
  }
  const leave = () => {
    depth = Math.max(0, depth - 1)
    if (depth === 0) onOver(false)
  }
  const hover = (event: DragEvent) => carriesFiles(event.dataTransfer) && event.preventDefault()
  const drop = (event: DragEvent) => {
    depth = 0
    onOver(false)
    const files = filesIn(event.dataTransfer)
    if (files.length === 0) return
    event.preventDefault()
    onFiles(files)
  }
  const end = new AbortController()
  const listeners = { dragenter: enter, dragleave: leave, dragover: hover, drop } as const
  for (const [name, listener] of Object.entries(listeners)) area.addEventListener(name, listener as EventListener, end)
  return () => {
    end.abort()
    onOver(false)
  }
}

/** The browser's own modal dialog, open while the element is mounted. What bears `data-first` gets the focus, which then goes back to where it was, or to the list around that where it is gone. */
import { useEffect, useRef, type RefObject } from 'react'
import { useBrowserLayoutEffect } from '../react/browserLayoutEffect.js'

export function useModal(onClose: () => void): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null)
  const close = useRef(onClose)
  useEffect(() => {
    close.current = onClose
  })
  useBrowserLayoutEffect(() => {
    const element = dialog.current
    if (element === null) return
    const before = document.activeElement
    const list = before?.closest<HTMLElement>('[role="log"]')
    const onCancel = (event: Event) => {
      // The app decides whether it goes; a file chooser within has a cancel of its own.
      if (event.target !== element) return
      event.preventDefault()
      close.current()
    }
    element.addEventListener('cancel', onCancel)
    // No layout engine, no top layer.
    if (typeof element.showModal === 'function') element.showModal()
    else element.setAttribute('open', '')
    element.querySelector<HTMLElement>('[data-first]')?.focus({ preventScroll: true })
    return () => {
      element.removeEventListener('cancel', onCancel)
      element.close?.()
      const back = before?.isConnected ? before : list
      if (back instanceof HTMLElement) back.focus({ preventScroll: true })
    }
  }, [])
  return dialog
}

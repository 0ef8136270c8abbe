'use client'
import { useCallback, useEffect, useRef } from 'react'
import { systemClock, type Clock, type Stop } from '../model/index.js'

/** Typing counts as stopped this long after the last key. Long enough to think of a word. */
export const TYPING_IDLE_MS = 4000
/** While typing goes on it is told again this often, so that somebody who opens the conversation later sees it. */
export const TYPING_REPEAT_MS = 3000

interface TypingSignal {
  /** To be called at every change of the text by the user. */
  readonly typed: () => void
  /** Sent, emptied, or left. */
  readonly stopped: () => void
}

/** Turns keystrokes into "began" and "stopped", at a rate a wire can bear. Stops when the part goes away. */
export function useTypingSignal(onTyping: ((on: boolean) => void) | undefined, clock: Clock = systemClock): TypingSignal {
  const tell = useRef(onTyping)
  useEffect(() => {
    tell.current = onTyping
  })
  const state = useRef<{ toldAt: number | null; cancelIdle: Stop }>({ toldAt: null, cancelIdle: () => {} })

  const stopped = useCallback(() => {
    state.current.cancelIdle()
    if (state.current.toldAt === null) return
    state.current.toldAt = null
    tell.current?.(false)
  }, [])

  const typed = useCallback(() => {
    const { toldAt, cancelIdle } = state.current
    cancelIdle()
    state.current.cancelIdle = clock.setTimer(stopped, TYPING_IDLE_MS)
    const now = clock.monotonic()
    if (toldAt !== null && now - toldAt < TYPING_REPEAT_MS) return
    state.current.toldAt = now
    tell.current?.(true)
  }, [clock, stopped])

  useEffect(() => stopped, [stopped])
  return { typed, stopped }
}

import { useRef } from 'react'
import { useBrowserLayoutEffect } from '../react/browserLayoutEffect.js'

/** The object of the render before while it says the same, one level deep: an options object written inline renders nothing again. */
export function useKept<T extends object | undefined>(next: T): T {
  const kept = useRef(next)
  if (!isSame(kept.current, next)) kept.current = next
  return kept.current
}

type Call = ((...args: never[]) => void) | undefined

/** Functions that stay the same and call the latest ones; those that are undefined are left out, since an absent callback hides its button. */
export function useLatest<T extends Readonly<Record<string, Call>>>(calls: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const latest = useRef(calls)
  const stable = useRef<Record<string, Call>>({})
  useBrowserLayoutEffect(() => {
    latest.current = calls
  })
  const given: Record<string, Call> = {}
  for (const name of Object.keys(calls)) {
    if (calls[name] === undefined) continue
    given[name] = stable.current[name] ??= (...args: never[]) => latest.current[name]?.(...args)
  }
  return given as { [Name in keyof T]?: Exclude<T[Name], undefined> }
}

function isSame(a: object | undefined, b: object | undefined): boolean {
  if (a === b) return true
  if (a === undefined || b === undefined) return false
  const names = Object.keys(b)
  return names.length === Object.keys(a).length && names.every((name) => Object.is(a[name as never], b[name as never]))
}

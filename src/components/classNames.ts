/** Joins a part's own class with those it was given. */
export function classNames(own: string, given?: string): string {
  return given === undefined || given === '' ? own : `${own} ${given}`
}

/** A data attribute that is there or not: CSS asks `[data-own]`. */
export function flag(on: boolean | undefined): '' | undefined {
  return on ? '' : undefined
}

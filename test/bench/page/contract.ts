/** What the benchmark asks of every list, ours or another's. */

/** One conversation to be shown. */
export interface Scene {
  readonly kind: 'direct' | 'group'
  /** Messages there are from the beginning. */
  readonly size: number
  /** Me included. */
  readonly members: number
  /** Stretches beyond the prefix in every member's read state; only ours keeps such. */
  readonly ranges: number
  /** What a receipt says: everything up to a message, or that message alone. */
  readonly mode: 'upTo' | 'perMessage'
}

export interface Row {
  readonly key: string
  readonly from: string
  readonly own: boolean
  readonly text: string
  /** Epoch milliseconds. */
  readonly time: number
}

/** A list under test. What it is told arrives as an event of a wire would: it decides itself when to render. */
export interface Contestant {
  /** Makes everything ready that a mount finds in memory. Not measured. */
  open(scene: Scene): Promise<void>
  /** Renders for the first time. */
  mount(root: HTMLElement): void | Promise<void>
  unmount(): void
  /** A message of somebody else arrives at the newest end. */
  append(row: Row): void
  /** The only other member has read own message `index`. */
  flip(index: number): void
  /** Member number `member` has read the newest message, which is mine. */
  receipt(member: number): void
  /** A page of older messages comes; resolves when the list has been given it. */
  prepend(rows: readonly Row[]): void | Promise<void>
  scroller(): HTMLElement
  /** Mounted rows, oldest first. */
  rows(): readonly Element[]
  isRead(row: Element): boolean
  readers(row: Element): number
  /** CSS selector of a row's outermost element. */
  readonly rowSelector: string
  /** Writes the scene into a database and resolves when it is there; absent where there is no database. */
  seed?(scene: Scene): Promise<void>
  /** Writes members and read states anew, over messages that are there. */
  reset?(scene: Scene): Promise<void>
  /** Opens the database and mounts: what a user waits for after a reload. */
  openCold?(scene: Scene, root: HTMLElement): Promise<void>
}

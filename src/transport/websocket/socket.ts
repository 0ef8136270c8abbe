/** What the transport needs of a WebSocket; browsers, Node ≥ 22 and the package `ws` all have it. @public */
export interface SocketLike {
  /** Bytes that were sent and have not left yet. */
  readonly bufferedAmount: number
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  send(data: string): void
  close(code?: number, reason?: string): void
  /** `ws` only: gives up at once, also where the other end is silent. */
  terminate?(): void
}

/** @public */
export type SocketConstructor = new (url: string) => SocketLike

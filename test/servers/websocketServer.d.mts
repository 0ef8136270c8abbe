/** What tests and benchmarks use of the reference server within their own process. */
export interface ServerOptions {
  readonly host?: string
  readonly port?: number
  readonly file?: string
  readonly secret?: string
  readonly restored?: boolean
  readonly backfill?: number
  readonly replayLimit?: number
  readonly bodyBytes?: number
  readonly frameBytes?: number
  readonly recallWindowMs?: number
  readonly receiptWindowMs?: number
  readonly groupSize?: number
  readonly sendsPerSecond?: number
}

export function startServer(options?: ServerOptions): Promise<{ readonly url: string; readonly port: number; readonly counts: Readonly<Record<string, number>>; close(): Promise<void> }>

export function issueToken(secret: string, userId: string, expiresAt: number): string

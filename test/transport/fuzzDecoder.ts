import { decodeServerFrame, type FrameProblem } from '../../src/transport/websocket/decodeFrame.js'
import { decodeResult } from '../../src/transport/websocket/decodeResult.js'
import { Malformed } from '../../src/transport/fields.js'
import { CALL_LANES, type CallName } from '../../src/transport/websocket/protocol.js'
import { createFuzzer } from './fuzzFrames.js'

export interface FuzzReport {
  readonly taken: number
  readonly problems: Partial<Record<FrameProblem, number>>
  /** Frames whose decoding threw, or took longer than a page may stand still. Must be empty. */
  readonly broke: readonly string[]
}

const CALLS = Object.keys(CALL_LANES) as CallName[]

/** Sends `frames` through the decoder; answers go through the decoder of every call in turn. */
export function fuzzDecoder(frames: number, seed: number): FuzzReport {
  const next = createFuzzer(seed)
  const problems: Partial<Record<FrameProblem, number>> = {}
  const broke: string[] = []
  let taken = 0
  for (let n = 0; n < frames; n += 1) {
    const frame = next()
    try {
      const decoded = decodeServerFrame(frame, 1_048_576)
      if (!decoded.ok) problems[decoded.problem] = (problems[decoded.problem] ?? 0) + 1
      else {
        taken += 1
        // What is taken can be copied and written down again.
        JSON.stringify(decoded.frame)
        if (decoded.frame.type === 'answer') tryResult(CALLS[n % CALLS.length]!, decoded.frame.result)
      }
    } catch (error) {
      broke.push(`${String(error)}: ${String(frame).slice(0, 200)}`)
    }
  }
  return { taken, problems, broke }
}

function tryResult(name: CallName, result: unknown): void {
  try {
    decodeResult(name, result)
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
  }
}

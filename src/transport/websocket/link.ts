/** One connection, from dialling to its end: hello, calls and their answers, events and their `got`, heartbeat. It ends once, and says why. */
import type { Clock, Stop } from '../../model/index.js'
import { notSent, undecided } from '../refusal.js'
import type { ConnectionEnd } from '../keepConnected.js'
import { TransportError } from '../transportError.js'
import { createCallLanes, HIGH_WATER_BYTES } from './callLanes.js'
import { decodeServerFrame, type FrameProblem } from './decodeFrame.js'
import { decodeResult } from './decodeResult.js'
import { startHeartbeat, type Heartbeat } from './heartbeat.js'
import { PROTOCOL_VERSION, type CallName, type Calls, type ClientFrame, type EphemeralFrame, type EventsFrame, type HelloFrame, type Lane, type RefusalFrame, type ServerFrame } from './protocol.js'
import type { SocketConstructor, SocketLike } from './socket.js'

/** A browser does not say when its buffer has room again, so it is asked this often, milliseconds. */
const ROOM_CHECK_MS = 15

export interface LinkSettings {
  readonly url: string
  readonly WebSocket: SocketConstructor
  readonly clock: Clock
  readonly heartbeatMs: number
  readonly heartbeatTimeoutMs: number
  readonly callTimeoutMs: number
  readonly maxFrameBytes: number
}

export interface LinkListener {
  onWelcome(): void
  /** Hands the events over, and calls `got` when that is done. */
  onEvents(frame: EventsFrame | EphemeralFrame, got: () => void): void
  onProblem(problem: FrameProblem, detail: string): void
  onEnd(end: ConnectionEnd): void
}

export interface Link {
  readonly isOnline: boolean
  call<Name extends CallName>(name: Name, params: Calls[Name]['with'], signal?: AbortSignal): Promise<Calls[Name]['result']>
  /** Ends it without a word to the listener. */
  end(): void
}

interface OpenCall {
  readonly name: CallName
  resolve(result: unknown): void
  reject(error: TransportError): void
}

/** @throws whatever the WebSocket constructor throws: a bad address, or a page that may not use it */
export function openLink(settings: LinkSettings, hello: HelloFrame, listener: LinkListener): Link {
  const { clock, maxFrameBytes } = settings
  const socket: SocketLike = new settings.WebSocket(settings.url)
  const lanes = createCallLanes()
  const open = new Map<number, OpenCall>()
  /** Given up here; their answers may still come. */
  const abandoned = new Set<number>()
  const lastNo: Record<Lane, number> = { message: 0, receipt: 0 }
  let nextNo = 1
  let isOnline = false
  let ended = false
  let heartbeat: Heartbeat | null = null
  let stopRoomCheck: Stop | null = null

  socket.onopen = () => write(hello)
  socket.onmessage = (event: { readonly data: unknown }) => {
    if (!ended) receive(event.data)
  }
  socket.onclose = (event: { readonly code?: number }) => finish({ reason: NOBODY_CLOSED.includes(event.code ?? 0) ? 'network' : 'server' })
  // The close event follows, and `ws` must have a listener.
  socket.onerror = () => {}

  function write(frame: ClientFrame): void {
    writeText(JSON.stringify(frame))
  }

  function writeText(text: string): void {
    try {
      socket.send(text)
    } catch {
      finish({ reason: 'network' })
    }
  }

  function receive(data: unknown): void {
    heartbeat?.heard()
    const decoded = decodeServerFrame(data, maxFrameBytes)
    if (decoded.ok) take(decoded.frame)
    else listener.onProblem(decoded.problem, decoded.detail)
  }

  function take(frame: ServerFrame): void {
    switch (frame.type) {
      case 'welcome': return welcome(frame.version)
      case 'answer': return settle(frame.no, (call) => answer(call, frame.result))
      case 'refusal': return frame.no === undefined ? refuseAll(frame) : settle(frame.no, (call) => call.reject(errorOf(frame)))
      case 'events': return isOnline ? takeEvents(frame) : listener.onProblem('unasked', 'events before the welcome')
      case 'ephemeral': return isOnline ? listener.onEvents(frame, () => {}) : listener.onProblem('unasked', 'events before the welcome')
      case 'pong': return
      case 'bye': return finish({ reason: frame.reason === 'expired' ? 'unauthorized' : 'server', expired: frame.reason === 'expired', ...(frame.afterMs === undefined ? {} : { afterMs: frame.afterMs }) })
    }
  }

  function welcome(version: number): void {
    if (isOnline) return listener.onProblem('replayed', 'a second welcome')
    if (version !== PROTOCOL_VERSION) {
      return finish({ reason: 'server', refused: new TransportError('transport/version', `The server speaks version ${version} of the protocol and this device version ${PROTOCOL_VERSION}. Nothing is sent or received. Bring the older one up to date.`, { stored: 'no', retry: 'no' }) })
    }
    isOnline = true
    heartbeat = startHeartbeat(clock, { everyMs: settings.heartbeatMs, timeoutMs: settings.heartbeatTimeoutMs, ping: () => write({ type: 'ping' }), onDead: () => finish({ reason: 'heartbeat' }) })
    listener.onWelcome()
  }

  function takeEvents(frame: EventsFrame): void {
    const { lane, no } = frame
    if (no <= lastNo[lane]) return listener.onProblem('replayed', `events ${no} of the ${lane} lane`)
    if (no > lastNo[lane] + 1) {
      listener.onProblem('skipped', `events ${lastNo[lane] + 1} to ${no - 1} of the ${lane} lane`)
      // What is missing comes again after the last cursor.
      return finish({ reason: 'server' })
    }
    lastNo[lane] = no
    if (frame.left > 0) listener.onProblem('malformed', `${frame.left} of the events ${no} of the ${lane} lane were left out`)
    listener.onEvents(frame, () => {
      if (!ended) write({ type: 'got', lane, no })
    })
  }

  /** A refusal without a number: of the hello before the welcome, else of a frame that the server could not read. */
  function refuseAll(frame: RefusalFrame): void {
    if (isOnline) return listener.onProblem('malformed', `the server says: ${frame.message}`)
    const refused = errorOf(frame)
    const expired = frame.code === 'transport/unauthorized'
    finish({ reason: expired ? 'unauthorized' : 'server', refused, expired, ...(typeof frame.retry === 'object' ? { afterMs: frame.retry.afterMs } : {}) })
  }

  function settle(no: number, act: (call: OpenCall) => void): void {
    const call = open.get(no)
    lanes.settle(no)
    if (call) {
      open.delete(no)
      act(call)
    } else if (!abandoned.delete(no)) listener.onProblem('unasked', `an answer to call ${no}`)
    pump()
  }

  function answer(call: OpenCall, result: unknown): void {
    try {
      call.resolve(decodeResult(call.name, result))
    } catch (cause) {
      call.reject(new TransportError('transport/badAnswer', `The server answered "${call.name}" with something that is no answer to it (${cause instanceof Error ? cause.message : String(cause)}). It may have done it; the same is tried again.`, { stored: 'maybe', retry: 'yes', cause }))
    }
  }

  function pump(): void {
    if (ended || !isOnline) return
    lanes.drain(() => socket.bufferedAmount < HIGH_WATER_BYTES, ({ text }) => writeText(text))
    if (ended || stopRoomCheck || !lanes.hasReady()) return
    stopRoomCheck = clock.setTimer(() => {
      stopRoomCheck = null
      pump()
    }, ROOM_CHECK_MS)
  }

  function finish(end: ConnectionEnd): void {
    if (ended) return
    shut()
    listener.onEnd(end)
    if (end.reason === 'heartbeat' || end.reason === 'network') socket.terminate?.()
  }

  function shut(): void {
    ended = true
    isOnline = false
    stopRoomCheck?.()
    heartbeat?.stop()
    for (const [no, call] of open) call.reject(lanes.settle(no) ? undecided('transport/offline', LOST) : notSent(`The connection broke before "${call.name}" left this device. It is sent when the connection is back.`))
    open.clear()
    try {
      socket.close(1000)
    } catch {
      // Closing what never opened throws in some engines.
    }
  }

  function call<Name extends CallName>(name: Name, params: Calls[Name]['with'], signal?: AbortSignal): Promise<Calls[Name]['result']> {
    return new Promise((resolve, reject) => {
      if (ended || !isOnline) return reject(notSent('This device is not connected, so nothing left it. It is sent when the connection is back.'))
      if (signal?.aborted) return reject(new TransportError('transport/aborted', 'The call was given up before it left the device.', { stored: 'no', retry: 'yes' }))
      const no = nextNo++
      const text = callText(no, name, params, maxFrameBytes)
      if (text instanceof TransportError) return reject(text)
      const giveUp = (error: TransportError) => {
        if (!open.delete(no)) return
        if (lanes.settle(no)) abandoned.add(no)
        leave()
        reject(error)
        pump()
      }
      const onAbort = () => giveUp(undecided('transport/aborted', 'The call was given up while it was under way, so the server may have it.'))
      const stopTimer = clock.setTimer(() => giveUp(undecided('transport/timeout', `No answer to "${name}" came within ${settings.callTimeoutMs} ms, so the server may have it. The same is tried again.`)), settings.callTimeoutMs)
      const leave = () => {
        stopTimer()
        signal?.removeEventListener('abort', onAbort)
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      open.set(no, {
        name,
        resolve(result) {
          leave()
          resolve(result as Calls[Name]['result'])
        },
        reject(error) {
          leave()
          reject(error)
        },
      })
      lanes.add({ no, name, text })
      pump()
    })
  }

  return {
    get isOnline() {
      return isOnline
    },
    call,
    end() {
      if (!ended) shut()
    },
  }
}

/** Codes of a connection that broke: no close frame came. Any other is the word of the other end. */
const NOBODY_CLOSED: readonly number[] = [0, 1006, 1015]

const LOST = 'The connection broke before an answer came, so the server may have it. The same localId is tried again.'

function errorOf({ code, message, stored, retry }: RefusalFrame): TransportError {
  return new TransportError(code, message, { stored, retry })
}

function callText(no: number, name: CallName, params: unknown, maxFrameBytes: number): string | TransportError {
  let text: string
  try {
    text = JSON.stringify({ type: 'call', no, name, with: params })
  } catch (cause) {
    return new TransportError('transport/invalid', `"${name}" holds something that JSON cannot carry (${String(cause)}). It did not leave the device and will not be retried. Keep to plain data.`, { stored: 'no', retry: 'no', cause })
  }
  // Three bytes are the most that one unit of text takes.
  if (text.length * 3 <= maxFrameBytes) return text
  const bytes = new TextEncoder().encode(text).length
  if (bytes <= maxFrameBytes) return text
  return new TransportError('transport/tooLarge', `"${name}" is a frame of ${bytes} bytes and this transport carries ${maxFrameBytes}. It did not leave the device and will not be retried. Shorten the body or send it as an attachment.`, { stored: 'no', retry: 'no' })
}

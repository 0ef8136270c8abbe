'use client'
import { useEffect, useState, type KeyboardEvent, type RefObject } from 'react'
import { useLocale } from '../react/localeContext.js'
import { playGlyph, pauseGlyph } from './menuGlyphs.js'

export interface VoicePlayerProps {
  readonly audio: RefObject<HTMLAudioElement | null>
  /** What the message says of itself; else the browser tells when it has looked. */
  readonly durationMs: number | undefined
}

interface Playback {
  readonly playing: boolean
  readonly atS: number
  /** NaN until known, Infinity for a stream. */
  readonly lengthS: number
  readonly failed: boolean
}

const AT_REST: Playback = { playing: false, atS: 0, lengthS: Number.NaN, failed: false }
const SPEEDS = [1, 1.5, 2] as const
/** Arrow keys move so far, seconds. */
const STEP_S = 1
const EVENTS = ['play', 'pause', 'ended', 'timeupdate', 'durationchange', 'seeked', 'ratechange', 'error'] as const

/** One voice at a time: what plays elsewhere on the page rests. */
let speaking: HTMLAudioElement | null = null

/** What plays a voice message: its button, where it is, how fast it goes. The element that sounds is the row's own, so that it outlives this. */
export function VoicePlayer({ audio, durationMs }: VoicePlayerProps) {
  const { messages, formatters } = useLocale()
  const { playing, atS, lengthS, failed } = usePlayback(audio)
  const [speed, setSpeed] = useState<(typeof SPEEDS)[number]>(1)
  const knownS = Number.isFinite(lengthS) ? lengthS : (durationMs ?? 0) / 1000
  const totalS = Number.isFinite(knownS) && knownS > 0 ? knownS : 0
  const said = (seconds: number) => formatters.duration(seconds * 1000)
  const toggle = () => (playing ? audio.current?.pause() : play(audio.current))
  const faster = () => {
    const next = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length] ?? 1
    setSpeed(next)
    change(audio.current, { playbackRate: next })
  }
  const seek = (seconds: number) => change(audio.current, { currentTime: seconds })
  return (
    <div className="rb-voice-player">
      <button type="button" className="rb-voice-play" aria-label={playing ? messages.pauseVoice : messages.playVoice} title={playing ? messages.pauseVoice : messages.playVoice} onClick={toggle}>
        {playing ? pauseGlyph : playGlyph}
      </button>
      <div className="rb-voice-track">
        <input
          type="range" className="rb-voice-seek" aria-label={messages.voicePosition} aria-valuetext={`${said(atS)} / ${said(totalS)}`}
          min={0} max={totalS || 1} step="any" value={Math.min(atS, totalS || 1)} disabled={totalS === 0 || failed}
          onChange={(event) => seek(Number(event.target.value))} onKeyDown={(event) => step(event, audio.current?.currentTime ?? 0, totalS, seek)}
        />
        <div className="rb-voice-foot">
          {failed ? <span role="status">{messages.voiceFailed}</span> : <span>{said(playing || atS > 0 ? atS : totalS)}</span>}
          {(playing || speed !== 1) && !failed && (
            <button type="button" className="rb-voice-speed" dir="ltr" aria-label={messages.voiceSpeed(speed)} title={messages.voiceSpeed(speed)} onClick={faster}>
              {formatters.number(speed)}×
            </button>
          )}
        </div>
      </div>
    </div>
  )
}

/** A step of "any" leaves arrow keys a tenth of the way, too far in a long message. */
function step(event: KeyboardEvent, atS: number, totalS: number, seek: (seconds: number) => void): void {
  const towardsEnd = getComputedStyle(event.currentTarget).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
  const by = event.key === towardsEnd || event.key === 'ArrowUp' ? STEP_S : ['ArrowLeft', 'ArrowRight', 'ArrowDown'].includes(event.key) ? -STEP_S : 0
  if (by === 0) return
  event.preventDefault()
  seek(Math.min(totalS, Math.max(0, atS + by)))
}

function change(audio: HTMLAudioElement | null, to: Partial<Pick<HTMLAudioElement, 'currentTime' | 'playbackRate'>>): void {
  if (audio !== null) Object.assign(audio, to)
}

/** A refusal (no such file, no leave to sound) is told by the element's own event, or needs another press. */
function play(audio: HTMLAudioElement | null): void {
  if (audio?.error) audio.load()
  void audio?.play()?.catch(() => {})
}

function usePlayback(ref: RefObject<HTMLAudioElement | null>): Playback {
  const [playback, setPlayback] = useState(AT_REST)
  useEffect(() => {
    const audio = ref.current
    if (audio === null) return
    const look = ({ type }: { readonly type: string }) => {
      if (type === 'play') {
        if (speaking !== audio) speaking?.pause()
        speaking = audio
      }
      const failed = audio.error !== null
      setPlayback({ playing: !audio.paused && !audio.ended && !failed, atS: audio.ended ? 0 : audio.currentTime, lengthS: audio.duration, failed })
    }
    look({ type: 'mount' })
    for (const name of EVENTS) audio.addEventListener(name, look)
    return () => {
      for (const name of EVENTS) audio.removeEventListener(name, look)
      if (speaking === audio) speaking = null
    }
  }, [ref])
  return playback
}

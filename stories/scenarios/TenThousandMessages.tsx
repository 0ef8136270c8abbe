import { useEffect, useRef, useState } from 'react'
import { createArraySource, MessageList, type MessageListHandle, type MessageSource } from 'readback'
import { conversation } from '../fixtures/conversation.js'
import { ME, MORNING, standingStates } from '../fixtures/people.js'
import { Figure } from './Phone'
import './scenarios.css'

const COUNT = 10_000
const DAY_MS = 86_400_000
/** Fast enough that rows have to keep up, slow enough to see them do it, CSS pixels a second. */
const FLING_PX_PER_S = 9_000
const FLING_MS = 2_500

const states = standingStates('read', { tracked: true, read: 4, of: 5, delivered: 5, viewed: 0 })
let made: MessageSource | undefined
/** The same array for every visit: it is only looked at. */
const source = () => (made ??= createArraySource(conversation({ count: COUNT })))

/** A list over a plain array of ten thousand messages, and what of it is in the page. */
export function TenThousandMessages() {
  const list = useRef<MessageListHandle>(null)
  const frame = useRef<HTMLDivElement>(null)
  const mounted = useMountedRows(frame)
  const go = (where: Promise<boolean> | undefined) => void where
  return (
    <main className="scene">
      <div className="panel">
        <div className="panel__window" ref={frame}>
          <MessageList ref={list} source={source()} userId={ME} readStates={states} conversationKind="group" />
        </div>
        <div className="panel__controls">
          <button type="button" onClick={() => go(list.current?.scrollTo('line-1'))}>The first message</button>
          <button type="button" onClick={() => go(list.current?.scrollTo('line-5000'))}>Message 5,000</button>
          <button type="button" onClick={() => go(list.current?.scrollToDate(new Date(MORNING - 100 * DAY_MS).setHours(0, 0, 0, 0)))}>A hundred days ago</button>
          <button type="button" onClick={() => go(list.current?.scrollToNewest())}>The newest</button>
          <button type="button" onClick={() => fling(frame.current)}>Fling upwards</button>
        </div>
        <div className="figures">
          <Figure name="messages" value={COUNT.toLocaleString('en')} label="messages" />
          <Figure name="mounted" value={mounted} label="rows in the page" />
        </div>
      </div>
    </main>
  )
}

/** Scrolls as a thrown finger does. */
function fling(frame: HTMLElement | null): void {
  const scroller = frame?.querySelector('.rb-list-scroller')
  if (scroller == null) return
  const began = performance.now()
  let before = began
  scroller.dispatchEvent(new WheelEvent('wheel', { deltaY: -1 }))
  requestAnimationFrame(function step(now) {
    const left = 1 - (now - began) / FLING_MS
    if (left <= 0) return
    scroller.scrollTop -= (Math.max(0, now - before) / 1000) * FLING_PX_PER_S * left
    before = now
    requestAnimationFrame(step)
  })
}

/** Counts at every change of the page, which is what the list tries to make few of. */
function useMountedRows(frame: React.RefObject<HTMLElement | null>): number {
  const [count, setCount] = useState(0)
  useEffect(() => {
    const element = frame.current
    if (element === null) return
    const read = () => setCount(element.querySelectorAll('.rb-list-row').length)
    const observer = new MutationObserver(read)
    observer.observe(element, { childList: true, subtree: true })
    read()
    return () => observer.disconnect()
  }, [frame])
  return count
}

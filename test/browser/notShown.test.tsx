/** The real list, under a dwell: what it cannot show, or shows the beginning of, is read by no amount of looking. */
import { cleanup, render } from '@testing-library/react'
import { useEffect, useState } from 'react'
import { createArraySource, messageKey, MessageRow, useDwellRead, type ChatComponents, type Message } from 'readback'
import { createFakeClock, createFakeVisibility, type FakeClock } from 'readback/testing'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { besideEngine } from '../../src/components/lazyBesideEngine.js'
import { frames, message, renderList, settled, until } from './listKit.js'

const POLICY = { dwellMs: 800 }
/** A picture of 2 × 2. */
const PICTURE = 'data:image/gif;base64,R0lGODlhAgACAIAAAP///wAAACH5BAAAAAAALAAAAAACAAIAAAICRAoAOw=='

let clock: FakeClock
let told: string[]
beforeAll(() => besideEngine.preload())
beforeEach(() => {
  clock = createFakeClock()
  told = []
})
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
  document.body.replaceChildren()
})

async function show(body: Message['body'], components: ChatComponents = {}) {
  const shown = message(1, { body })
  const onRead = (read: readonly Message[]) => void told.push(...read.map(({ localId }) => localId))
  const list = renderList({ source: createArraySource([shown]), components, policy: POLICY, clock, visibility: createFakeVisibility(), onRead, initialPosition: { id: 'm1' } })
  await settled(list)
  await frames(4)
  const reasons = () => list.handle.current?.reading.dwell.getView(messageKey(shown)).reasons
  const look = async () => {
    clock.advance(60_000)
    await frames(4)
    clock.advance(60_000)
  }
  return { ...list, look, reasons }
}

describe('is not read by looking at it', () => {
  it.each<[string, Message['body'], ChatComponents?]>([
    ['of a kind that nobody here knows', { kind: 'hologram' } as unknown as Message['body']],
    ['of the app, without words for who does not know it', { kind: 'custom', type: 'poll', data: null }],
    ['whose part threw', { kind: 'text', text: 'hi' }, { TextBody: () => { throw new Error('of the app') } }],
    ['a picture that failed', { kind: 'image', file: { url: 'https://localhost:1/none.png' }, widthPx: 200, heightPx: 120 }],
  ])('[RD14] a message %s', async (_what, body, components) => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const { box, look, reasons } = await show(body, components)
    await until(() => box.querySelector('[data-fallback], .rb-media-missing') !== null, 'it says that it cannot be shown')
    await look()
    expect([told, reasons()]).toEqual([[], ['cannotBeShown']])
  })

  it('[RD14] a text of three thousand lines, of which eighty are drawn; all of it is there, and it is', async () => {
    const { box, look, reasons, scroller } = await show({ kind: 'text', text: Array.from({ length: 3000 }, (_, line) => `line ${line}`).join('\n') })
    await look()
    expect([told, reasons()]).toEqual([[], ['shortened']])
    scroller.scrollTop = scroller.scrollHeight
    await frames(4)
    await look()
    expect(told).toEqual([])
    box.querySelector<HTMLButtonElement>('.rb-text-button')?.click()
    await frames(4)
    await look()
    expect([told, reasons()]).toEqual([['l1'], []])
  })
})

describe('is read like any other', () => {
  it('[RD14] what a later version of the part can show', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    let knows = false
    const Poll = () => {
      const [, again] = useState(0)
      useEffect(() => {
        const timer = setInterval(() => again((count) => count + 1), 20)
        return () => clearInterval(timer)
      }, [])
      return knows ? <div>Poll: when?</div> : <div className="rb-text" data-fallback="">?</div>
    }
    const { box, look } = await show({ kind: 'custom', type: 'poll', data: null }, { CustomBody: Poll })
    await look()
    expect(told).toEqual([])
    knows = true
    await until(() => box.textContent?.includes('Poll: when?') === true, 'the part draws it')
    await look()
    expect(told).toEqual(['l1'])
  })

  it('[RD14] a picture that came', async () => {
    const { look } = await show({ kind: 'image', file: { url: URL.createObjectURL(await (await fetch(PICTURE)).blob()) }, widthPx: 200, heightPx: 120 })
    await until(() => document.querySelector<HTMLImageElement>('.rb-media img')?.complete === true, 'the picture is here')
    await look()
    expect(told).toEqual(['l1'])
  })
})

it('[RD14] rows of this kit in a list of the app say it, too', async () => {
  // The page of the test before may have taken the focus with it.
  vi.spyOn(window.top!.document, 'hasFocus').mockReturnValue(true)
  const shown = message(1, { body: { kind: 'hologram' } as unknown as Message['body'] })
  const states: string[] = []
  function Row() {
    const { ref, reasons } = useDwellRead({ id: 'm1', dwellMs: 0 })
    states.push(reasons.join())
    return <div ref={ref}><MessageRow message={shown} own={false} runStart runEnd /></div>
  }
  render(<Row />)
  await expect.poll(() => states.at(-1)).toBe('cannotBeShown')
  expect(states).not.toContain('')
})

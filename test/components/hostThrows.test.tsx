// @vitest-environment jsdom
/** [A17] 59: parts that the app hands in may throw, at any render; of wires see `test/client/brokenWires.test.ts`. 64: and there may be no window. Generated cases: the rest goes on. */
import { cleanup, render } from '@testing-library/react'
import { ChatProvider, MessageRow, type ChatComponents, type Message, type MessageBody } from 'readback'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { message } from '../react/fakeClient.js'

/** Of each kind; a thousand in `npm run test:long`. */
const CASES = Number(process.env['READBACK_CASES'] ?? 120)
const PATIENCE_MS = 900_000

/** The same numbers at every run. */
function seeded(seed: number) {
  let state = seed
  const next = () => ((state = (state * 48_271) % 2_147_483_647) / 2_147_483_647)
  const upTo = (n: number) => Math.floor(next() * n)
  return { upTo, pick: <T,>(list: readonly T[]): T => list[upTo(list.length)] as T }
}

const file = { url: 'https://example.com/a', name: 'a.pdf', sizeBytes: 4 }
const BODIES: readonly MessageBody[] = [
  { kind: 'text', text: 'words' }, { kind: 'image', file, widthPx: 4, heightPx: 3 }, { kind: 'video', file }, { kind: 'voice', file }, { kind: 'file', file }, { kind: 'custom', type: 'poll', data: null, fallback: 'a poll' }, { kind: 'system', text: 'Ada joined' },
]
const PARTS = ['TextBody', 'ImageBody', 'VideoBody', 'VoiceBody', 'FileBody', 'CustomBody', 'Avatar', 'ReadBadge'] as const
const THROWN: readonly unknown[] = [new Error('of the app'), new TypeError('x is undefined'), 'a text', 42, null, undefined, {}, Promise.reject.name]

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}))
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

describe('[A17] 59 a part of the app that throws at some render', () => {
  it('breaks no other row, and its own row still says something', () => {
    const random = seeded(59)
    for (let index = 0; index < CASES; index++) {
      const at = random.upTo(4)
      let renders = 0
      const thrown = random.pick(THROWN)
      const part = random.pick(PARTS)
      const Broken = () => {
        if (renders++ >= at) throw thrown
        return <i>fine</i>
      }
      const components: ChatComponents = { [part]: Broken }
      const rows = Array.from({ length: 3 }, (_, n): Message => message({ localId: `m-${n}`, ids: [`m-${n}`], body: random.pick(BODIES) }))
      const draw = (key: number) => (
        <ChatProvider profiles={(userId) => ({ userId, name: 'Bo' })}>
          {rows.map((each) => <MessageRow key={each.localId} message={{ ...each, time: each.time + key }} own={false} runStart runEnd conversationKind="group" components={components} />)}
          <p>the page</p>
        </ChatProvider>
      )
      const { container, rerender } = render(draw(0))
      rerender(draw(1))
      expect(container.querySelector('p')?.textContent, `${part} throwing ${String(thrown)} at ${at}`).toBe('the page')
      expect([...container.querySelectorAll('.rb-row')].map((row) => row.textContent !== '')).toEqual([true, true, true])
      cleanup()
    }
  }, PATIENCE_MS)
})

describe('[A17] 64 without a window', () => {
  it('a row is drawn, twice the same', () => {
    const random = seeded(64)
    const windowed = globalThis.window
    const documented = globalThis.document
    try {
      Object.assign(globalThis, { window: undefined, document: undefined })
      for (let index = 0; index < CASES; index++) {
        const own = random.upTo(2) === 0
        const draw = () =>
          renderToString(
            <ChatProvider theme={random.pick(['light'] as const)}>
              <MessageRow message={message({ body: BODIES[index % BODIES.length]!, ...(index % 3 === 0 && { replyTo: 'm-0' }), ...(index % 5 === 0 && { recalledAt: 1 }), ...(index % 7 === 0 && { reactions: [{ emoji: '👍', by: 'bo' }] }) })} own={own} runStart={index % 2 === 0} runEnd conversationKind={index % 4 === 0 ? 'group' : 'direct'} actions={{ onReply() {}, onReact() {} }} />
            </ChatProvider>,
          )
        const html = draw()
        expect(html).toContain('rb-row')
        expect(draw()).toBe(html)
      }
    } finally {
      Object.assign(globalThis, { window: windowed, document: documented })
    }
  }, PATIENCE_MS)
})

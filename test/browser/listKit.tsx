/** What the list tests share: messages, a row of a known height, frames. */
import { render } from '@testing-library/react'
import { createRef, Profiler, type ComponentProps } from 'react'
import { MessageList, type ChatComponents, type Message, type MessageListHandle, type MessageRowProps } from 'readback'

export const VIEWPORT_PX = 400

export const message = (order: number, change: Partial<Message> = {}): Message => ({
  conversationId: 'c1', from: order % 3 === 0 ? 'ada' : 'ben', localId: `l${order}`, ids: [`m${order}`], at: { epoch: 0, order, id: `m${order}` },
  time: Date.UTC(2026, 2, 10, 9) + order * 20_000, body: { kind: 'text', text: `Message ${order}` }, ...change,
})
export const messages = (from: number, count: number, change?: Partial<Message>) => Array.from({ length: count }, (_, index) => message(from + index, change))

/** 24–183 px, the same for the same message; nothing like the estimate. */
export const heightOf = (key: string) => 24 + ([...key].reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) >>> 0, 7) % 160)

export const TallRow = ({ message: { localId }, own }: MessageRowProps) => (
  <div data-testid={localId} data-own={own} style={{ height: heightOf(localId) }}>{localId}</div>
)
export const TALL_ROWS: ChatComponents = { MessageRow: TallRow }

type ListProps = Partial<ComponentProps<typeof MessageList>> & Pick<ComponentProps<typeof MessageList>, 'source'>

export function renderList(props: ListProps, onRender: () => void = () => {}) {
  const handle = createRef<MessageListHandle>()
  const box = document.createElement('div')
  box.style.cssText = `width: 360px; height: ${VIEWPORT_PX}px; position: fixed; inset: 0 auto auto 0;`
  document.body.append(box)
  const list = (given: ListProps) => (
    <Profiler id="list" onRender={onRender}>
      <MessageList ref={handle} components={TALL_ROWS} userId="me" {...given} />
    </Profiler>
  )
  const result = render(list(props), { container: box })
  const scroller = box.querySelector<HTMLElement>('.rb-list-scroller') as HTMLElement
  return {
    ...result, box, scroller, handle,
    update: (next: ListProps) => result.rerender(list(next)),
    row: (localId: string) => box.querySelector<HTMLElement>(`[data-testid="${localId}"]`),
    /** Distance of a row's top from the top of the viewport. */
    topOf(localId: string) {
      const row = box.querySelector(`[data-testid="${localId}"]`)
      return row === null ? null : row.getBoundingClientRect().top - scroller.getBoundingClientRect().top
    },
    jumpButton: () => box.querySelector<HTMLButtonElement>('.rb-jump-to-newest'),
  }
}
export type RenderedList = ReturnType<typeof renderList>

/** Resolves right after a frame was painted, before anything of the next: what is read then is what was seen. */
export const frame = () =>
  new Promise<void>((resolve) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.addEventListener('message', () => resolve(), { once: true })
      port1.start()
      port2.postMessage(null)
    })
  })

export async function frames(count: number, each?: () => void) {
  for (let done = 0; done < count; done++) {
    await frame()
    each?.()
  }
}

/** Waits until `is` holds, a frame at a time. */
export async function until(is: () => boolean, what: string) {
  for (let waited = 0; waited < 300; waited++) {
    if (is()) return
    await frame()
  }
  throw new Error(`After 300 frames it still was not so: ${what}`)
}

export const settled = ({ scroller }: { scroller: HTMLElement }) => until(() => scroller.dataset['settled'] === 'true', 'the list is settled')

export const fromBottom = ({ scrollTop, scrollHeight, clientHeight }: HTMLElement) => scrollHeight - clientHeight - scrollTop

/** Scrolls as a reader does: some pixels a frame, each a scroll event of its own. */
export async function scrollBy(scroller: HTMLElement, px: number, stepPx = 120, each?: () => void) {
  scroller.dispatchEvent(new WheelEvent('wheel', { deltaY: px }))
  for (let left = Math.abs(px); left > 0; left -= stepPx) {
    scroller.scrollTop += Math.sign(px) * Math.min(stepPx, left)
    await frame()
    each?.()
  }
}

/** The first row that is wholly in the viewport, and where. */
export function firstWhole({ box, scroller }: RenderedList): { id: string; top: number } {
  const { top } = scroller.getBoundingClientRect()
  for (const row of box.querySelectorAll<HTMLElement>('[data-testid]')) {
    const at = row.getBoundingClientRect().top - top
    if (at >= 0) return { id: row.dataset['testid'] as string, top: at }
  }
  throw new Error('No row begins in the viewport')
}

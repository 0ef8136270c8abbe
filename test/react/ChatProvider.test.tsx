// @vitest-environment jsdom
import { act, cleanup, render } from '@testing-library/react'
import { ChatProvider, MessageRow, ReceiptIcon, textIcons, useLocale, useTheme } from 'readback'
import { zhCN } from 'readback/locales/zh-CN'
import { StrictMode } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { fakeClient, message } from './fakeClient.js'

afterEach(cleanup)

const names = (client: ReturnType<typeof fakeClient>) => client.calls.map(([name]) => name)
const settle = () => act(() => Promise.resolve())

describe('ChatProvider runs its client', () => {
  it('from mount to unmount', async () => {
    const client = fakeClient()
    const { unmount } = render(<ChatProvider client={client} />)
    expect(names(client)).toEqual(['start'])
    unmount()
    await settle()
    expect(names(client)).toEqual(['start', 'stop'])
  })
  it('once for the two mounts of StrictMode', async () => {
    const client = fakeClient()
    render(<StrictMode><ChatProvider client={client} /></StrictMode>)
    await settle()
    expect(names(client)).toEqual(['start'])
  })
  it('until the last of several providers has gone', async () => {
    const client = fakeClient()
    const first = render(<ChatProvider client={client} />)
    const second = render(<ChatProvider client={client} />)
    first.unmount()
    await settle()
    expect(names(client)).toEqual(['start'])
    second.unmount()
    await settle()
    expect(names(client)).toEqual(['start', 'stop'])
  })
  it('and stops the one it had before when it is given another', async () => {
    const [before, after] = [fakeClient(), fakeClient()]
    const { rerender } = render(<ChatProvider client={before} />)
    rerender(<ChatProvider client={after} />)
    await settle()
    expect(names(before)).toEqual(['start', 'stop'])
    expect(names(after)).toEqual(['start'])
  })
})

describe('ChatProvider renders one element', () => {
  it('that bears theme, density, direction and language, and what it was given', () => {
    const { container } = render(<ChatProvider theme="dark" density="compact" dir="rtl" locale={zhCN} className="mine" data-test="x" />)
    const root = container.firstElementChild as HTMLElement
    expect(container.childElementCount).toBe(1)
    expect({ ...root.dataset, dir: root.dir, lang: root.lang, className: root.className }).toEqual({ rbTheme: 'dark', rbLook: 'icons', density: 'compact', test: 'x', dir: 'rtl', lang: 'zh-CN', className: 'rb-root mine' })
  })
  it('and takes over from an outer provider what it leaves out', () => {
    function Probe() {
      const { theme, density, dir } = useTheme()
      return <output>{[theme, density, dir, useLocale().tag].join(' ')}</output>
    }
    const { container } = render(<ChatProvider theme="dark" locale={zhCN} dir="rtl"><ChatProvider density="compact"><Probe /></ChatProvider></ChatProvider>)
    expect(container.querySelector('output')?.textContent).toBe('dark compact rtl zh-CN')
  })
})

describe('nearer wins', () => {
  it('for icons: the part, then the provider', () => {
    const { container } = render(
      <ChatProvider icons={textIcons}>
        <ReceiptIcon status="sent" />
        <ReceiptIcon status="read" icons={{ read: () => <b>mine</b> }} />
      </ChatProvider>,
    )
    expect([...container.querySelectorAll('.rb-receipt')].map((icon) => icon.textContent)).toEqual(['Sent', 'mine'])
  })
  it('for components: the part, then the inner provider, then the outer', () => {
    const say = (words: string) => () => <b>{words}</b>
    const row = <MessageRow message={message()} own={false} runStart runEnd />
    const { container } = render(
      <ChatProvider components={{ TextBody: say('outer') }}>
        {row}
        <ChatProvider components={{ TextBody: say('inner') }}>
          {row}
          <MessageRow message={message()} own={false} runStart runEnd components={{ TextBody: say('part') }} />
        </ChatProvider>
      </ChatProvider>,
    )
    expect([...container.querySelectorAll('b')].map((b) => b.textContent)).toEqual(['outer', 'inner', 'part'])
  })
})

describe('providers within each other', () => {
  it('show what was chosen in each: the inner one is not drawn as the outer one', () => {
    const App = () => <i className="of-the-app" />
    const { container } = render(
      <ChatProvider icons={{ read: App }} preferences={{ look: 'shapes' }}>
        <p><ReceiptIcon status="read" /></p>
        <ChatProvider preferences={{ look: 'icons' }}><b><ReceiptIcon status="read" /></b></ChatProvider>
        <ChatProvider><s><ReceiptIcon status="read" /></s></ChatProvider>
      </ChatProvider>,
    )
    const isOfTheApp = (where: string) => container.querySelector(`${where} .of-the-app`) !== null
    expect([isOfTheApp('p'), isOfTheApp('b'), isOfTheApp('s')]).toEqual([false, true, false])
    expect([...container.querySelectorAll('.rb-root')].map((root) => root.getAttribute('data-rb-look'))).toEqual(['shapes', 'icons', 'shapes'])
  })
})

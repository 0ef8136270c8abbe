// @vitest-environment jsdom
import { cleanup, fireEvent, render } from '@testing-library/react'
import { Avatar, ConnectionBanner, StorageBanner, TypingIndicator, type ConnectionState, type StorageState } from 'readback'
import { afterEach, describe, expect, it } from 'vitest'
import { HUES, hueOf } from '../../src/components/hueOf.js'
import { initialsOf } from '../../src/components/initialsOf.js'

afterEach(cleanup)

describe('initialsOf', () => {
  it.each([['Ada Okafor', 'AO'], ['Bo', 'B'], ['Ana María de la Cruz', 'AC'], ['陈美玲', '陈'], ['نور الشامي', 'نا'], ['🌱 Garden', '🌱'], ['ada.okafor@example.com', 'AC'], ['…', ''], ['', ''], ['\u0301\u0301', ''], ['a'.repeat(100_000), 'A']])('%s → %s', (name, initials) => {
    expect(initialsOf(name)).toBe(initials)
  })
})

describe('hueOf', () => {
  it('is the same every time, within the palette, and uses all of it', () => {
    const hues = Array.from({ length: 200 }, (_, index) => hueOf(`user-${index}`))
    expect(new Set(hues).size).toBe(HUES)
    expect(hues.every((hue) => Number.isInteger(hue) && hue >= 0 && hue < HUES)).toBe(true)
    expect(hueOf('__proto__')).toBe(hueOf('__proto__'))
  })
})

describe('Avatar', () => {
  it('gives way to initials when its picture fails, and tries a new one', () => {
    const { container, rerender } = render(<Avatar userId="ada" name="Ada Okafor" src="https://example.com/a.png" />)
    fireEvent.error(container.querySelector('img') as Element)
    expect(container.textContent).toBe('AO')
    rerender(<Avatar userId="ada" name="Ada Okafor" src="https://example.com/b.png" />)
    expect(container.querySelector('img')?.getAttribute('src')).toBe('https://example.com/b.png')
  })
  it('loads nothing that is no picture', () => {
    expect(render(<Avatar userId="ada" src="javascript:alert(1)" />).container.querySelector('img')).toBeNull()
  })
})

describe('TypingIndicator', () => {
  it('isolates names and keeps its element while nobody types', () => {
    expect(render(<TypingIndicator names={['\u202eevil']} />).container.textContent).toBe('\u2068evil\u2069 is typing…')
    expect(render(<TypingIndicator names={[]} />).container.querySelector('.rb-typing')).not.toBeNull()
  })
})

describe('banners', () => {
  const connection = (state: ConnectionState) => render(<ConnectionBanner connection={state} />).container.textContent
  const storage = (state: StorageState) => render(<StorageBanner storage={state} />).container.textContent
  it('say what becomes of messages while offline, and nothing before there is trouble', () => {
    expect(connection({ status: 'offline', reason: 'network' })).toBe('You are offline. Messages will be sent when you are back.')
    expect(connection({ status: 'offline', reason: 'unauthorized' })).toBe('You are signed out. Sign in again to send and receive.')
    expect([connection({ status: 'online' }), connection({ status: 'offline', reason: 'starting' }), connection({ status: 'connecting', reason: 'network', attempt: 1 })]).toEqual(['', '', ''])
  })
  it('[I38] say once that one is offline, however often it is tried to connect meanwhile', () => {
    const { container, rerender } = render(<ConnectionBanner connection={{ status: 'offline', reason: 'network', retryInMs: 500 }} />)
    const words = container.querySelector('[role=status] > span')
    for (const state of [{ status: 'connecting', reason: 'network', attempt: 2 }, { status: 'offline', reason: 'network', retryInMs: 1000 }, { status: 'connecting', reason: 'server', attempt: 3 }] satisfies ConnectionState[]) {
      rerender(<ConnectionBanner connection={state} />)
      expect([container.querySelector('[role=status] > span'), words?.textContent]).toEqual([words, 'You are offline. Messages will be sent when you are back.'])
    }
    rerender(<ConnectionBanner connection={{ status: 'online' }} />)
    expect(container.textContent).toBe('')
  })
  it('say when nothing is kept, unless the app chose so', () => {
    expect(storage({ status: 'memory', reason: 'unavailable' })).toBe('This browser keeps nothing. What is not sent yet is lost when you close the page.')
    expect([storage({ status: 'memory', reason: 'chosen' }), storage({ status: 'ready' }), storage({ status: 'opening' })]).toEqual(['', '', ''])
  })
  it('are announced: the element is there before the words', () => {
    expect(render(<ConnectionBanner connection={{ status: 'online' }} />).container.querySelector('[role=status]')).not.toBeNull()
  })
})

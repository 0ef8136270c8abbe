import { createDwellObserver, whyUnread, type Message } from 'readback/core'
import { createFakeClock, createFakeVisibility } from 'readback/testing'
import { describe, expect, it } from 'vitest'
import { textAt, at } from '../receipts/arbitraries.js'
import { createFakePage, fakeElement } from './fakeIntersections.js'

const message = (changes: Partial<Message> = {}) => textAt(at(1), 'bob', changes)
const why = (changes: Partial<Message>, isRead = false) => whyUnread(message(changes), { me: 'me', isRead })

describe('whyUnread', () => {
  it('[RD11] says what stands against a message, first things first', () => {
    expect([why({ from: 'me' }), why({ recalledAt: 1 }), why({ body: { kind: 'system', text: '' } }), why({ at: null }), why({ hidden: true }), why({})]).toEqual([
      ['own'], ['neutral'], ['neutral'], ['noPlace'], ['hiddenHere'], ['notShown'],
    ])
    expect(why({ from: 'me' }, true)).toEqual([])
  })

  it('[RD11] follows the observer that watches it, live', () => {
    const clock = createFakeClock()
    const visibility = createFakeVisibility()
    const page = createFakePage()
    const observer = createDwellObserver({ clock, visibility, whyUnseen: () => null, IntersectionObserver: page.Observer, onRead: () => {} })
    const element = fakeElement()
    observer.observe(element, 'm')
    const answers: string[] = []
    const ask = () => whyUnread(message(), { me: 'me', isRead: observer.getView('m').state === 'read', dwell: observer.getView('m') })
    observer.subscribe(() => answers.push(ask().join()))
    expect(ask()).toEqual(['offScreen'])
    page.show(element, 100, 100)
    visibility.setFocus(false)
    visibility.setVisible(false)
    visibility.setVisible(true)
    visibility.setFocus(true)
    clock.advance(800)
    expect(answers).toEqual(['dwelling', 'blurred', 'hidden', 'blurred', 'dwelling', ''])
  })
})

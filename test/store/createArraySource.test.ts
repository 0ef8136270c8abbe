import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { ChatError, createArraySource, messageKey, type Message, type MessageId } from 'readback/core'
import { uncaught } from '../tools/uncaught.js'

const message = (order: number, change: Partial<Message> = {}): Message => ({
  conversationId: 'c1', from: 'ada', localId: `l${order}`, ids: [`m${order}`], at: { epoch: 0, order, id: `m${order}` }, time: 1_700_000_000_000 + order * 1000,
  body: { kind: 'text', text: `Message ${order}` }, ...change,
})
const localIds = (source: { getSnapshot(): { messages: readonly Message[] } }) => source.getSnapshot().messages.map((m) => m.localId)

describe('createArraySource', () => {
  it('a listener of the host that throws keeps no other from hearing', async () => {
    const errors = uncaught()
    const source = createArraySource()
    const heard = vi.fn()
    source.subscribe(() => {
      throw new Error('of the host')
    })
    source.subscribe(heard)
    source.append(message(1))
    expect(heard).toHaveBeenCalledTimes(1)
    await vi.waitFor(() => expect(errors).toEqual([new Error('of the host')]))
  })

  it('sorts by point and keeps messages without one last, in the order given', () => {
    const source = createArraySource([message(9, { at: null }), message(3), message(1), message(8, { at: null }), message(2)])
    expect(localIds(source)).toEqual(['l1', 'l2', 'l3', 'l9', 'l8'])
  })

  it('keeps the later of two messages with one key', () => {
    const edited = message(1, { body: { kind: 'text', text: 'edited' } })
    expect(createArraySource([message(1), message(2), edited]).getSnapshot().messages).toEqual([edited, message(2)])
  })

  it('hands out the same snapshot until something changes', () => {
    const all = [message(1), message(2)]
    const source = createArraySource(all)
    const listener = vi.fn()
    source.subscribe(listener)
    const before = source.getSnapshot()
    source.set([...all])
    source.append()
    expect(source.getSnapshot()).toBe(before)
    expect(listener).not.toHaveBeenCalled()
    source.append(message(3))
    expect(source.getSnapshot()).not.toBe(before)
    expect(source.getSnapshot().messages[0]).toBe(all[0])
    expect(listener).toHaveBeenCalledTimes(1)
  })

  it('puts appended and prepended messages where their points say', () => {
    const source = createArraySource([message(10), message(11)])
    source.append(message(12), message(13))
    source.prepend(message(1), message(2))
    source.append(message(5))
    expect(localIds(source)).toEqual(['l1', 'l2', 'l5', 'l10', 'l11', 'l12', 'l13'])
  })

  it('keeps an echo last while messages of others arrive, and places it when it is accepted', () => {
    const source = createArraySource([message(1)])
    const echo = message(50, { at: null, ids: [], outgoing: 'sending' })
    source.append(echo)
    source.append(message(2))
    expect(localIds(source)).toEqual(['l1', 'l2', 'l50'])
    source.append({ ...message(50), at: { epoch: 0, order: 3, id: 'm50' } })
    source.append(message(4))
    expect(localIds(source)).toEqual(['l1', 'l2', 'l50', 'l4'])
  })

  it('leaves a failed message where it failed: what is newer comes after it', () => {
    const source = createArraySource([message(1)])
    const sending = message(50, { at: null, ids: [], outgoing: 'sending' })
    source.append(sending, message(2))
    source.append({ ...sending, outgoing: 'failed' })
    source.append(message(3))
    expect(localIds(source)).toEqual(['l1', 'l2', 'l50', 'l3'])
    source.append({ ...sending, outgoing: 'failed', failure: { code: 'x', message: 'again' } }, message(4))
    source.prepend(message(0))
    expect(localIds(source)).toEqual(['l0', 'l1', 'l2', 'l50', 'l3', 'l4'])
    source.append(sending)
    expect(localIds(source)).toEqual(['l0', 'l1', 'l2', 'l3', 'l4', 'l50'])
  })

  it('takes the place of a failed message from the array, or from the message itself', () => {
    const failed = message(50, { at: null, ids: [], outgoing: 'failed' })
    const source = createArraySource([message(1), failed, message(2)])
    expect(localIds(source)).toEqual(['l1', 'l50', 'l2'])
    source.set([failed, message(1)])
    expect(localIds(source)).toEqual(['l50', 'l1'])
    source.set([{ ...failed, failedAfter: message(2).at }, message(1), message(2), message(3)])
    expect(localIds(source)).toEqual(['l1', 'l2', 'l50', 'l3'])
  })

  it('stops telling a listener that left', () => {
    const source = createArraySource()
    const listener = vi.fn()
    const stop = source.subscribe(listener)
    stop()
    stop()
    source.append(message(1))
    expect(listener).not.toHaveBeenCalled()
  })

  it('moves the unread separator', () => {
    const source = createArraySource([message(1), message(2)], { firstUnreadKey: messageKey(message(2)) })
    expect(source.getSnapshot().firstUnreadKey).toBe(messageKey(message(2)))
    source.setFirstUnread(null)
    expect(source.getSnapshot().firstUnreadKey).toBeNull()
  })

  it('loads older pages one at a time until one is empty', async () => {
    const pages = [[message(3), message(4)], [message(1), message(2)], []]
    const loadOlder = vi.fn(async (_oldest: Message | null) => pages.shift() ?? [])
    const source = createArraySource([message(5)], { loadOlder })
    const first = source.loadOlder?.()
    expect(source.getSnapshot().loading).toBe('older')
    await Promise.all([first, source.loadOlder?.()])
    expect(loadOlder).toHaveBeenCalledTimes(1)
    await source.loadOlder?.()
    expect(source.getSnapshot().hasOlder).toBe(true)
    await source.loadOlder?.()
    await source.loadOlder?.()
    expect(loadOlder.mock.calls.map(([oldest]) => oldest?.localId)).toEqual(['l5', 'l3', 'l1'])
    expect(source.getSnapshot()).toMatchObject({ hasOlder: false, loading: 'none' })
    expect(localIds(source)).toEqual(['l1', 'l2', 'l3', 'l4', 'l5'])
  })

  it('says when a page could not be loaded, keeps what it has and can try again', async () => {
    const loadOlder = vi.fn().mockRejectedValueOnce(new Error('offline')).mockResolvedValueOnce([message(1)])
    const source = createArraySource([message(2)], { loadOlder })
    const error = await source.loadOlder?.().then(() => null, (reason: unknown) => reason as ChatError)
    expect(error).toBeInstanceOf(ChatError)
    expect(error?.code).toBe('source/load')
    expect(error?.retryable).toBe(true)
    expect(error?.message).toBe('The older messages could not be loaded. The list shows what it has; scroll there again to try once more.')
    expect(source.getSnapshot()).toMatchObject({ hasOlder: true, loading: 'none' })
    await source.loadOlder?.()
    expect(localIds(source)).toEqual(['l1', 'l2'])
  })

  it('refuses what is not an array of messages, and changes nothing', () => {
    const source = createArraySource([message(1)])
    const refused = (act: () => void) => {
      try {
        act()
      } catch (error) {
        return error as ChatError
      }
      return null
    }
    expect(refused(() => source.set('hello' as never))?.message).toBe(
      'An array source was given a string instead of an array of messages, so nothing can be shown. Hand over an array.',
    )
    expect(refused(() => source.append(message(2), { text: 'x' } as never))).toMatchObject({ code: 'source/invalid' })
    expect(refused(() => source.append(null as never))?.message).toContain('was given null among its messages')
    expect(refused(() => source.append(message(2), message(3, { conversationId: 'c2' })))?.message).toBe(
      'An array source of conversation "c1" was given message "l3" of conversation "c2". A list shows one. Make a source for each.',
    )
    expect(localIds(source)).toEqual(['l1'])
  })

  describe('around a place', () => {
    const paged = (options: { readonly delay?: Promise<void> } = {}) => {
      const asked: string[] = []
      const source = createArraySource([message(50), message(51)], {
        async loadOlder(oldest) {
          asked.push(`before ${oldest?.localId}`)
          await options.delay
          const order = oldest?.at?.order ?? 0
          return order <= 1 ? [] : [message(order - 2), message(order - 1)].filter(({ at }) => (at?.order ?? 0) > 0)
        },
      })
      return { source, asked }
    }

    it('is loaded by pages: a message, a point, a time', async () => {
      for (const anchor of [{ id: 'm45' as MessageId }, { at: { epoch: 0, order: 45, id: 'm45' } }, { time: message(45).time }]) {
        const { source } = paged()
        await source.loadAround?.(anchor)
        expect(localIds(source)).toContain('l45')
        expect(localIds(source)).not.toContain('l42')
      }
    })

    it('is found to be there, nowhere, or before the beginning', async () => {
      const { source, asked } = paged()
      await source.loadAround?.({ id: 'm50' as MessageId })
      await source.loadAround?.('newest')
      expect(asked).toEqual([])
      await source.loadAround?.({ time: 0 })
      expect(source.getSnapshot().hasOlder).toBe(false)
      await source.loadAround?.({ id: 'nowhere' as MessageId })
      expect(localIds(source)).toHaveLength(51)
    })

    it('waits for the page under way instead of asking for it twice', async () => {
      let arrive = () => {}
      const { source, asked } = paged({ delay: new Promise<void>((resolve) => (arrive = resolve)) })
      const first = source.loadOlder?.()
      const around = source.loadAround?.({ id: 'm47' as MessageId })
      arrive()
      await Promise.all([first, around])
      expect(asked).toEqual(['before l50', 'before l48'])
    })

    it('stops after 50 pages when an id is nowhere, and goes on for a time', async () => {
      const endless = () => createArraySource([message(5000)], { loadOlder: (oldest) => Promise.resolve([message((oldest?.at?.order ?? 0) - 1)]) })
      const byId = endless()
      await byId.loadAround?.({ id: 'nowhere' as MessageId })
      expect(localIds(byId)).toHaveLength(51)
      const byTime = endless()
      await byTime.loadAround?.({ time: message(4900).time })
      expect(localIds(byTime)[0]).toBe('l4899')
    })

    it('is not offered by an array without pages', () => {
      expect(createArraySource([message(1)]).loadAround).toBeUndefined()
    })
  })
})

const CASES = Number(process.env['READBACK_CASES'] ?? 150)
/** Few of each, so that keys and places meet often. */
const aMessage: fc.Arbitrary<Message> = fc.record({ n: fc.nat(5), order: fc.option(fc.nat(5)), epoch: fc.nat(1), failedAfter: fc.option(fc.nat(5), { nil: undefined }), text: fc.nat(2) }).map(({ n, order, epoch, failedAfter, text }) =>
  message(n, { at: order === null ? null : point(order, epoch), ids: order === null ? [] : [`m${order}`], body: { kind: 'text', text: `${text}` }, ...(order === null && failedAfter !== undefined && { outgoing: 'failed' as const, failedAfter: point(failedAfter) }) }))
const point = (order: number, epoch = 0) => ({ epoch, order, id: `m${order}` })
const someMessages = fc.array(aMessage, { maxLength: 12 })

/** What a host does between two renders. Of some messages an array is made that it keeps, and may change later. */
type Deed = { readonly does: 'set' | 'append' | 'prepend' | 'setAgain' | 'setCopy' | 'changeArray' | 'changeKeys'; readonly messages: readonly Message[]; readonly frozen: boolean }
const aDeed: fc.Arbitrary<Deed> = fc.record({ does: fc.constantFrom('set', 'append', 'prepend', 'setAgain', 'setCopy', 'changeArray', 'changeKeys'), messages: someMessages, frozen: fc.boolean() })

/** Said once more, and in another way: by place, behind it what failed there, last what has none; of two as they were given. */
function expected(known: ReadonlyMap<string, Message>): readonly Message[] {
  const placeOf = ({ at, failedAfter }: Message) => at ?? failedAfter ?? { epoch: Infinity, order: Infinity, id: '' }
  const rank = (m: Message) => `${[placeOf(m).epoch, placeOf(m).order].map((n) => (n === Infinity ? '9' : n)).join()} ${m.at ? 0 : 1}`
  return [...known.values()].map((m, given) => ({ m, given })).toSorted((a, b) => (rank(a.m) < rank(b.m) ? -1 : rank(a.m) > rank(b.m) ? 1 : a.given - b.given)).map(({ m }) => m)
}

describe('arrays as hosts have them', () => {
  it('[A17] 56: unsorted, changed in place, new at each render, under other keys: what was handed over last is shown, once each, in order', () => {
    fc.assert(fc.property(fc.array(aDeed, { maxLength: 12 }), (deeds) => {
      const source = createArraySource()
      let known = new Map<string, Message>()
      let theirs: Message[] = []
      const told = vi.fn()
      source.subscribe(told)
      const take = (messages: readonly Message[]) => messages.forEach((m) => known.set(messageKey(m), m))
      const handOver = (messages: readonly Message[]) => {
        known = new Map()
        take(messages)
        source.set(messages)
      }
      for (const { does, messages, frozen } of deeds) {
        const before = source.getSnapshot()
        const shownBefore = [...before.messages]
        const calls = told.mock.calls.length
        if (does === 'set') handOver(frozen ? Object.freeze(messages.map((m) => Object.freeze({ ...m }))) : (theirs = [...messages]))
        else if (does === 'setAgain') handOver(theirs)
        else if (does === 'setCopy') handOver([...theirs])
        else if (does === 'changeArray') theirs.splice(0, 2, ...messages.slice(0, 3).toReversed())
        else if (does === 'changeKeys') handOver((theirs = theirs.map((m) => ({ ...m, localId: `${m.localId}'` }))))
        else {
          take(messages)
          source[does](...messages)
        }
        const shown = source.getSnapshot()
        expect(shown.messages).toEqual(expected(known))
        expect(new Set(shown.messages.map(messageKey)).size).toBe(shown.messages.length)
        expect(before.messages).toEqual(shownBefore)
        const isSame = shown.messages.length === shownBefore.length && shown.messages.every((m, i) => m === shownBefore[i])
        expect([shown === before, told.mock.calls.length - calls]).toEqual(isSame ? [true, 0] : [false, 1])
      }
    }), { numRuns: CASES, seed: 56 })
  })

  it('[A17] 56: messages changed in place are shown as they are, and right again with the next array', () => {
    const aChange: fc.Arbitrary<Partial<Message>> = fc.oneof(aMessage.map(({ at }) => ({ at })), aMessage.map(({ localId }) => ({ localId })), aMessage.map(({ body }) => ({ body })))
    fc.assert(fc.property(someMessages, fc.array(fc.tuple(fc.nat(11), aChange, aMessage)), (messages, changes) => {
      const source = createArraySource(messages)
      for (const [which, change, added] of changes) {
        const one = messages[which]
        if (one) Object.assign(one, change)
        source.append(added)
        const shown = source.getSnapshot().messages
        expect(shown).toContain(added)
        expect(new Set(shown).size).toBe(shown.length)
      }
      const fresh = messages.map((m) => ({ ...m }))
      source.set(fresh)
      expect(source.getSnapshot().messages).toEqual(expected(new Map(fresh.map((m) => [messageKey(m), m]))))
    }), { numRuns: CASES, seed: 56 })
  })

  it('[A17] 34, 43: what is no array of messages is refused by name, and nothing of it is shown', () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withNullPrototype: true, withSparseArray: true })
    const noMessage = anything.filter((value) => typeof (value as { localId?: unknown } | null | undefined)?.localId !== 'string')
    fc.assert(fc.property(someMessages, noMessage, fc.boolean(), (messages, bad, isAmong) => {
      const source = createArraySource(messages)
      const before = source.getSnapshot()
      let code: unknown = null
      try {
        source.set((isAmong ? [message(1), bad] : bad) as readonly Message[])
      } catch (error) {
        code = (error as ChatError).code
      }
      const isEmpty = !isAmong && Array.isArray(bad) && bad.length === 0
      expect(code).toBe(isEmpty ? null : 'source/invalid')
      if (!isEmpty) expect(source.getSnapshot()).toBe(before)
    }), { numRuns: CASES, seed: 34 })
  })
})

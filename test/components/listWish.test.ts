import { describe, expect, it, vi } from 'vitest'
import { createListWish } from '../../src/components/listWish.js'
import type { ListPlace } from '../../src/components/listPlace.js'

const PLACE: ListPlace = { key: 'k', align: 'center' }

function wished(load: () => Promise<void> = async () => {}) {
  const [onLoaded, onError] = [vi.fn(), vi.fn()]
  const wish = createListWish(onLoaded, onError)
  return { wish, onLoaded, onError, answer: wish.ask({ id: 'm1' }, load) }
}

describe('a place that is being loaded', () => {
  it('is waited for until it is there', async () => {
    const { wish, answer } = wished(() => new Promise(() => {}))
    const take = vi.fn()
    wish.grant(() => null, take)
    expect([wish.isOpen(), take.mock.calls.length]).toEqual([true, 0])
    wish.grant(() => PLACE, take)
    expect([await answer, wish.isOpen(), take.mock.calls]).toEqual([true, false, [[PLACE]]])
  })
  it('is given up when all is loaded and it is not there; the list is asked to look once more', async () => {
    const { wish, onLoaded, answer } = wished()
    await vi.waitFor(() => expect(onLoaded).toHaveBeenCalledTimes(1))
    const take = vi.fn()
    wish.grant((_anchor, loaded) => (loaded ? null : PLACE), take)
    expect([await answer, take.mock.calls]).toEqual([false, [[null]]])
  })
  it('makes room for the next, and what was loaded for it then asks for nothing', async () => {
    let arrive = () => {}
    const { wish, onLoaded, answer } = wished(() => new Promise<void>((resolve) => (arrive = resolve)))
    const next = wish.ask('newest', () => new Promise(() => {}))
    expect(await answer).toBe(false)
    arrive()
    await Promise.resolve()
    wish.grant(() => 'newest', () => {})
    expect([await next, onLoaded.mock.calls.length]).toEqual([true, 0])
  })
  it('tells what went wrong where a source throws at once, and is over all the same', async () => {
    const { wish, onError, onLoaded, answer } = wished(() => {
      throw new Error('broken')
    })
    await vi.waitFor(() => expect(onLoaded).toHaveBeenCalledTimes(1))
    wish.grant(() => null, () => {})
    expect([await answer, onError.mock.calls]).toEqual([false, [[new Error('broken')]]])
  })
  it('tells what went wrong, and is over all the same', async () => {
    const { wish, onError, onLoaded, answer } = wished(() => Promise.reject(new Error('offline')))
    await vi.waitFor(() => expect(onLoaded).toHaveBeenCalled())
    wish.grant(() => null, () => {})
    expect([await answer, onError.mock.calls.length]).toEqual([false, 1])
  })
})

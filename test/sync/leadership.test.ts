import { ChatError, type ChatStorage } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock, type FakeClock } from 'readback/testing'
import { describe, expect, it } from 'vitest'
import { readLease } from '../../src/sync/lease.js'
import { takeLead } from '../../src/sync/leadership.js'
import { fakeLocks, type FakeBrowserLocks, type FakeTabLocks } from './fakeLocks.js'

const NAME = 'db/me/lead'

interface Tab {
  readonly clock: FakeClock
  readonly locks: FakeTabLocks | null
  readonly leadership: ReturnType<typeof takeLead>
  /** The storage of its last reign. */
  fenced: ChatStorage | null
  reigns: number
  ends: number
}

async function browser(options: { readonly locks?: boolean } = {}) {
  const disk = { isFull: false }
  const memory = memoryStorage({ clock: createFakeClock() })
  const storage: ChatStorage = { ...memory, write: (fn, how) => (disk.isFull ? Promise.reject(new ChatError('storage/full', '', { retryable: true })) : memory.write(fn, how)) }
  await storage.open('me')
  const all = fakeLocks()
  let n = 0
  const tabs: Tab[] = []
  function open(): Tab {
    const clock = createFakeClock()
    const locks = options.locks === false ? null : all.tab()
    const id = `tab-${n++}`
    const tab = { clock, locks, fenced: null, reigns: 0, ends: 0 } as unknown as Tab & { leadership: Tab['leadership'] }
    tab.leadership = takeLead({
      storage, locks, clock, random: { next: () => 0.5, id: () => id }, name: NAME,
      onLead(fenced) {
        tab.fenced = fenced
        tab.reigns++
        return () => void tab.ends++
      },
    })
    tabs.push(tab)
    return tab
  }
  /** Lets time pass in the tabs that are not frozen, a little at a time, as they run side by side. */
  async function pass(ms: number, awake: readonly Tab[] = tabs): Promise<void> {
    for (let passed = 0; passed < ms; passed += 500) {
      for (const tab of awake) tab.clock.advance(500)
      await settle()
    }
  }
  return { storage, disk, all, open, pass, lease: () => storage.read(readLease), leaders: () => tabs.filter((tab) => tab.leadership.isLeading()) }
}

async function settle(): Promise<void> {
  for (let step = 0; step < 30; step++) await new Promise((resolve) => setImmediate(resolve))
}

const refusal = (work: Promise<unknown>) => work.then(() => null, (error: unknown) => (error instanceof ChatError ? error.code : error))

describe.each([['with locks', true], ['by the lease alone', false]] as const)('%s', (_, locks) => {
  it('one tab leads, and its heartbeat keeps the others waiting', async () => {
    const { open, pass, leaders, lease } = await browser({ locks })
    const first = open()
    await settle()
    open()
    open()
    await pass(60_000)
    expect(leaders()).toEqual([first])
    expect(await lease()).toMatchObject({ epoch: 1, beat: 30 })
  })

  it('[I22] in a database that was thrown away, where epochs begin anew, what an earlier reign of the same tab left under way is refused', async () => {
    const { storage, open, pass, lease } = await browser({ locks })
    const tab = open()
    await pass(2_000)
    const earlier = tab.fenced!
    expect(await refusal(earlier.write((tx) => tx.outbox.list()))).toBeNull()
    await storage.write((tx) => tx.meta.delete('lease'))
    await pass(10_000)
    expect([tab.reigns, tab.leadership.isLeading(), (await lease()).epoch]).toEqual([2, true, 1])
    expect(await refusal(earlier.write((tx) => tx.outbox.delete(1)))).toBe('outbox/notLeading')
    expect(await refusal(tab.fenced!.write((tx) => tx.outbox.list()))).toBeNull()
  })

  it('[I22] a frozen leader is replaced after 6 s of silence; when it wakes its transactions are refused and it follows', async () => {
    const { open, pass, leaders, lease } = await browser({ locks })
    const [old, next] = [open(), open()]
    await pass(4_000)
    expect(leaders()).toEqual([old])
    old.locks?.freeze()
    await pass(8_500, [next])
    expect(next.leadership.isLeading()).toBe(true)
    expect((await lease()).epoch).toBe(2)
    let ran = false
    const writing = old.fenced!.write(async (tx) => {
      ran = true
      await tx.meta.put('cursor', 'old')
    })
    expect([await refusal(writing), ran]).toEqual(['outbox/notLeading', false])
    old.locks?.wake()
    await pass(20_000)
    expect(leaders()).toEqual([next])
    expect([old.reigns, old.ends, next.reigns, next.ends]).toEqual([1, 1, 1, 0])
  })

  it('[I22] a frozen leader that does nothing when it wakes stands down by itself', async () => {
    const { open, pass, leaders } = await browser({ locks })
    const [old, next] = [open(), open()]
    await pass(1_000)
    old.locks?.freeze()
    await pass(9_000, [next])
    old.locks?.wake()
    await pass(2_500)
    expect(leaders()).toEqual([next])
    expect(old.ends).toBe(1)
  })

  it('[F25] on a full disk, where nobody can say that they live, the lead stays where it is', async () => {
    const { disk, open, pass, leaders } = await browser({ locks })
    const [first, next] = [open(), open()]
    await pass(4_000)
    disk.isFull = true
    await pass(60_000)
    expect([leaders(), first.reigns, first.ends, next.reigns]).toEqual([[first], 1, 0, 0])
    first.locks?.freeze()
    await pass(20_000, [next])
    disk.isFull = false
    await pass(12_000, [next])
    first.locks?.wake()
    await pass(4_000)
    expect([leaders(), first.ends]).toEqual([[next], 1])
  })

  it('who gives the lead up is followed at once', async () => {
    const { open, pass, leaders } = await browser({ locks })
    const [old, next] = [open(), open()]
    await pass(2_000)
    await old.leadership.stop()
    await pass(2_500, [next])
    expect(leaders()).toEqual([next])
    expect(old.clock.pending).toBe(0)
  })

  it('[F13] a tab that itself slept looks again before it takes anything', async () => {
    const { open, pass, leaders } = await browser({ locks })
    const [old, next] = [open(), open()]
    await pass(4_000)
    // The whole machine slept: both clocks jump, and the follower's timers fire first.
    for (let round = 0; round < 5; round++) {
      next.clock.sleep(3_600_000)
      old.clock.sleep(3_600_000)
      next.clock.advance(0)
      await settle()
      old.clock.advance(0)
      await settle()
      await pass(2_000, [next, old])
    }
    expect(leaders()).toEqual([old])
    expect(next.reigns).toBe(0)
  })

  it('of many that see the silence one leads in the end, and no epoch is given twice', async () => {
    const { open, pass, leaders, lease } = await browser({ locks })
    const old = open()
    await settle()
    const rest = [open(), open(), open(), open()]
    await pass(4_000)
    old.locks?.freeze()
    await pass(30_000, rest)
    expect(leaders().filter((tab) => tab !== old)).toHaveLength(1)
    old.locks?.wake()
    await pass(10_000)
    expect(leaders()).toHaveLength(1)
    const { epoch, beat } = await lease()
    await pass(10_000)
    expect(await lease()).toMatchObject({ epoch, beat: beat + 5 })
  })
})

describe('trouble with locks', () => {
  it('a crashed tab is followed at once', async () => {
    const { open, leaders, pass } = await browser()
    const [old, next] = [open(), open()]
    await pass(1_000)
    old.locks!.crash()
    await settle()
    expect(next.leadership.isLeading()).toBe(true)
    expect(leaders()).toContain(next)
  })

  it('[I22] [F24] given to two tabs at once lets one of them write', async () => {
    const { open, pass, leaders, all }: { open: () => Tab; pass: (ms: number) => Promise<void>; leaders: () => Tab[]; all: FakeBrowserLocks } = await browser()
    all.giveToAll = true
    const [a, b] = [open(), open()]
    await settle()
    expect(leaders()).toHaveLength(2)
    const outcomes = await Promise.all([a, b].map((tab) => refusal(tab.fenced!.write((tx) => tx.meta.put('by', 'me')))))
    expect(outcomes.filter((code) => code === null)).toHaveLength(1)
    expect(outcomes.filter((code) => code === 'outbox/notLeading')).toHaveLength(1)
    all.giveToAll = false
    await pass(20_000)
    expect(leaders()).toHaveLength(1)
  })

  it('[I22] [F24] given to all is not claimed without a rest by who was refused: two that write at once do not drive each other', async () => {
    const { open, pass, all, lease } = await browser()
    all.giveToAll = true
    const tabs = [open(), open()]
    await settle()
    const before = (await lease()).epoch
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(tabs.map((tab) => refusal(tab.fenced!.write((tx) => tx.meta.put('by', 'me')))))
      await pass(500)
    }
    // In ten seconds each may come back after two to four.
    expect((await lease()).epoch - before).toBeLessThanOrEqual(10)
  })

  it('refused by the browser leave the lease to decide', async () => {
    const storage = memoryStorage({ clock: createFakeClock() })
    await storage.open('me')
    const clock = createFakeClock()
    const leadership = takeLead({ storage, locks: { request: () => Promise.reject(new DOMException('No.', 'SecurityError')) }, clock, random: { next: () => 0, id: () => 'a' }, name: NAME, onLead: () => () => {} })
    await settle()
    expect(leadership.isLeading()).toBe(true)
    await leadership.stop()
    expect(clock.pending).toBe(0)
  })

  it('a database that refuses the claim is asked again', async () => {
    const storage = memoryStorage({ clock: createFakeClock() })
    await storage.open('me')
    let broken = true
    const moody: ChatStorage = { ...storage, name: storage.name, write: (fn, how) => (broken ? Promise.reject(new ChatError('storage/full', 'No room.', { retryable: true })) : storage.write(fn, how)) }
    const clock = createFakeClock()
    const leadership = takeLead({ storage: moody, locks: fakeLocks().tab(), clock, random: { next: () => 0, id: () => 'a' }, name: NAME, onLead: () => () => {} })
    await settle()
    expect(leadership.isLeading()).toBe(false)
    broken = false
    clock.advance(2_000)
    await settle()
    expect(leadership.isLeading()).toBe(true)
  })
})

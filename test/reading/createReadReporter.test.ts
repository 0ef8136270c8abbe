import { createReadReporter, type ReadBatch, type ReadReporterOptions } from 'readback/core'
import { createFakeClock, createFakeVisibility } from 'readback/testing'
import { describe, expect, it } from 'vitest'
import { createFakePage, fakeElement } from './fakeIntersections.js'

function setup(options: Partial<ReadReporterOptions> = {}) {
  const clock = createFakeClock()
  const visibility = createFakeVisibility()
  const page = createFakePage()
  const batches: ReadBatch[] = []
  const server = { down: false }
  const report = async (batch: ReadBatch) => {
    batches.push(batch)
    if (server.down) throw new Error('unreachable')
  }
  const reporter = createReadReporter({ clock, visibility, random: { next: () => 0.5 }, IntersectionObserver: page.Observer, whyUnseen: () => null, report, ...options })
  const sent = () => batches.map(({ messages }) => messages.map(({ id }) => id))
  return { clock, visibility, page, batches, server, reporter, sent }
}

describe('createReadReporter', () => {
  it('[RD7] reports what dwelt, together, one window after the reading', async () => {
    const { clock, page, reporter, batches } = setup()
    for (const id of ['a', 'b', 'c']) {
      const element = fakeElement()
      reporter.observe(element, id)
      page.show(element, 100, 100)
    }
    await clock.advanceAsync(1099)
    expect(batches).toEqual([])
    await clock.advanceAsync(1)
    expect(batches).toEqual([{ messages: [{ id: 'a' }, { id: 'b' }, { id: 'c' }], ageMs: 300 }])
    expect(reporter.getQueued()).toEqual([])
  })

  it('[RD2] where its policy asks for somebody, what comes while nobody is there is reported once they are back', async () => {
    let touch = () => {}
    const activity = { subscribe: (listener: () => void) => ((touch = listener), () => {}) }
    const { clock, page, reporter, sent } = setup({ policy: { idleAfterMs: 60_000 }, activity })
    await clock.advanceAsync(60_001)
    const element = fakeElement()
    reporter.observe(element, 'a')
    page.show(element, 100, 100)
    await clock.advanceAsync(10_000)
    expect([reporter.getView('a').reasons, sent()]).toEqual([['idle'], []])
    touch()
    await clock.advanceAsync(1_100)
    expect(sent()).toEqual([['a']])
  })

  it('[RD7] a steady reader makes one report a second, not one a message', async () => {
    const { clock, reporter, batches } = setup()
    for (let read = 0; read < 50; read += 1) {
      reporter.markNow(`m${read}`)
      await clock.advanceAsync(200)
    }
    await clock.advanceAsync(1000)
    expect(batches).toHaveLength(10)
    expect(batches.flatMap(({ messages }) => messages)).toHaveLength(50)
  })

  it('[RD7] a window that gets or loses the focus sends nothing early, and a page that is hidden sends at once, at no age', async () => {
    const { clock, visibility, reporter, batches } = setup()
    reporter.markNow('a')
    visibility.setFocus(false)
    visibility.setFocus(true)
    await clock.advanceAsync(0)
    expect(batches).toEqual([])
    visibility.setVisible(false)
    await clock.advanceAsync(0)
    expect(batches).toEqual([{ messages: [{ id: 'a' }], ageMs: 0 }])
    reporter.markNow('b')
    await clock.advanceAsync(0)
    expect(batches).toHaveLength(2)
  })

  it('[RD8] after an answer the waits begin from the shortest again', async () => {
    const { clock, server, reporter, batches } = setup()
    const waitOf = async () => {
      const before = batches.length
      let ms = 0
      for (; batches.length === before; ms += 10) {
        if (ms > 3_600_000) throw new Error('For an hour nothing more was reported.')
        await clock.advanceAsync(10)
      }
      return ms
    }
    server.down = true
    reporter.markNow('a')
    await waitOf()
    const first = await waitOf()
    expect(await waitOf()).toBeGreaterThan(first)
    server.down = false
    await waitOf()
    server.down = true
    reporter.markNow('b')
    await waitOf()
    expect(await waitOf()).toBe(first)
  })

  it('[RD8] ends only once, and listens to nothing after it', () => {
    let listening = 0
    const { reporter } = setup({ visibility: { isVisible: () => true, hasFocus: () => true, subscribe: () => (listening += 1, () => void (listening -= 1)) } })
    expect(listening).toBe(1)
    reporter.dispose()
    reporter.dispose()
    expect(listening).toBe(0)
  })

  it('[RD8] after its end it takes nothing more, and ends once', async () => {
    const { clock, reporter, sent } = setup()
    reporter.markNow('a')
    reporter.dispose()
    reporter.markNow('b')
    reporter.dispose()
    await clock.advanceAsync(5_000)
    expect([sent(), reporter.getQueued(), clock.pending]).toEqual([[['a']], [], 0])
  })

  it('refuses a policy under which nothing would be read, or everything', () => {
    for (const dwellMs of [NaN, -1, Infinity]) expect(() => setup({ policy: { dwellMs } })).toThrow(expect.objectContaining({ code: 'policy/invalid' }))
  })

  it('[RD7] a full batch leaves at once, and none is larger than maxBatch', async () => {
    const { clock, reporter, sent } = setup({ policy: { maxBatch: 2 } })
    reporter.markNow('a')
    reporter.markNow('b')
    await clock.advanceAsync(0)
    expect(sent()).toEqual([['a', 'b']])
  })

  it.each<[how: string, leave: (scene: ReturnType<typeof setup>) => unknown]>([
    ['as it is full', ({ clock }) => clock.advanceAsync(0)],
    ['as the page is hidden', ({ visibility }) => visibility.setVisible(false)],
    ['as its host asks for it', ({ reporter }) => reporter.flush()],
    ['as its reporter ends', ({ reporter }) => reporter.dispose()],
  ])('[RD7] what is read at once leaves in parts of `maxBatch`, in its order: %s', async (_how, leave) => {
    const scene = setup({ policy: { maxBatch: 2 } })
    for (const id of ['a', 'b', 'c', 'd', 'e']) scene.reporter.markNow(id)
    await leave(scene)
    expect(scene.sent()).toEqual([['a', 'b'], ['c', 'd'], ['e']])
    await scene.clock.advanceAsync(60_000)
    expect([scene.batches.length, scene.reporter.getQueued()]).toEqual([3, []])
  })

  it('[RD8] when the page is hidden the queue leaves at once', async () => {
    const { clock, visibility, reporter, batches } = setup()
    reporter.markNow('a')
    await clock.advanceAsync(100)
    visibility.setVisible(false)
    expect(batches).toEqual([{ messages: [{ id: 'a' }], ageMs: 100 }])
    reporter.markNow('b')
    expect(batches).toHaveLength(2)
  })

  it('[RD9] a rejected batch stays queued and goes again with what was read since, its age grown', async () => {
    const { clock, server, reporter, sent, batches } = setup()
    server.down = true
    reporter.markNow('a')
    await clock.advanceAsync(300)
    expect([sent(), reporter.getQueued()]).toEqual([[['a']], ['a']])
    reporter.markNow('b')
    await clock.advanceAsync(499)
    expect(sent()).toHaveLength(1)
    await clock.advanceAsync(1)
    expect(sent()).toEqual([['a'], ['a', 'b']])
    server.down = false
    await clock.advanceAsync(1000)
    expect(sent()).toEqual([['a'], ['a', 'b'], ['a', 'b']])
    expect(batches.map(({ ageMs }) => ageMs)).toEqual([300, 500, 1500])
    expect([reporter.getQueued(), clock.pending]).toEqual([[], 0])
  })

  it.each([1, 8])('[RD9] back-off doubles up to a minute, with %d batches at a time', async (count) => {
    const { clock, server, reporter, batches } = setup({ random: { next: () => 0.999999 }, policy: { maxBatch: 2 } })
    server.down = true
    for (let read = 0; read < 2 * count - 1; read += 1) reporter.markNow(`m${read}`)
    await clock.advanceAsync(300)
    const times = [0]
    let known = batches.length
    for (let second = 1; second < 400; second += 1) {
      await clock.advanceAsync(1000)
      if (batches.length > known) times.push(second)
      known = batches.length
    }
    // While nothing is taken, one is tried.
    expect(batches).toHaveLength(count + times.length - 1)
    const waits = times.slice(1).map((time, index) => time - (times[index] as number))
    expect(waits.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
  })

  it.each([
    [['m0']], [['m7']], [['m39']], [['m0', 'm39']], [['m3', 'm4', 'm20']], [Array.from({ length: 20 }, (_, n) => `m${2 * n}`)],
  ])('[RD9] what a host never takes keeps nothing else from it: %j', async (never) => {
    const told: string[] = []
    const { clock, reporter } = setup({
      policy: { maxBatch: 16 },
      report: async ({ messages }) => {
        if (messages.some(({ id }) => never.includes(id))) throw new Error('No such message.')
        told.push(...messages.map(({ id }) => id))
      },
    })
    for (let read = 0; read < 40; read += 1) reporter.markNow(`m${read}`)
    for (let waited = 0; waited < 30; waited += 1) await clock.advanceAsync(60_000)
    reporter.markNow('late')
    for (let waited = 0; waited < 30; waited += 1) await clock.advanceAsync(60_000)
    expect(told.toSorted()).toEqual(['late', ...Array.from({ length: 40 }, (_, n) => `m${n}`)].filter((id) => !never.includes(id)).toSorted())
    expect([...reporter.getQueued()].toSorted()).toEqual([...never].toSorted())
    expect(clock.pending).toBe(1)
  })

  it('[RD8] what is left of a rejected batch leaves at once with a page that is hidden, in whole batches', async () => {
    const { clock, visibility, server, reporter, sent } = setup({ policy: { maxBatch: 4 } })
    server.down = true
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) reporter.markNow(id)
    await clock.advanceAsync(20_000)
    const before = sent().length
    visibility.setVisible(false)
    expect(sent().slice(before).map((ids) => ids.length)).toEqual([4, 2])
  })

  it('[RD9] what was read while a report is under way leaves in its own batch', async () => {
    const answers: (() => void)[] = []
    const { clock, reporter } = setup({ report: () => new Promise<void>((resolve) => answers.push(resolve)) })
    reporter.markNow('a')
    await clock.advanceAsync(300)
    reporter.markNow('b')
    await clock.advanceAsync(300)
    expect([answers.length, reporter.getQueued()]).toEqual([2, ['a', 'b']])
    answers.forEach((answer) => answer())
    await clock.advanceAsync(0)
    expect(reporter.getQueued()).toEqual([])
  })

  it('[RD9] what was read during a retry leaves once the retry was taken', async () => {
    const answers: { take(): void; refuse(): void }[] = []
    const { clock, reporter } = setup({ report: () => new Promise<void>((take, refuse) => answers.push({ take, refuse: () => refuse(new Error('unreachable')) })) })
    reporter.markNow('a')
    await clock.advanceAsync(300)
    answers[0]!.refuse()
    await clock.advanceAsync(500)
    expect(answers).toHaveLength(2)
    reporter.markNow('b')
    await clock.advanceAsync(5000)
    expect(answers).toHaveLength(2)
    answers[1]!.take()
    await clock.advanceAsync(300)
    expect([answers.length, reporter.getQueued()]).toEqual([3, ['b']])
  })

  it('[RD9] a report without an answer is aborted after 30 s and counts as rejected', async () => {
    const signals: AbortSignal[] = []
    const { clock, reporter } = setup({
      report: (_batch, signal) => {
        signals.push(signal)
        return new Promise(() => {})
      },
    })
    reporter.markNow('a')
    await clock.advanceAsync(300 + 29_999)
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
    await clock.advanceAsync(1)
    expect([signals[0]?.aborted, reporter.getQueued()]).toEqual([true, ['a']])
    await clock.advanceAsync(500)
    expect(signals).toHaveLength(2)
  })

  it('[RD9] flush resolves when its attempt has ended, whether taken or not', async () => {
    const { server, reporter } = setup()
    server.down = true
    reporter.markNow('a')
    await reporter.flush()
    expect(reporter.getQueued()).toEqual(['a'])
    server.down = false
    await reporter.flush()
    expect(reporter.getQueued()).toEqual([])
  })

  it('[RD8] whoever is told of a reading, and disposes of the reporter then, takes the reading along', async () => {
    const { clock, page, reporter, sent } = setup()
    const element = fakeElement()
    reporter.observe(element, 'a')
    reporter.subscribe(() => {
      if (reporter.getView('a').state === 'read') reporter.dispose()
    })
    page.show(element, 100, 100)
    await clock.advanceAsync(5_000)
    expect(sent()).toEqual([['a']])
  })

  it('[RD8] dispose hands over what is queued one last time and starts nothing again', async () => {
    const { clock, server, reporter, sent, page } = setup()
    reporter.observe(fakeElement(), 'z')
    reporter.markNow('a')
    server.down = true
    reporter.dispose()
    reporter.dispose()
    await clock.advanceAsync(600_000)
    expect([sent(), clock.pending, page.alive]).toEqual([[['a']], 0, 0])
  })
})

it('[RD4] what is unread again, and read again while its first report is under way, is told again', async () => {
  const [clock, visibility] = [createFakeClock(), createFakeVisibility()]
  const batches: ReadBatch[] = []
  const answers: (() => void)[] = []
  const reporter = createReadReporter({ clock, visibility, IntersectionObserver: createFakePage().Observer, whyUnseen: () => null, report: (batch) => new Promise((resolve) => { batches.push(batch); answers.push(resolve) }) })
  reporter.markNow('a')
  await clock.advanceAsync(400)
  expect(batches).toHaveLength(1)
  // The host makes it unread again, and it is read again, before the answer.
  reporter.forget('a')
  reporter.markNow('a')
  answers[0]!()
  await clock.advanceAsync(5_000)
  expect([batches.length, reporter.getQueued()]).toEqual([2, ['a']])
})

it('[RD9] the age of a batch is that of the newest in it, also of one that was read twice', async () => {
  const [clock, visibility] = [createFakeClock(), createFakeVisibility()]
  const batches: ReadBatch[] = []
  const reporter = createReadReporter({ clock, visibility, random: { next: () => 0.999 }, IntersectionObserver: createFakePage().Observer, whyUnseen: () => null, report: async (batch) => { batches.push(batch); if (batches.length === 1) throw new Error('refused') } })
  reporter.markNow('a')
  reporter.markNow('b')
  await clock.advanceAsync(310)
  await clock.advanceAsync(100)
  reporter.forget('a')
  reporter.markNow('a')
  await reporter.flush()
  expect(batches[1]!.ageMs).toBe(0)
})

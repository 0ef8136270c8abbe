import { comparePoints, type Point } from '../../model/index.js'
import { check, checkEqual, checkRefused, FOREIGN, numbers, pointOf, texts, type Scene, type SceneDevice } from './scene.js'
import type { CaseSpec, Needs } from './setup.js'

const history: Needs = (capabilities) => (capabilities.history ? null : 'there is no history')

async function withMessages(scene: Scene, count: number) {
  const direct = await scene.conversation('direct', 'ann', 'bob')
  const ann = await scene.connect('ann')
  for (const n of numbers(count)) await ann.say(direct, `m${n}`)
  return { direct, ann }
}

/** Every page from the newest to the beginning. */
async function pageBack(device: SceneDevice, id: string, limit: number): Promise<string[]> {
  const found: string[] = []
  let before: Point | undefined
  for (;;) {
    const page = await device.transport.history!(id, { limit, ...(before ? { before } : {}) })
    found.unshift(...texts(page.messages))
    if (page.contiguousTo === null) return found
    // Whoever asks on does so from where it is whole.
    const end = [...page.messages.slice(0, 1).map(({ at }) => at), page.contiguousTo].sort(comparePoints).at(-1)!
    check(before === undefined || comparePoints(end, before) < 0, 'A page of history must reach further than where it was asked for, or say with `contiguousTo: null` that nothing is beyond.')
    before = end
  }
}

export const historyCases: readonly CaseSpec[] = [
  {
    title: 'pages backwards join without a hole and without a repeat, down to the beginning',
    async run(scene) {
      const { direct, ann } = await withMessages(scene, 23)
      checkEqual(await pageBack(ann, direct.id, 5), numbers(23).map((n) => `m${n}`), 'the whole history')
    },
    needs: history,
  },
  {
    title: 'a history whose last page is full ends too',
    async run(scene) {
      const { direct, ann } = await withMessages(scene, 10)
      checkEqual(await pageBack(ann, direct.id, 5), numbers(10).map((n) => `m${n}`), 'the whole history')
    },
    needs: history,
  },
  {
    title: 'pages forwards join up to the head',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const ann = await scene.connect('ann')
      const first = await ann.say(direct, 'first')
      for (const n of numbers(12)) await ann.say(direct, `m${n}`)
      const found: string[] = []
      let after: Point | null = pointOf(first)
      while (after) {
        const page: Awaited<ReturnType<NonNullable<typeof ann.transport.history>>> = await ann.transport.history!(direct.id, { after, limit: 5 })
        found.push(...texts(page.messages))
        after = page.contiguousTo === null ? null : (page.messages.at(-1)?.at ?? null)
      }
      checkEqual(found, numbers(12).map((n) => `m${n}`), 'what is after the first')
    },
    needs: history,
  },
  {
    // Where nothing is beyond a page, nothing is asked for any more: what is missing before a message that came live would be missing for good.
    title: 'history that is asked for beside a live conversation has all that came live before, and takes nothing away from what comes meanwhile',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const ann = await scene.connect('ann')
      const first = pointOf(await ann.say(direct, 'first'))
      await ann.say(direct, 'before')
      const bob = await scene.connect('bob')
      const live = numbers(8).map((n) => `live ${n}`)
      const all = ['before', ...live]
      for (const [n, text] of live.entries()) {
        const came = texts(bob.messages(direct)).filter((each) => live.includes(each))
        const [page] = await Promise.all([bob.transport.history!(direct.id, { after: first, limit: 100 }), ann.say(direct, text)])
        const found = texts(page.messages)
        checkEqual(found, all.slice(0, found.length), 'what is after the first')
        checkEqual([page.contiguousTo, came.filter((each) => !found.includes(each))], [null, []], 'the end, and what came live before and is not in it')
        await scene.until(`bob has ${text}`, () => texts(bob.messages(direct)).filter((each) => live.includes(each)).length > n)
      }
      await scene.quiet()
      checkEqual(texts(bob.messages(direct)).filter((each) => live.includes(each)), live, 'what came live')
    },
    needs: history,
  },
  {
    title: 'an empty conversation has an empty history that ends',
    async run(scene) {
      const { direct, ann } = await withMessages(scene, 0)
      const page = await ann.transport.history!(direct.id, { limit: 5 })
      checkEqual([page.messages.length, page.contiguousTo], [0, null], 'messages and end')
    },
    needs: history,
  },
  {
    title: 'history of others is refused',
    async run(scene) {
      const { direct } = await withMessages(scene, 1)
      const eve = await scene.connect('eve')
      await checkRefused(eve.transport.history!(direct.id, { limit: 5 }), 'history for a stranger', FOREIGN)
    },
    needs: history,
  },
]

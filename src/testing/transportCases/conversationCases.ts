import { comparePoints, type Point } from '../../model/index.js'
import { check, checkEqual, checkRefused, FOREIGN, numbers, pointOf, texts } from './scene.js'
import type { CaseSpec } from './setup.js'

export const conversationCases: readonly CaseSpec[] = [
  {
    title: 'my conversations are listed whole, with their heads, and nobody else\'s',
    async run(scene) {
      const [mine, group, foreign] = [await scene.conversation('direct', 'ann', 'bob'), await scene.conversation('group', 'ann', 'bob', 'cat'), await scene.conversation('direct', 'bob', 'cat')]
      const [ann] = [await scene.connect('ann'), await scene.connect('bob')]
      const accepted = await ann.say(mine, 'one')
      const found = []
      let cursor: string | undefined
      do {
        const page = await ann.transport.conversations!({ limit: 1, ...(cursor === undefined ? {} : { cursor }) })
        found.push(...page.items)
        cursor = page.next
      } while (cursor !== undefined)
      const ids = found.map(({ id }) => id)
      check(ids.includes(mine.id) && ids.includes(group.id) && !ids.includes(foreign.id), `Listed were ${ids.join(', ')}.`)
      checkEqual(found.find(({ id }) => id === mine.id)?.head, pointOf(accepted), 'the head')
    },
    needs: ({ conversations }) => (conversations ? null : 'there is no list of conversations'),
  },
  {
    title: 'a list of conversations leaves none out, though they move while it is read',
    async run(scene) {
      const made = []
      for (const _ of numbers(4)) made.push(await scene.conversation('group', 'ann', 'bob'))
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      for (const each of made) await bob.say(each, 'one')
      const seen = new Set<string>()
      let cursor: string | undefined
      do {
        const page = await ann.transport.conversations!({ limit: 1, ...(cursor === undefined ? {} : { cursor }) })
        for (const { id } of page.items) seen.add(id)
        cursor = page.next
        const unseen = made.find(({ id }) => !seen.has(id))
        await scene.pass(2)
        if (unseen) await bob.say(unseen, 'moves to the front')
      } while (cursor !== undefined)
      checkEqual(made.filter(({ id }) => !seen.has(id)).length, 0, 'number of conversations that stood on no page')
    },
    needs: ({ conversations }) => (conversations ? null : 'there is no list of conversations'),
  },
  {
    title: 'the members of a conversation are listed',
    async run(scene) {
      const group = await scene.conversation('group', 'ann', 'bob', 'cat')
      const ann = await scene.connect('ann')
      const members = await ann.transport.members!(group.id, { limit: 100 })
      checkEqual(members.items.map(({ userId }) => userId).sort(), [...group.members].sort(), 'the members')
    },
    needs: ({ members }) => (members ? null : 'there is no list of members'),
  },
  {
    title: 'making a conversation again changes nothing',
    async run(scene) {
      const group = await scene.conversation('group', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      await ann.say(group, 'one')
      for (const device of [ann, bob]) await device.transport.ensureConversation!({ id: group.id, kind: 'group', members: group.members })
      await ann.say(group, 'two')
      await scene.until('bob has both', () => bob.messages(group).length >= 2)
      checkEqual(texts(bob.messages(group)), ['one', 'two'], 'what bob has')
    },
    needs: ({ membership }) => (membership ? null : 'conversations cannot be made'),
  },
  {
    title: 'who joins later gets what is said from then on, and who leaves gets nothing more',
    async run(scene) {
      const group = await scene.conversation('group', 'ann', 'bob')
      const [ann, bob, cat] = [await scene.connect('ann'), await scene.connect('bob'), await scene.connect('cat')]
      await ann.say(group, 'before')
      await cat.transport.join!(group.id)
      await ann.say(group, 'with cat')
      await scene.until('cat has it', () => texts(cat.messages(group)).includes('with cat'))
      check(!texts(cat.messages(group)).includes('before'), 'What was said before she joined is history, not news.')
      await scene.until('ann knows that cat joined', () => ann.of('member').some(({ member }) => member.userId === cat.userId && member.intervals.at(-1)?.leftAt === null))
      await cat.transport.leave!(group.id)
      await ann.say(group, 'without cat')
      await scene.until('bob has it', () => texts(bob.messages(group)).includes('without cat'))
      await scene.quiet()
      check(!texts(cat.messages(group)).includes('without cat'), 'Somebody who left still gets messages.')
      await scene.until('ann knows that cat left', () => ann.of('member').some(({ member }) => member.userId === cat.userId && member.intervals.at(-1)?.leftAt !== null))
    },
    needs: ({ membership }) => (membership ? null : 'nobody can join or leave'),
  },
  {
    title: 'whose message counts for whom: joining and leaving stand between what was said before and after',
    async run(scene) {
      const group = await scene.conversation('group', 'ann', 'bob')
      const [ann, cat] = [await scene.connect('ann'), await scene.connect('cat')]
      const before = pointOf(await ann.say(group, 'before'))
      await cat.transport.join!(group.id)
      const during = pointOf(await ann.say(group, 'with cat'))
      await cat.transport.leave!(group.id)
      const after = pointOf(await ann.say(group, 'without cat'))
      const last = () => ann.of('member').filter(({ member }) => member.userId === cat.userId).at(-1)?.member.intervals.at(-1)
      await scene.until('ann knows that cat left', () => (last()?.leftAt ?? null) !== null)
      const { joinedAt, leftAt } = last()!
      const stands = (one: Point, at: Point, other: Point) => comparePoints(one, at) < 0 && comparePoints(at, other) <= 0
      check(joinedAt !== null && stands(before, joinedAt, during), `She joined after ${JSON.stringify(before)} and not after ${JSON.stringify(during)}, and is told to have joined at ${JSON.stringify(joinedAt)}: messages would wait for readers that they never had.`)
      check(stands(during, leftAt!, after), `She left after ${JSON.stringify(during)} and not after ${JSON.stringify(after)}, and is told to have left at ${JSON.stringify(leftAt)}.`)
    },
    needs: (capabilities) => (capabilities.membership ? (capabilities.order === 'sequence' ? null : 'order is by time') : 'nobody can join or leave'),
  },
  {
    title: 'who comes back learns who has read what meanwhile',
    async run(scene) {
      const group = await scene.conversation('group', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const one = await bob.say(group, 'one')
      await bob.transport.leave!(group.id)
      await ann.report(group, 'read', { upTo: pointOf(one), messages: [one], from: bob.userId })
      await scene.quiet()
      await bob.transport.join!(group.id)
      await scene.until('bob knows that ann has read it', () => bob.knows(group, ann.userId, 'read', one))
    },
    needs: ({ membership, receiptsCatchUp, read, groupReceiptsTo }) => (membership && receiptsCatchUp === 'replay' && groupReceiptsTo === 'members' && (read.group === 'ranges' || read.group === 'point') ? null : 'nobody comes back, or receipts are not told again'),
  },
  {
    title: 'who has left is told nothing of what came after, also when they come back with a cursor, and is refused history',
    async run(scene) {
      const group = await scene.conversation('group', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      await ann.say(group, 'before')
      await scene.until('bob has it, and a cursor', () => bob.messages(group).length === 1 && bob.events.at(-1)?.type === 'cursor')
      await bob.transport.leave!(group.id)
      await scene.quiet()
      const since = bob.lastCursor()
      check(since !== undefined, 'No cursor was given.')
      await bob.transport.close()
      const secret = await ann.say(group, 'behind his back')
      await ann.report(group, 'read', { upTo: pointOf(secret) })
      for (const how of [{ since }, {}]) {
        const later = await scene.connect('bob', how)
        await scene.quiet()
        check(!JSON.stringify(later.events).includes('behind his back'), `Somebody who left was told of it when they came back ${'since' in how ? 'with a cursor' : 'for the first time'}.`)
        if (scene.capabilities.history) await checkRefused(later.transport.history!(group.id, { limit: 5 }), 'history for who has left', FOREIGN)
        await later.transport.close()
      }
    },
    needs: (capabilities) => (!capabilities.membership ? 'nobody can join or leave' : capabilities.catchUp === 'cursor' ? null : `catch-up is by ${capabilities.catchUp}`),
  },
  {
    title: 'a device that knows nothing of a conversation is told nothing of what came after its user had left it',
    async run(scene) {
      const other = await scene.conversation('direct', 'ann', 'bob')
      const [ann, phone, laptop] = [await scene.connect('ann'), await scene.connect('bob'), await scene.connect('bob')]
      await ann.say(other, 'before')
      await scene.until('the laptop has it, and a cursor', () => laptop.messages(other).length === 1 && laptop.events.at(-1)?.type === 'cursor')
      const since = laptop.lastCursor()
      check(since !== undefined, 'No cursor was given.')
      await laptop.transport.close()
      const group = { id: `${other.id}-later`, kind: 'group', members: other.members } as const
      await ann.transport.ensureConversation!(group)
      await ann.say(group, 'while he is there')
      await phone.transport.leave!(group.id)
      await ann.say(group, 'behind his back')
      const later = await scene.connect('bob', { since })
      await scene.quiet()
      check(!JSON.stringify(later.events).includes('behind his back'), 'Somebody who left was told of it by a device that had not been there.')
    },
    needs: (capabilities) => (!capabilities.membership ? 'nobody can join or leave' : capabilities.catchUp === 'cursor' ? null : `catch-up is by ${capabilities.catchUp}`),
  },
  {
    title: 'typing reaches the other member, and nobody else',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob, eve] = [await scene.connect('ann'), await scene.connect('bob'), await scene.connect('eve')]
      await ann.transport.typing!(direct.id, true)
      await scene.until('bob sees it', () => bob.of('typing').some(({ by, on }) => by === ann.userId && on))
      await ann.transport.typing!(direct.id, false)
      await scene.until('bob sees the end of it', () => bob.of('typing').some(({ by, on }) => by === ann.userId && !on))
      checkEqual(eve.of('typing').length, 0, 'number of typing events for a stranger')
    },
    needs: ({ typing }) => (typing ? null : 'there is no typing'),
  },
  {
    title: 'presence comes and goes',
    async run(scene) {
      await scene.conversation('direct', 'ann', 'bob')
      const ann = await scene.connect('ann')
      const bob = await scene.connect('bob')
      const seen = () => ann.of('presence').filter(({ userId }) => userId === bob.userId).at(-1)?.presence
      await scene.until('ann sees bob come', () => seen() === 'online')
      await bob.transport.presence!('unavailable')
      await scene.until('ann sees him busy', () => seen() === 'unavailable')
      await bob.transport.close()
      await scene.until('ann sees him go', () => seen() === 'offline')
    },
    needs: ({ presence }) => (presence ? null : 'there is no presence'),
  },
  {
    title: 'who closes one of two devices is still there',
    async run(scene) {
      await scene.conversation('direct', 'ann', 'bob')
      const [ann, phone, laptop] = [await scene.connect('ann'), await scene.connect('bob'), await scene.connect('bob')]
      const seen = () => ann.of('presence').filter(({ userId }) => userId === laptop.userId).at(-1)?.presence
      await scene.until('ann sees bob', () => seen() === 'online')
      await phone.transport.close()
      await scene.quiet()
      checkEqual(seen(), 'online', 'how ann sees bob, whose laptop is there')
      await laptop.transport.close()
      await scene.until('ann sees him go', () => seen() === 'offline')
    },
    needs: ({ presence }) => (presence ? null : 'there is no presence'),
  },
]

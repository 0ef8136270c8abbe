import { check, checkEqual, pointOf, texts } from './scene.js'
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
]

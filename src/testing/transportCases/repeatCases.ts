/** The localId: what makes a message that is sent again the same message, and nobody else's. */
import { check, checkEqual, checkRefused, FOREIGN, numbers, texts } from './scene.js'
import type { CaseSpec, Needs } from './setup.js'

const serverDedupe: Needs = ({ dedupe }) => (dedupe.by === 'server' ? null : 'dedupe is by the receiver')

export const repeatCases: readonly CaseSpec[] = [
  {
    title: 'the same localId again is the same message, and is handed to nobody twice',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const localId = scene.newLocalId()
      const first = await ann.say(direct, 'one', { localId })
      const second = await ann.say(direct, 'one', { localId })
      checkEqual([second.id, second.at], [first.id, first.at], 'id and point of the repeat')
      await ann.say(direct, 'two')
      await scene.until('bob has the next one', () => texts(bob.messages(direct)).includes('two'))
      checkEqual(texts(bob.messages(direct)), ['one', 'two'], 'what bob has')
    },
    needs: serverDedupe,
  },
  {
    title: 'the same localId again is the same message also for who has left since: its answer was lost, and it was taken',
    async run(scene) {
      const group = await scene.conversation('group', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const localId = scene.newLocalId()
      const first = await bob.say(group, 'one', { localId })
      await bob.transport.leave!(group.id)
      const second = await bob.say(group, 'one', { localId })
      checkEqual([second.id, second.at], [first.id, first.at], 'id and point of the repeat')
      await checkRefused(bob.say(group, 'two'), 'a message of who has left', FOREIGN)
      await scene.until('ann has it', () => texts(ann.messages(group)).includes('one'))
      checkEqual(texts(ann.messages(group)), ['one'], 'what ann has')
    },
    needs: (capabilities) => serverDedupe(capabilities) ?? (capabilities.membership ? null : 'nobody can join or leave'),
  },
  {
    title: 'the same localId ten times at once is one message',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const localId = scene.newLocalId()
      const answers = await Promise.all(numbers(10).map(() => ann.say(direct, 'one', { localId })))
      checkEqual(new Set(answers.map(({ id }) => id)).size, 1, 'number of ids')
      await scene.until('bob has it', () => bob.messages(direct).length > 0)
      await scene.quiet()
      checkEqual(texts(bob.messages(direct)), ['one'], 'what bob has')
    },
    needs: serverDedupe,
  },
  {
    title: 'a lost answer leaves the message undecided, and the retry finds it stored',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const localId = scene.newLocalId()
      await scene.rig.swallowAnswer!(ann.transport)
      let outcome: 'open' | 'answered' | { stored: string } = 'open'
      ann.say(direct, 'one', { localId }).then(() => { outcome = 'answered' }, (error: { stored: string }) => { outcome = { stored: error.stored } })
      await scene.until('the send has ended', () => outcome !== 'open')
      checkEqual(outcome, { stored: 'maybe' }, 'the outcome of a send without an answer')
      await scene.until('the device is online again', () => ann.of('state').at(-1)?.state.status === 'online')
      const again = await ann.say(direct, 'one', { localId })
      check(again.id !== '', 'The retry must be accepted.')
      await scene.until('bob has it', () => bob.messages(direct).length > 0)
      await scene.quiet()
      checkEqual(new Set(bob.messages(direct).map(({ from, localId: own }) => `${from} ${own}`)).size, 1, 'number of messages for bob')
    },
    rig: ['swallowAnswer'],
  },
  {
    title: 'equal localIds of two people are two messages',
    async run(scene) {
      const group = await scene.conversation('group', 'ann', 'bob', 'cat')
      const [ann, bob, cat] = [await scene.connect('ann'), await scene.connect('bob'), await scene.connect('cat')]
      const localId = scene.newLocalId()
      const [one, two] = [await ann.say(group, 'of ann', { localId }), await bob.say(group, 'of bob', { localId })]
      check(one.id !== two.id, 'Two people chose the same localId; the ids must differ.')
      await scene.until('cat has both', () => cat.messages(group).length >= 2)
      checkEqual(texts(cat.messages(group)), ['of ann', 'of bob'], 'what cat has')
    },
  },
  {
    title: 'the same localId in two conversations is two messages',
    async run(scene) {
      const [direct, group] = [await scene.conversation('direct', 'ann', 'bob'), await scene.conversation('group', 'ann', 'bob', 'cat')]
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const localId = scene.newLocalId()
      const [one, two] = [await ann.say(direct, 'to one', { localId }), await ann.say(group, 'to all', { localId })]
      check(one.id !== two.id, 'A localId is unique to its conversation; the ids must differ.')
      await scene.until('bob has both', () => texts(bob.messages(direct)).includes('to one') && texts(bob.messages(group)).includes('to all'))
    },
  },
]

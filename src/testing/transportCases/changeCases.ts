import { check, checkEqual, checkRefused, FOREIGN, type Scene } from './scene.js'
import type { CaseSpec, Needs } from './setup.js'

type Change = 'edit' | 'recall' | 'delete' | 'react'

const offers = (name: Change): Needs => (capabilities) => (capabilities[name] ? null : `there is no ${name}`)

/** Ann has sent one message, which bob has. */
async function oneMessage(scene: Scene) {
  const direct = await scene.conversation('direct', 'ann', 'bob')
  const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
  const accepted = await ann.say(direct, 'one')
  await scene.until('bob has it', () => bob.messages(direct).length > 0)
  return { direct, ann, bob, id: accepted.id }
}

async function inHistory(scene: Scene, { direct, ann, id }: Awaited<ReturnType<typeof oneMessage>>) {
  if (!scene.capabilities.history) return undefined
  return (await ann.transport.history!(direct.id, { limit: 10 })).messages.find((message) => message.id === id)
}

export const changeCases: readonly CaseSpec[] = [
  {
    title: 'an edit reaches the other member and the device that made it, and stays',
    async run(scene) {
      const set = await oneMessage(scene)
      await set.ann.transport.edit!(set.direct.id, set.id, { kind: 'text', text: 'One!' })
      for (const device of [set.ann, set.bob]) await scene.until('both know', () => device.of('edited').some(({ id, body }) => id === set.id && body.kind === 'text' && body.text === 'One!'))
      const stored = await inHistory(scene, set)
      check(stored === undefined || (stored.editedAt !== undefined && JSON.stringify(stored.body).includes('One!')), 'History must give the edited text.')
    },
    needs: offers('edit'),
  },
  {
    title: 'a recall reaches the other member, and takes the text out of history',
    async run(scene) {
      const set = await oneMessage(scene)
      await set.ann.transport.recall!(set.direct.id, set.id)
      for (const device of [set.ann, set.bob]) await scene.until('both know', () => device.of('recalled').some(({ id }) => id === set.id))
      const stored = await inHistory(scene, set)
      check(stored === undefined || (stored.recalledAt !== undefined && !JSON.stringify(stored.body).includes('one')), 'History must not give a recalled text.')
    },
    needs: offers('recall'),
  },
  {
    title: 'a recall past its window is refused, and the message stays',
    async run(scene) {
      const set = await oneMessage(scene)
      await scene.rig.passLong!(scene.capabilities.limits.recallWindowMs! + 1_000)
      await checkRefused(set.ann.transport.recall!(set.direct.id, set.id), 'a late recall', ['transport/recallTooLate'])
      await scene.quiet()
      checkEqual(set.bob.of('recalled').length, 0, 'number of recalls for bob')
    },
    needs: (capabilities) => (capabilities.limits.recallWindowMs === undefined ? 'no window for recalls is known' : offers('recall')(capabilities)),
    rig: ['passLong'],
  },
  {
    title: 'a deletion reaches the other member',
    async run(scene) {
      const set = await oneMessage(scene)
      await set.ann.transport.delete!(set.direct.id, set.id)
      await scene.until('bob knows', () => set.bob.of('deleted').some(({ id }) => id === set.id))
    },
    needs: offers('delete'),
  },
  {
    title: 'the same change again does no harm, and changes nothing',
    async run(scene) {
      const set = await oneMessage(scene)
      const { direct, ann, bob, id } = set
      for (const _ of ['once', 'again']) {
        await ann.transport.edit!(direct.id, id, { kind: 'text', text: 'One!' })
        await bob.transport.react!(direct.id, id, '👍', true)
      }
      await scene.until('ann knows of the reaction', () => ann.of('reacted').length > 0)
      const edited = await inHistory(scene, set)
      checkEqual(edited?.reactions ?? [{ emoji: '👍', by: bob.userId }], [{ emoji: '👍', by: bob.userId }], 'the reactions after the same one twice')
      for (const _ of ['once', 'again']) await ann.transport.recall!(direct.id, id)
      for (const _ of ['once', 'again']) await ann.transport.delete!(direct.id, (await ann.say(direct, 'two', { localId: `${id}-two` })).id)
      await scene.until('bob knows of both', () => bob.of('recalled').length > 0 && bob.of('deleted').length > 0)
    },
    needs: (capabilities) => (capabilities.edit && capabilities.react && capabilities.recall && capabilities.delete ? null : 'edit, react, recall or delete is missing'),
  },
  {
    title: 'who leads a group deletes what others wrote, and who does not is refused',
    async run(scene) {
      const group = await scene.conversation('group', 'ann', 'bob', 'cat')
      const devices = [await scene.connect('ann'), await scene.connect('bob'), await scene.connect('cat')]
      const members = (await devices[0]!.transport.members!(group.id, { limit: 10 })).items
      const leader = devices.find(({ userId }) => members.some((member) => member.userId === userId && member.role !== 'member'))
      const [author, other] = devices.filter((device) => device !== leader)
      check(leader !== undefined && other !== undefined, `Somebody must lead the group, and not everybody: ${JSON.stringify(members)}.`)
      const [one, two] = [await author!.say(group, 'one'), await author!.say(group, 'two')]
      await checkRefused(other.transport.delete!(group.id, one.id), 'deleting what another member wrote', ['transport/forbidden'])
      await leader.transport.delete!(group.id, two.id)
      await scene.until('its author knows', () => author!.of('deleted').some(({ id, by }) => id === two.id && by === leader.userId))
      checkEqual(author!.of('deleted').map(({ id }) => id), [two.id], 'what is deleted')
    },
    needs: (capabilities) => (capabilities.moderation && capabilities.delete && capabilities.members ? null : 'nobody may delete what others wrote'),
  },
  {
    title: 'a reaction comes and goes',
    async run(scene) {
      const set = await oneMessage(scene)
      const told = (on: boolean) => set.ann.of('reacted').some((event) => event.id === set.id && event.on === on && event.reaction.emoji === '👍' && event.reaction.by === set.bob.userId)
      await set.bob.transport.react!(set.direct.id, set.id, '👍', true)
      await scene.until('ann knows of it', () => told(true))
      await set.bob.transport.react!(set.direct.id, set.id, '👍', false)
      await scene.until('ann knows that it is gone', () => told(false))
      const stored = await inHistory(scene, set)
      checkEqual(stored?.reactions ?? [], [], 'the reactions in history')
    },
    needs: offers('react'),
  },
  ...(['edit', 'recall', 'delete'] as const).map((name): CaseSpec => ({
    title: `${name} of somebody else's message is refused`,
    async run(scene) {
      const { direct, bob, id } = await oneMessage(scene)
      const call = name === 'edit' ? bob.transport.edit!(direct.id, id, { kind: 'text', text: 'mine now' }) : bob.transport[name]!(direct.id, id)
      await checkRefused(call, `${name} by another`, ['transport/forbidden'])
    },
    needs: offers(name),
  })),
  ...(['edit', 'recall', 'delete', 'react'] as const).map((name): CaseSpec => ({
    title: `${name} by somebody who is no member is refused`,
    async run(scene) {
      const { direct, id } = await oneMessage(scene)
      const { transport } = await scene.connect('eve')
      const call = name === 'edit' ? transport.edit!(direct.id, id, { kind: 'text', text: 'x' }) : name === 'react' ? transport.react!(direct.id, id, '👍', true) : transport[name]!(direct.id, id)
      await checkRefused(call, `${name} by a stranger`, FOREIGN)
    },
    needs: offers(name),
  })),
  {
    title: 'a change of a message that does not exist says so',
    async run(scene) {
      const { direct, ann } = await oneMessage(scene)
      await checkRefused(ann.transport.recall!(direct.id, `none-${scene.newLocalId()}`), 'recalling nothing', ['transport/notFound'])
    },
    needs: offers('recall'),
  },
]

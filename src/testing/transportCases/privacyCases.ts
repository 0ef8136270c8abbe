import { check, checkEqual, pointOf, type SceneDevice } from './scene.js'
import type { CaseSpec, Needs } from './setup.js'

const ownDevices: Needs = ({ ownDeviceReports }) => (ownDeviceReports ? null : 'a report cannot reach my own devices alone')
const readsDirect: Needs = ({ read }) => (read.direct === 'none' ? 'there are no read receipts in direct conversations' : null)

export const privacyCases: readonly CaseSpec[] = [
  {
    title: 'reading on one device reaches my other one',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, phone, laptop] = [await scene.connect('ann'), await scene.connect('bob'), await scene.connect('bob')]
      const accepted = await ann.say(direct, 'one')
      await phone.report(direct, 'read', { upTo: pointOf(accepted), messages: [accepted], from: ann.userId })
      await scene.until('the laptop knows', () => laptop.knows(direct, laptop.userId, 'read', accepted))
    },
    needs: readsDirect,
  },
  {
    title: 'a private read reaches my other device',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, phone, laptop] = [await scene.connect('ann'), await scene.connect('bob'), await scene.connect('bob')]
      const accepted = await ann.say(direct, 'one')
      await phone.report(direct, 'read', { upTo: pointOf(accepted), messages: [accepted], from: ann.userId, visibility: 'ownDevices' })
      await scene.until('the laptop knows', () => laptop.knows(direct, laptop.userId, 'read', accepted))
      check(laptop.of('receipt').some((receipt) => receipt.by === laptop.userId && receipt.visibility === 'ownDevices'), 'It must be told as a report to own devices, or the laptop takes it for published.')
    },
    needs: ownDevices,
  },
  {
    title: 'a private read reaches nobody else: not live, not later, not in any list',
    async run(scene) {
      const group = await scene.conversation('group', 'ann', 'bob', 'cat')
      const [ann, bob, cat] = [await scene.connect('ann'), await scene.connect('bob'), await scene.connect('cat')]
      const accepted = await ann.say(group, 'one', { receiptRequested: true })
      await bob.report(group, 'read', { upTo: pointOf(accepted), messages: [accepted], from: ann.userId, visibility: 'ownDevices' })
      await scene.quiet()
      const late = await scene.connect('ann')
      await scene.quiet()
      for (const device of [ann, cat, late]) check(!device.knows(group, bob.userId, 'read', accepted), `"${device.userId}" was told of a private read.`)
      const states = (await ann.transport.readStates?.(group.id)) ?? []
      check(!states.some((state) => state.by === bob.userId && state.kind === 'read'), 'A private read stands among the read states of others.')
      const readers = (await ann.transport.readers?.(group.id, accepted.id, { limit: 10 }))?.items ?? []
      check(!readers.some((reader) => reader.userId === bob.userId && reader.kind === 'read'), 'A private read stands in the list of readers.')
    },
    needs: ownDevices,
  },
  {
    title: 'read states tell what each has published, and what I read privately to me alone',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      // A wire that replays receipts may do without.
      if (scene.capabilities.ownDeviceReports && scene.capabilities.receiptsCatchUp === 'replay' && !ann.transport.readStates) return
      const [one, two] = [await ann.say(direct, 'one'), await ann.say(direct, 'two')]
      await bob.report(direct, 'delivered', { upTo: pointOf(two), messages: [one, two], from: ann.userId })
      await bob.report(direct, 'read', { upTo: pointOf(one), messages: [one], from: ann.userId })
      await bob.report(direct, 'read', { upTo: pointOf(two), messages: [one, two], from: ann.userId, visibility: 'ownDevices' })
      const statesFor = async (device: SceneDevice) => (await device.transport.readStates!(direct.id))
        .filter(({ by }) => by === bob.userId).map(({ kind, visibility, upTo }) => `${kind} ${visibility} ${upTo?.order}`).sort()
      const published = [`delivered published ${pointOf(two).order}`, `read published ${pointOf(one).order}`]
      checkEqual(await statesFor(ann), published, 'what ann is told of bob')
      checkEqual(await statesFor(bob), [...published, `read ownDevices ${pointOf(two).order}`].sort(), 'what bob is told of himself')
    },
    needs: (capabilities) => (capabilities.receiptsCatchUp === 'none' ? 'there are no read states' : readsDirect(capabilities) ?? ownDevices(capabilities)),
  },
  {
    title: 'a private read and a published one are kept apart',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const [one, two] = [await ann.say(direct, 'one'), await ann.say(direct, 'two')]
      await bob.report(direct, 'read', { upTo: pointOf(two), messages: [one, two], from: ann.userId, visibility: 'ownDevices' })
      await bob.report(direct, 'read', { upTo: pointOf(one), messages: [one], from: ann.userId })
      await scene.until('ann knows the first', () => ann.knows(direct, bob.userId, 'read', one))
      await scene.quiet()
      check(!ann.knows(direct, bob.userId, 'read', two), 'Publishing a read must not publish what was read privately.')
    },
    needs: ownDevices,
  },
]

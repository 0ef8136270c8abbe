import { check, checkEqual, refusalOf, texts, type Scene } from './scene.js'
import type { CaseSpec } from './setup.js'

/** How long a short token lives: long enough to connect with, milliseconds. */
const SHORT_MS = 1_500

/** Notes why a token was asked for, and gives the first `stale` times what `give` gives. */
function tokens(scene: Scene, name: string, stale: number, give: () => Promise<string | undefined>) {
  const userId = scene.user(name)
  const reasons: string[] = []
  const token = async (reason: 'connect' | 'expired') => {
    reasons.push(reason)
    return reasons.length <= stale ? give() : scene.rig.token?.(userId)
  }
  return { reasons, token }
}

export const tokenCases: readonly CaseSpec[] = [
  {
    title: 'a token that has expired is asked for again, once, and said to have expired',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const { reasons, token } = tokens(scene, 'ann', 1, () => scene.rig.expiredToken!(scene.user('ann')))
      const ann = await scene.connect('ann', { token })
      checkEqual(reasons, ['connect', 'expired'], 'why a token was asked for')
      await ann.say(direct, 'one')
    },
    rig: ['expiredToken'],
  },
  {
    title: 'a token that is not accepted the second time either ends the connecting, and is not asked for again',
    async run(scene) {
      const { reasons, token } = tokens(scene, 'ann', Infinity, () => scene.rig.expiredToken!(scene.user('ann')))
      const transport = scene.rig.transport(scene.user('ann'))
      const states: string[] = []
      transport.on((event) => { if (event.type === 'state') states.push('reason' in event.state ? `${event.state.status} ${event.state.reason}` : event.state.status) })
      const error = await refusalOf(scene.connect('ann', { token, transport }), 'connecting without a good token')
      checkEqual([error.stored, error.retry], ['no', 'no'], 'stored and retry')
      checkEqual(reasons, ['connect', 'expired'], 'why a token was asked for')
      await scene.until('the device says that it is not authorized', () => states.at(-1) === 'offline unauthorized')
    },
    rig: ['expiredToken'],
  },
  {
    title: 'a token that expires while connected is renewed, and nothing is lost',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const bob = await scene.connect('bob')
      const { reasons, token } = tokens(scene, 'ann', 1, () => scene.rig.shortToken!(scene.user('ann'), SHORT_MS))
      const ann = await scene.connect('ann', { token })
      await bob.say(direct, 'before')
      await scene.until('the token was renewed', () => reasons.includes('expired'))
      await bob.say(direct, 'after')
      await scene.until('ann has both', () => texts(ann.messages(direct)).includes('before') && texts(ann.messages(direct)).includes('after'))
      checkEqual(reasons, ['connect', 'expired'], 'why a token was asked for')
    },
    rig: ['shortToken'],
  },
  {
    title: 'a device whose clock is an hour wrong changes neither order nor times',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const ann = await scene.connect('ann', { transport: scene.rig.wrongClock!(scene.user('ann'), 3_600_000) })
      const bob = await scene.connect('bob', { transport: scene.rig.wrongClock!(scene.user('bob'), -3_600_000) })
      const sent = [await ann.say(direct, 'one'), await bob.say(direct, 'two'), await ann.say(direct, 'three')]
      const times = sent.map(({ time }) => time).filter((time) => time !== undefined)
      check(times.every((time) => Math.abs(time - times[0]!) < 600_000), `The devices' clocks are in the times: ${times.join(', ')}.`)
      const cat = await scene.connect('ann')
      await bob.report(direct, 'read', { upTo: sent[2]!.at!, messages: [sent[2]!], from: ann.userId })
      await scene.until('another device has all three', () => cat.messages(direct).length >= 3)
      checkEqual(texts(cat.messages(direct).toSorted((a, b) => a.at.order - b.at.order)), ['one', 'two', 'three'], 'the texts by point')
      await scene.until('ann knows that all are read', () => ann.knows(direct, bob.userId, 'read', sent[0]!))
    },
    needs: ({ order }) => (order === 'sequence' ? null : 'order is by time'),
    rig: ['wrongClock'],
  },
]

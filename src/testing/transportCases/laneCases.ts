/** Lanes: receipts and messages wait for each other nowhere. */
import { carries } from './carries.js'
import { check, numbers, pointOf } from './scene.js'
import type { CaseSpec } from './setup.js'

/** Messages, or reports, of one flood. */
const FLOOD = 600
/** Microtasks run in the order in which they were queued: there the calls of a flood are answered in turn, whatever the transport does. */
const DECLARE_NO_LANES = 'A transport in the process that answers within microtasks has one queue: it has to declare `lanes: false`.'

export const laneCases: readonly CaseSpec[] = [
  {
    title: 'a report does not wait behind a flood of messages',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const first = await ann.say(direct, 'one')
      let answered = 0
      const flood = Promise.all(numbers(FLOOD).map(async (n) => {
        await bob.say(direct, `m${n}`)
        answered += 1
      }))
      await bob.report(direct, 'read', { upTo: pointOf(first), messages: [first], from: ann.userId })
      const before = answered
      await flood
      check(before < FLOOD / 2, `The report was answered only after ${before} of ${FLOOD} messages. ${DECLARE_NO_LANES}`)
    },
    needs: (capabilities) => (capabilities.lanes ? carries('read', 'direct')(capabilities) : 'there are no lanes'),
  },
  {
    title: 'a message does not wait behind a flood of reports',
    async run(scene) {
      const group = await scene.conversation('group', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const sent = await Promise.all(numbers(200).map((n) => ann.say(group, `m${n}`)))
      let answered = 0
      const flood = Promise.all(numbers(FLOOD).map(async (n) => {
        const one = sent[(n * 7) % sent.length]!
        await bob.report(group, 'read', { ranges: [{ from: pointOf(one), to: pointOf(one) }], messages: [one], from: ann.userId })
        answered += 1
      }))
      await bob.say(group, 'between')
      const before = answered
      await flood
      check(before < FLOOD / 2, `The message was answered only after ${before} of ${FLOOD} reports. ${DECLARE_NO_LANES}`)
    },
    needs: (capabilities) => (capabilities.lanes ? carries('read', 'group', ['ranges', 'message'])(capabilities) : 'there are no lanes'),
  },
  {
    title: 'a receipt reaches a sender into whose device messages are flooding',
    async run(scene) {
      const [direct, busy] = [await scene.conversation('direct', 'ann', 'bob'), await scene.conversation('group', 'ann', 'cat')]
      const [ann, bob, cat] = [await scene.connect('ann'), await scene.connect('bob'), await scene.connect('cat')]
      const accepted = await ann.say(direct, 'one')
      await scene.until('bob has it', () => bob.messages(direct).length > 0)
      const flood = Promise.all(numbers(FLOOD).map((n) => cat.say(busy, `${n} ${'x'.repeat(200)}`)))
      await bob.report(direct, 'read', { upTo: pointOf(accepted), messages: [accepted], from: ann.userId })
      await scene.until('ann knows', () => ann.knows(direct, bob.userId, 'read', accepted))
      const receiptAt = ann.events.findIndex((event) => event.type === 'receipt' && event.by === bob.userId && event.kind === 'read')
      const came = ann.events.slice(0, receiptAt).filter((event) => event.type === 'message' && event.message.conversationId === busy.id).length
      await flood
      await scene.until('ann has the flood too', () => ann.messages(busy).length === FLOOD)
      check(came < FLOOD * 0.9, `The receipt came only after ${came} of ${FLOOD} messages. ${DECLARE_NO_LANES}`)
    },
    needs: (capabilities) => (capabilities.lanes ? carries('read', 'direct')(capabilities) : 'there are no lanes'),
  },
]

import { comparePoints, type MessageBody } from '../../model/index.js'
import { check, checkEqual, checkRefused, FOREIGN, isAscending, numbers, pointOf, refusalOf, texts } from './scene.js'
import type { CaseSpec } from './setup.js'

const BODIES: readonly MessageBody[] = [
  { kind: 'text', text: 'Grüße, 你好, שלום 👩‍👩‍👧 \u202E\n\ttwo lines' },
  { kind: 'image', file: { url: 'https://example.org/a.png', mime: 'image/png', sizeBytes: 12 }, widthPx: 640, heightPx: 480, alt: 'a hill' },
  { kind: 'video', file: { ref: 'v1' }, durationMs: 1200 },
  { kind: 'voice', file: { ref: 'v2' }, durationMs: 900 },
  { kind: 'file', file: { ref: 'f1', name: 'quote.pdf' } },
  { kind: 'custom', type: 'poll', data: { options: ['a', 'b'] }, fallback: 'a poll' },
]

export const sendingCases: readonly CaseSpec[] = [
  {
    title: 'a draft is accepted with an id, and with its own localId',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const ann = await scene.connect('ann')
      const localId = scene.newLocalId()
      const accepted = await ann.say(direct, 'one', { localId })
      checkEqual(accepted.localId, localId, 'localId of the answer')
      check(typeof accepted.id === 'string' && accepted.id !== '', 'The answer must name the id that the back end gave.')
      check(accepted.repeat !== true, 'A first send is no repeat.')
    },
  },
  {
    title: 'the other member gets it once, as it was sent',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const accepted = await ann.say(direct, 'one')
      await scene.until('bob has the message', () => bob.messages(direct).length > 0)
      await scene.quiet()
      const [message, ...more] = bob.messages(direct)
      checkEqual(more.length, 0, 'number of repeats')
      checkEqual([message!.id, message!.from, message!.localId, message!.at], [accepted.id, ann.userId, accepted.localId, accepted.at ?? message!.at], 'id, sender, localId and point')
    },
  },
  {
    title: 'every kind of body arrives unchanged',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      for (const body of BODIES) await ann.say(direct, '', { body })
      await scene.until('bob has all of them', () => bob.messages(direct).length >= BODIES.length)
      checkEqual(bob.messages(direct).map((message) => message.body), BODIES, 'the bodies')
    },
  },
  {
    title: 'a reply names its target, and a wish for receipts arrives',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const first = await ann.say(direct, 'one')
      await ann.say(direct, 'two', { replyTo: first.id, receiptRequested: true })
      await scene.until('bob has both', () => bob.messages(direct).length >= 2)
      const second = bob.messages(direct)[1]!
      checkEqual([second.replyTo, second.receiptRequested], [first.id, true], 'replyTo and receiptRequested')
    },
  },
  {
    title: 'what is sent later has a later point',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const sent = [await ann.say(direct, 'one'), await bob.say(direct, 'two'), await ann.say(direct, 'three')].map(pointOf)
      check(comparePoints(sent[0]!, sent[1]!) < 0 && comparePoints(sent[1]!, sent[2]!) < 0, `Points must ascend: ${JSON.stringify(sent)}.`)
    },
    needs: ({ order }) => (order === 'sequence' ? null : 'order is by time'),
  },
  {
    title: 'orders are consecutive, and begin with 1',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const ann = await scene.connect('ann')
      const orders: number[] = []
      for (const n of numbers(5)) orders.push(pointOf(await ann.say(direct, `m${n}`)).order)
      checkEqual(orders.map((order) => order - orders[0]!), [0, 1, 2, 3, 4], 'the orders from the first')
      check(orders[0]! >= 1, 'Where orders are dense the first is 1: nobody would miss a message at 0.')
    },
    needs: ({ dense }) => (dense ? null : 'orders are not dense'),
  },
  {
    title: 'fifty sent at once by two people stand in one order for all',
    async run(scene) {
      const group = await scene.conversation('group', 'ann', 'bob', 'cat')
      const [ann, bob, cat] = [await scene.connect('ann'), await scene.connect('bob'), await scene.connect('cat')]
      const accepted = await Promise.all(numbers(50).map((n) => (n % 2 === 0 ? ann : bob).say(group, `m${n}`)))
      checkEqual(new Set(accepted.map(({ id }) => id)).size, 50, 'number of different ids')
      await scene.until('cat has all fifty', () => new Set(cat.messages(group).map(({ id }) => id)).size === 50)
      const points = new Map(cat.messages(group).map((message) => [message.id, message.at]))
      const localIds = new Map(cat.messages(group).map((message) => [message.id, message.localId]))
      for (const { id, localId } of accepted) checkEqual(localIds.get(id) ?? localId, localId, `the localId of the message that was answered to "${localId}"`)
      for (const { id, at } of accepted) if (at) checkEqual(points.get(id), at, `the point of ${id} for cat`)
      checkEqual(new Set([...points.values()].map(({ epoch, order, id }) => `${epoch} ${order} ${id}`)).size, 50, 'number of different points')
    },
  },
  {
    title: 'messages of one device arrive in the order in which they were sent',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      for (const n of numbers(20)) await ann.say(direct, `m${n}`)
      await scene.until('bob has all twenty', () => bob.messages(direct).length >= 20)
      const sorted = bob.messages(direct).slice().sort((a, b) => comparePoints(a.at, b.at))
      checkEqual(texts(sorted), numbers(20).map((n) => `m${n}`), 'the texts by point')
    },
  },
  {
    title: 'my other device gets what I send',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [phone, laptop] = [await scene.connect('ann'), await scene.connect('ann')]
      const accepted = await phone.say(direct, 'from the phone')
      await scene.until('the laptop has it', () => laptop.messages(direct).some(({ id, localId }) => id === accepted.id && localId === accepted.localId))
    },
  },
  {
    title: 'nobody outside a conversation hears of it',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob, eve] = [await scene.connect('ann'), await scene.connect('bob'), await scene.connect('eve')]
      const accepted = await ann.say(direct, 'secret')
      await scene.until('bob has it', () => bob.messages(direct).length > 0)
      await bob.report(direct, 'read', { upTo: bob.messages(direct)[0]!.at, messages: [accepted], from: ann.userId })
      await scene.quiet()
      check(!JSON.stringify(eve.events).includes(direct.id), 'Somebody who is no member was told of the conversation.')
    },
  },
  {
    title: 'a send by somebody who is no member is refused, and nobody gets it',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob, eve] = [await scene.connect('ann'), await scene.connect('bob'), await scene.connect('eve')]
      await checkRefused(eve.say(direct, 'let me in'), 'a send of a stranger', FOREIGN)
      await ann.say(direct, 'after')
      await scene.until('bob has what came after', () => bob.messages(direct).length > 0)
      checkEqual(texts(bob.messages(direct)), ['after'], 'what bob has')
    },
  },
  {
    title: 'a send to a conversation that does not exist is refused',
    async run(scene) {
      const ann = await scene.connect('ann')
      await checkRefused(ann.say({ id: `none-${scene.newLocalId()}`, kind: 'direct' }, 'hello?'), 'a send into nowhere', FOREIGN)
    },
  },
  {
    title: 'a body over the limit is refused for good, and what follows is taken',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const ann = await scene.connect('ann')
      await checkRefused(ann.say(direct, 'x'.repeat((scene.capabilities.limits.bodyBytes ?? 0) + 1)), 'an oversize body', ['transport/tooLarge'])
      await ann.say(direct, 'short')
    },
    needs: ({ limits }) => (limits.bodyBytes === undefined ? 'no limit of the body is known' : null),
  },
  {
    title: 'a send while cut off can be tried again, and then arrives once',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const localId = scene.newLocalId()
      await scene.rig.drop!(ann.transport)
      let failure: { retry: unknown } | null = null
      ann.say(direct, 'one', { localId }).then(() => { failure = { retry: 'it was accepted' } }, (error: { retry: unknown }) => { failure = { retry: error.retry } })
      await scene.until('the send has ended', () => failure !== null)
      check(failure!['retry'] !== 'no' && failure!['retry'] !== 'it was accepted', `A send without a network must say that it can be retried; it says ${JSON.stringify(failure)}.`)
      await scene.rig.restore!(ann.transport)
      await scene.until('ann is online', () => ann.of('state').at(-1)?.state.status === 'online')
      await ann.say(direct, 'one', { localId })
      await scene.until('bob has it', () => bob.messages(direct).length > 0)
      checkEqual(texts(bob.messages(direct)), ['one'], 'what bob has')
    },
    rig: ['drop'],
  },
  {
    title: 'an aborted send is undecided',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const ann = await scene.connect('ann')
      const stop = new AbortController()
      const sending = ann.transport.send({ localId: scene.newLocalId(), conversation: direct, body: { kind: 'text', text: 'one' } }, stop.signal)
      stop.abort()
      const error = await refusalOf(sending, 'an aborted send')
      checkEqual([error.stored, error.retry === 'no'], ['maybe', false], 'stored, and whether it cannot be retried')
    },
  },
  {
    title: 'nothing is handed over within the call that caused it',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      await scene.quiet()
      let inside = true
      let early = 0
      for (const device of [ann, bob]) device.transport.on(() => { if (inside) early += 1 })
      const sending = ann.say(direct, 'one')
      inside = false
      await sending
      checkEqual(early, 0, 'number of events within send()')
    },
  },
  {
    title: 'a live conversation is handed over in order',
    async run(scene) {
      const group = await scene.conversation('group', 'ann', 'bob', 'cat')
      const [ann, bob, cat] = [await scene.connect('ann'), await scene.connect('bob'), await scene.connect('cat')]
      for (const n of numbers(10)) await (n % 2 === 0 ? ann : bob).say(group, `m${n}`)
      await scene.until('cat has all ten', () => cat.messages(group).length >= 10)
      check(isAscending(cat.messages(group)), 'Points must ascend as they are handed over.')
    },
    needs: ({ order }) => (order === 'sequence' ? null : 'order is by time'),
  },
]

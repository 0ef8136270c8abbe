import { coversPoint, toProgress } from '../../receipts/index.js'
import { comparePoints, type ReceiptKind } from '../../model/index.js'
import type { Accepted } from '../../transport/index.js'
import { carries } from './carries.js'
import { check, checkEqual, checkRefused, FOREIGN, numbers, pointOf } from './scene.js'
import type { CaseSpec } from './setup.js'

const DIRECT_KINDS: readonly ReceiptKind[] = ['delivered', 'read', 'viewed']

export const receiptCases: readonly CaseSpec[] = [
  ...DIRECT_KINDS.map((kind): CaseSpec => ({
    title: `${kind} reaches the sender`,
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const accepted = await ann.say(direct, 'one')
      await bob.report(direct, kind, { upTo: pointOf(accepted), messages: [accepted], from: ann.userId })
      await scene.until(`ann knows that bob's state is ${kind}`, () => ann.knows(direct, bob.userId, kind, accepted))
    },
    needs: carries(kind, 'direct'),
  })),
  {
    title: 'one report reads a whole batch',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const sent = await Promise.all(numbers(30).map((n) => ann.say(direct, `m${n}`)))
      await bob.report(direct, 'read', { upTo: newest(sent), messages: sent, from: ann.userId })
      await scene.until('ann knows that all thirty are read', () => sent.every((accepted) => ann.knows(direct, bob.userId, 'read', accepted)))
    },
    needs: carries('read', 'direct'),
  },
  {
    title: 'a report up to one message reads nothing after it',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const [one, two] = [await ann.say(direct, 'one'), await ann.say(direct, 'two')]
      await scene.until('bob has both', () => bob.messages(direct).length === 2)
      await bob.report(direct, 'read', { upTo: pointOf(one), messages: [one], from: ann.userId })
      await scene.until('ann knows of the first', () => ann.knows(direct, bob.userId, 'read', one))
      await scene.quiet()
      check(!ann.knows(direct, bob.userId, 'read', two), 'Bob read the first of two messages, and ann was told that he read both.')
    },
    needs: carries('read', 'direct'),
  },
  {
    title: 'an older report takes nothing back',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const [one, two] = [await ann.say(direct, 'one'), await ann.say(direct, 'two')]
      await bob.report(direct, 'read', { upTo: pointOf(two), messages: [one, two], from: ann.userId })
      await bob.report(direct, 'read', { upTo: pointOf(one), messages: [one], from: ann.userId })
      await scene.quiet()
      const late = await scene.connect('ann')
      if (scene.capabilities.receiptsCatchUp === 'replay') return scene.until('a device that connects now knows the later one', () => late.knows(direct, bob.userId, 'read', two))
      const states = (await late.transport.readStates!(direct.id)).filter(({ by, kind }) => by === bob.userId && kind === 'read')
      check(states.some(({ upTo, ranges }) => coversPoint(toProgress(upTo ?? null, ranges), pointOf(two))), 'The later one must be among the read states.')
    },
    needs: (capabilities) => (capabilities.receiptsCatchUp === 'none' ? 'receipts are not caught up with' : carries('read', 'direct')(capabilities)),
  },
  {
    title: 'the same report ten times is told at most as often as it moved something',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const one = await ann.say(direct, 'one')
      for (const _ of numbers(10)) await bob.report(direct, 'read', { upTo: pointOf(one), messages: [one], from: ann.userId })
      await scene.until('ann knows', () => ann.knows(direct, bob.userId, 'read', one))
      await scene.quiet()
      checkEqual(ann.of('receipt').filter((receipt) => receipt.by === bob.userId && receipt.kind === 'read').length, 1, 'number of receipts for ann')
    },
    needs: carries('read', 'direct', ['point', 'ranges']),
  },
  {
    title: 'a stretch in the middle reads nothing before it',
    async run(scene) {
      const group = await scene.conversation('group', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const sent: Accepted[] = []
      for (const n of numbers(5)) sent.push(await ann.say(group, `m${n}`))
      const [from, to] = [pointOf(sent[2]!), pointOf(sent[3]!)]
      await bob.report(group, 'read', { ranges: [{ from, to }], messages: sent.slice(2, 4), from: ann.userId })
      await scene.until('ann knows the stretch', () => ann.knows(group, bob.userId, 'read', sent[2]!) && ann.knows(group, bob.userId, 'read', sent[3]!))
      checkEqual(sent.map((one) => ann.knows(group, bob.userId, 'read', one)), [false, false, true, true, false], 'what is read')
    },
    needs: carries('read', 'group', ['ranges', 'message']),
  },
  {
    title: 'two stretches of two devices join',
    async run(scene) {
      const group = await scene.conversation('group', 'ann', 'bob')
      const [ann, phone, laptop] = [await scene.connect('ann'), await scene.connect('bob'), await scene.connect('bob')]
      const sent: Accepted[] = []
      for (const n of numbers(4)) sent.push(await ann.say(group, `m${n}`))
      const at = (n: number) => ({ from: pointOf(sent[n]!), to: pointOf(sent[n]!) })
      await phone.report(group, 'read', { ranges: [at(1)], messages: [sent[1]!], from: ann.userId })
      await laptop.report(group, 'read', { ranges: [at(3)], messages: [sent[3]!], from: ann.userId })
      await scene.until('ann knows both', () => ann.knows(group, phone.userId, 'read', sent[1]!) && ann.knows(group, phone.userId, 'read', sent[3]!))
      checkEqual(sent.map((one) => ann.knows(group, phone.userId, 'read', one)), [false, true, false, true], 'what is read')
    },
    needs: carries('read', 'group', ['ranges', 'message']),
  },
  {
    title: 'what is reported in parts is joined: the later takes nothing from the earlier',
    async run(scene) {
      const group = await scene.conversation('group', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const sent: Accepted[] = []
      for (const n of numbers(4)) sent.push(await ann.say(group, `m${n}`))
      for (const one of [sent[3]!, sent[1]!]) await bob.report(group, 'read', { ranges: [{ from: pointOf(one), to: pointOf(one) }], messages: [one], from: ann.userId })
      const late = await scene.connect('ann')
      if (scene.capabilities.receiptsCatchUp === 'replay') return scene.until('a device that connects now knows both', () => late.knows(group, bob.userId, 'read', sent[1]!) && late.knows(group, bob.userId, 'read', sent[3]!))
      const states = (await late.transport.readStates!(group.id)).filter(({ by, kind }) => by === bob.userId && kind === 'read')
      const isKnown = (one: Accepted) => states.some(({ upTo, ranges }) => coversPoint(toProgress(upTo ?? null, ranges), pointOf(one)))
      check(isKnown(sent[1]!) && isKnown(sent[3]!), 'Both parts must be among the read states: each report is joined with what was reported before.')
    },
    needs: (capabilities) => (capabilities.receiptsCatchUp === 'none' ? 'receipts are not caught up with' : carries('read', 'group', ['ranges'])(capabilities)),
  },
  {
    title: 'in a group the sender learns of each reader',
    async run(scene) {
      const names = ['bob', 'cat', 'dan']
      const group = await scene.conversation('group', 'ann', ...names)
      const ann = await scene.connect('ann')
      const accepted = await ann.say(group, 'to all', { receiptRequested: true })
      for (const name of names) await (await scene.connect(name)).report(group, 'read', { upTo: pointOf(accepted), messages: [accepted], from: ann.userId })
      await scene.until('ann knows all three', () => names.every((name) => ann.knows(group, scene.user(name), 'read', accepted)))
    },
    needs: carries('read', 'group'),
  },
  {
    title: 'in a group the other members learn of it too',
    async run(scene) {
      const group = await scene.conversation('group', 'ann', 'bob', 'cat')
      const [ann, bob, cat] = [await scene.connect('ann'), await scene.connect('bob'), await scene.connect('cat')]
      const accepted = await ann.say(group, 'to all', { receiptRequested: true })
      await bob.report(group, 'read', { upTo: pointOf(accepted), messages: [accepted], from: ann.userId })
      await scene.until('cat knows that bob read it', () => cat.knows(group, bob.userId, 'read', accepted))
    },
    needs: (capabilities) => (capabilities.groupReceiptsTo === 'members' ? carries('read', 'group')(capabilities) : 'only the sender learns of group receipts'),
  },
  {
    title: 'readers are listed with their times, and pages join',
    async run(scene) {
      const names = ['bob', 'cat', 'dan', 'eli', 'fay']
      const group = await scene.conversation('group', 'ann', ...names)
      const ann = await scene.connect('ann')
      const accepted = await ann.say(group, 'to all', { receiptRequested: true })
      for (const name of names.slice(0, 4)) {
        const device = await scene.connect(name)
        await device.report(group, name === 'bob' ? 'delivered' : 'read', { upTo: pointOf(accepted), messages: [accepted], from: ann.userId })
      }
      // My own prefix goes over my own message; that makes me no reader of it.
      await ann.report(group, 'read', { upTo: pointOf(accepted), from: ann.userId })
      const found = []
      let cursor: string | undefined
      do {
        const page = await ann.transport.readers!(group.id, accepted.id, { limit: 2, ...(cursor === undefined ? {} : { cursor }) })
        check(page.items.length <= 2, 'A page must not be larger than asked for.')
        found.push(...page.items)
        cursor = page.next
      } while (cursor !== undefined)
      const kinds = found.map(({ userId, kind }) => `${userId} ${kind}`).sort()
      checkEqual(kinds, [`${scene.user('bob')} delivered`, ...names.slice(1, 4).map((name) => `${scene.user(name)} read`)].sort(), 'the readers')
      check(found.every(({ time }) => time === null || (accepted.time === undefined || time >= accepted.time)), 'Nobody can read a message before it was sent.')
    },
    needs: (capabilities) => (capabilities.readerLists === 'none' ? 'there are no reader lists' : carries('read', 'group')(capabilities)),
  },
  {
    title: 'the age of a read moves its time back, but not before the message',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const accepted = await ann.say(direct, 'one')
      await scene.pass(50)
      // By the back end's clock: what came in between was sent after the read.
      const later = await ann.say(direct, 'two')
      await bob.report(direct, 'read', { upTo: pointOf(accepted), messages: [accepted], from: ann.userId, ageMs: 3_600_000 })
      await scene.until('ann knows', () => ann.knows(direct, bob.userId, 'read', accepted))
      const time = ann.of('receipt').find((receipt) => receipt.by === bob.userId && receipt.kind === 'read')?.time
      if (time === undefined || accepted.time === undefined || later.time === undefined) return
      check(time >= accepted.time, `Read at ${time}, before it was sent at ${accepted.time}.`)
      check(time < later.time, `Read an hour before the report, and told as ${time}: as late as the report.`)
    },
    needs: carries('read', 'direct'),
  },
  {
    title: 'a report of a thousand messages is taken in one piece',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const sent = await Promise.all(numbers(1000).map((n) => ann.say(direct, `m${n}`)))
      await bob.report(direct, 'read', { upTo: newest(sent), messages: sent, from: ann.userId })
      await scene.until('ann knows the first and the last', () => ann.knows(direct, bob.userId, 'read', sent[0]!) && ann.knows(direct, bob.userId, 'read', sent[999]!))
    },
    needs: (capabilities) => ((capabilities.limits.reportBatch ?? 1000) >= 1000 ? carries('read', 'direct')(capabilities) : `a report names ${capabilities.limits.reportBatch} messages at most`),
  },
  {
    title: 'a receipt for what was not sent yet is not believed',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const { epoch, order, id } = pointOf(await ann.say(direct, 'one'))
      await bob.report(direct, 'read', { upTo: { epoch, order: order + 1000, id } }).catch(() => {})
      await bob.report(direct, 'read', { upTo: { epoch: epoch + 1, order: 0, id } }).catch(() => {})
      const next = await ann.say(direct, 'two')
      await scene.quiet()
      check(!coversPoint(ann.progress(direct, bob.userId, 'read'), pointOf(next)), 'A message was born read: the back end believed a receipt for a point that did not exist.')
    },
    needs: carries('read', 'direct', ['point', 'ranges']),
  },
  {
    title: 'a receipt past its window is refused by name and told to nobody, and my other device is told of a private one however late',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob, other] = [await scene.connect('ann'), await scene.connect('bob'), await scene.connect('bob')]
      const old = await ann.say(direct, 'old')
      await scene.rig.passLong!(scene.capabilities.limits.receiptWindowMs! + 1_000)
      const report = { upTo: pointOf(old), messages: [old], from: ann.userId }
      await checkRefused(bob.report(direct, 'read', report), 'a late receipt', ['transport/receiptExpired'])
      if (scene.capabilities.ownDeviceReports) {
        await bob.report(direct, 'read', { ...report, visibility: 'ownDevices' })
        await scene.until('the other device of bob knows', () => other.knows(direct, bob.userId, 'read', old))
      }
      await scene.quiet()
      check(!ann.knows(direct, bob.userId, 'read', old), 'The sender was told of a receipt that was refused.')
      const fresh = await ann.say(direct, 'fresh')
      await bob.report(direct, 'read', { upTo: pointOf(fresh), messages: [fresh], from: ann.userId })
      await scene.until('ann knows of what is read in time', () => ann.knows(direct, bob.userId, 'read', fresh))
    },
    needs: (capabilities) => (capabilities.limits.receiptWindowMs === undefined ? 'no window for receipts is known' : carries('read', 'direct')(capabilities)),
    rig: ['passLong'],
  },
  {
    title: 'a report of somebody who is no member is refused, and nobody hears of it',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, eve] = [await scene.connect('ann'), await scene.connect('eve')]
      const accepted = await ann.say(direct, 'one')
      await checkRefused(eve.report(direct, 'read', { upTo: pointOf(accepted), messages: [accepted], from: ann.userId }), 'a report of a stranger', FOREIGN)
      await scene.quiet()
      check(!ann.knows(direct, eve.userId, 'read', accepted), 'ann was told that a stranger read her message.')
    },
    needs: carries('read', 'direct'),
  },
]

function newest(sent: readonly Parameters<typeof pointOf>[0][]) {
  return sent.map(pointOf).reduce((a, b) => (comparePoints(a, b) >= 0 ? a : b))
}

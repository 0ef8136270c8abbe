import { comparePoints, type ConversationRef, type Point } from '../../model/index.js'
import type { Accepted, HistoryQuery } from '../../transport/index.js'
import { check, checkEqual, isAscending, numbers, pointOf, texts, type SceneDevice } from './scene.js'
import type { CaseSpec, Needs } from './setup.js'

const byCursor: Needs = ({ catchUp }) => (catchUp === 'cursor' ? null : `catch-up is by ${catchUp}`)
const replays: Needs = ({ catchUp, receiptsCatchUp }) => (catchUp !== 'cursor' ? `catch-up is by ${catchUp}` : receiptsCatchUp === 'replay' ? null : `receipts are not replayed: ${receiptsCatchUp}`)

const comesBack: Needs = ({ catchUp }) => (catchUp === 'none' ? 'what was missed is fetched by the core' : null)

export const catchUpCases: readonly CaseSpec[] = [
  {
    title: 'a cursor follows what was handed over',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      await ann.say(direct, 'one')
      await scene.until('a cursor follows the message', () => bob.events.findIndex((event) => event.type === 'message') >= 0 && bob.events.findIndex((event) => event.type === 'message') < bob.events.findLastIndex((event) => event.type === 'cursor'))
    },
    needs: byCursor,
  },
  {
    title: 'what was missed while away comes once and in order',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      await ann.say(direct, 'before')
      await scene.until('bob has the first and a cursor', () => bob.messages(direct).length === 1 && bob.events.at(-1)?.type === 'cursor')
      const since = bob.lastCursor()
      check(since !== undefined, 'No cursor was given.')
      await bob.transport.close()
      for (const n of numbers(20)) await ann.say(direct, `m${n}`)
      const later = await scene.connect('bob', { since })
      await scene.until('bob has all twenty', () => later.messages(direct).length >= 20)
      await scene.quiet()
      checkEqual(texts(later.messages(direct)), numbers(20).map((n) => `m${n}`), 'what came after the cursor')
      check(isAscending(later.messages(direct)), 'Points must ascend.')
    },
    needs: byCursor,
  },
  {
    title: 'receipts that were missed come too',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const accepted = await ann.say(direct, 'one')
      await scene.until('ann has a cursor', () => ann.lastCursor() !== undefined)
      const since = ann.lastCursor()
      check(since !== undefined, 'No cursor was given.')
      await ann.transport.close()
      for (const kind of ['delivered', 'read'] as const) await bob.report(direct, kind, { upTo: pointOf(accepted), messages: [accepted], from: ann.userId })
      const later = await scene.connect('ann', { since })
      await scene.until('ann knows both', () => later.knows(direct, bob.userId, 'delivered', accepted) && later.knows(direct, bob.userId, 'read', accepted))
    },
    needs: replays,
  },
  {
    title: 'edits, recalls and reactions that were missed come too',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const [one, two] = [await ann.say(direct, 'one'), await ann.say(direct, 'two')]
      await scene.until('bob has both and a cursor', () => bob.messages(direct).length === 2 && bob.events.at(-1)?.type === 'cursor')
      const since = bob.lastCursor()
      check(since !== undefined, 'No cursor was given.')
      await bob.transport.close()
      await ann.transport.edit!(direct.id, one.id, { kind: 'text', text: 'One' })
      await ann.transport.react!(direct.id, one.id, '👍', true)
      await ann.transport.recall!(direct.id, two.id)
      const later = await scene.connect('bob', { since })
      await scene.until('bob knows all three', () => later.of('edited').length > 0 && later.of('reacted').length > 0 && later.of('recalled').length > 0)
    },
    needs: (capabilities) => (capabilities.edit && capabilities.recall && capabilities.react ? byCursor(capabilities) : 'edit, recall or react is missing'),
  },
  {
    title: 'what was taken back while a device was away does not reach it',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      await ann.say(direct, 'before')
      await scene.until('bob has the first and a cursor', () => bob.messages(direct).length === 1 && bob.events.at(-1)?.type === 'cursor')
      const since = bob.lastCursor()
      check(since !== undefined, 'No cursor was given.')
      await bob.transport.close()
      await ann.transport.recall!(direct.id, (await ann.say(direct, 'said by mistake')).id)
      await ann.say(direct, 'after')
      const later = await scene.connect('bob', { since })
      await scene.until('bob has what came after', () => texts(later.messages(direct)).includes('after'))
      check(!JSON.stringify(later.events).includes('said by mistake'), 'A text that was taken back before was told.')
    },
    needs: (capabilities) => (capabilities.recall ? byCursor(capabilities) : 'there is no recall'),
  },
  {
    title: 'with a cursor at the end nothing comes again',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const accepted = await ann.say(direct, 'one')
      await bob.report(direct, 'read', { upTo: pointOf(accepted), messages: [accepted], from: ann.userId })
      await scene.until('bob has the message, and a cursor', () => bob.messages(direct).length > 0 && bob.events.at(-1)?.type === 'cursor')
      await scene.quiet()
      const since = bob.lastCursor()
      check(since !== undefined, 'No cursor was given.')
      await bob.transport.close()
      const later = await scene.connect('bob', { since })
      await scene.quiet()
      checkEqual(texts(later.messages(direct)), [], 'messages after the last cursor')
    },
    needs: byCursor,
  },
  {
    title: 'a device that connects for the first time learns what is newest, and who read it',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const accepted = await ann.say(direct, 'one')
      await bob.report(direct, 'read', { upTo: pointOf(accepted), messages: [accepted], from: ann.userId })
      const late = await scene.connect('ann')
      await scene.until('the new device has the message and the receipt', () => late.messages(direct).some(({ id }) => id === accepted.id) && late.knows(direct, bob.userId, 'read', accepted))
    },
    needs: replays,
  },
  {
    title: 'a device that was cut off says so, and gets by itself what it missed',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      await ann.say(direct, 'before')
      await scene.until('bob has the first', () => bob.messages(direct).length === 1)
      await scene.rig.drop!(bob.transport)
      await scene.until('bob is told that he is not online', () => bob.of('state').at(-1)?.state.status !== 'online')
      for (const n of numbers(5)) await ann.say(direct, `m${n}`)
      await scene.rig.restore!(bob.transport)
      await scene.until('bob is online', () => bob.of('state').at(-1)?.state.status === 'online')
      await scene.until('bob has all', () => new Set(texts(bob.messages(direct))).size === 6)
      const fresh = bob.messages(direct).filter(({ body }) => body.kind === 'text' && body.text !== 'before')
      checkEqual(texts(fresh), numbers(5).map((n) => `m${n}`), 'what came while away')
    },
    needs: comesBack,
    rig: ['drop'],
  },
  {
    title: 'a device whose wire has gone silent notices by itself, comes back, and has missed nothing',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      await ann.say(direct, 'before')
      await scene.until('bob has the first', () => bob.messages(direct).length === 1)
      await scene.rig.stall!(bob.transport)
      for (const n of numbers(5)) await ann.say(direct, `m${n}`)
      await scene.until('bob is told that he is not online', () => bob.of('state').at(-1)?.state.status !== 'online')
      await scene.rig.restore!(bob.transport)
      await scene.until('bob has all', () => new Set(texts(bob.messages(direct))).size === 6)
    },
    needs: comesBack,
    rig: ['stall', 'drop'],
  },
  {
    title: 'where more was missed than is replayed, the gap is told and history fills it',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const first = await ann.say(direct, 'first')
      await scene.until('bob has the first and a cursor', () => bob.messages(direct).length === 1 && bob.events.at(-1)?.type === 'cursor')
      const since = bob.lastCursor()
      check(since !== undefined, 'No cursor was given.')
      await bob.transport.close()
      const count = scene.rig.replayLimit! + 20
      for (const n of numbers(count)) await ann.say(direct, `m${n}`)
      const later = await scene.connect('bob', { since })
      await scene.until('bob has the newest', () => texts(later.messages(direct)).includes(`m${count - 1}`))
      await checkGap(later, direct, { count, after: pointOf(first) })
    },
    needs: (capabilities) => byCursor(capabilities) ?? (capabilities.history ? null : 'there is no history'),
    rig: ['replayLimit'],
  },
  {
    title: 'what a device is not told that connects for the first time is told as a gap, and history fills it',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const ann = await scene.connect('ann')
      const count = scene.rig.replayLimit! + 20
      for (const n of numbers(count)) await ann.say(direct, `m${n}`)
      const bob = await scene.connect('bob')
      // Without a gap nobody would ask for what lies before what is written now.
      await ann.say(direct, 'now')
      await scene.until('bob has the newest', () => texts(bob.messages(direct)).includes('now'))
      if (numbers(count).some((n) => !texts(bob.messages(direct)).includes(`m${n}`))) await checkGap(bob, direct, { count, after: null })
    },
    needs: (capabilities) => byCursor(capabilities) ?? (capabilities.history ? null : 'there is no history'),
    rig: ['replayLimit'],
  },
  {
    title: 'receipts reach a sender who was cut off',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const accepted = await ann.say(direct, 'one')
      await scene.rig.drop!(ann.transport)
      await bob.report(direct, 'read', { upTo: pointOf(accepted), messages: [accepted], from: ann.userId })
      await scene.rig.restore!(ann.transport)
      await scene.until('ann is online', () => ann.of('state').at(-1)?.state.status === 'online')
      if (scene.capabilities.receiptsCatchUp === 'replay') return scene.until('ann knows', () => ann.knows(direct, bob.userId, 'read', accepted))
      const states = await ann.transport.readStates!(direct.id)
      check(states.some((state) => state.by === bob.userId && state.kind === 'read'), 'The receipt must be among the read states.')
    },
    rig: ['drop'],
    needs: ({ receiptsCatchUp }) => (receiptsCatchUp === 'none' ? 'receipts are not caught up with' : null),
  },
  {
    title: 'a tail that the back end lost raises the epoch, so that nothing new is born read',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const sent: Accepted[] = []
      for (const n of numbers(3)) sent.push(await ann.say(direct, `m${n}`))
      await bob.report(direct, 'read', { upTo: pointOf(sent[2]!), messages: sent, from: ann.userId })
      await scene.until('ann knows', () => ann.knows(direct, bob.userId, 'read', sent[2]!))
      await scene.rig.reset!(direct.id)
      await scene.until('ann is told', () => ann.of('reset').some(({ conversationId }) => conversationId === direct.id))
      const next = pointOf(await ann.say(direct, 'next'))
      check(next.epoch > pointOf(sent[0]!).epoch, `The next point must be of a later epoch: ${JSON.stringify(next)}.`)
      check(!ann.knows(direct, bob.userId, 'read', { localId: '', id: next.id, at: next }), 'A message of the new epoch was born read.')
      if (!scene.capabilities.history) return
      // So an author learns what was lost.
      const history = async (query: HistoryQuery) => (await ann.transport.history!(direct.id, query)).messages
      const kept = (await history({ limit: 10 })).filter(({ at }) => at.epoch < next.epoch)
      checkEqual((await history({ before: { epoch: next.epoch, order: 0, id: '' }, limit: 1 })).map(({ id }) => id), kept.slice(-1).map(({ id }) => id), 'the last message before the new epoch')
    },
    rig: ['reset'],
  },
]

/** A gap was told before what stands behind it, and history has what stands in it. @param after - what was here before; null: nothing */
async function checkGap(device: SceneDevice, conversation: ConversationRef, { count, after: start }: { readonly count: number; readonly after: Point | null }): Promise<void> {
  const found = new Set(texts(device.messages(conversation)))
  const gap = device.of('gap').find(({ conversationId }) => conversationId === conversation.id)
  check(gap !== undefined, `Bob got ${found.size} of ${count} messages, and was told of no gap.`)
  const behind = device.events.findIndex((event) => event.type === 'message' && event.message.conversationId === conversation.id && (!gap.after || comparePoints(event.message.at, gap.after) > 0))
  check(device.events.indexOf(gap) < behind, 'The gap must be told before the messages behind it, or they seem to be next to what is here.')
  // From the oldest on where something was here, else down from what came.
  const [from, isUp] = [gap.after ?? start ?? gap.before, (gap.after ?? start) !== null]
  for (let [page, place] = [0, from]; page < count; page += 1) {
    const { messages, contiguousTo } = await device.transport.history!(conversation.id, { ...(place ? { [isUp ? 'after' : 'before']: place } : {}), limit: 50 })
    for (const text of texts(messages)) found.add(text)
    const end = messages.at(isUp ? -1 : 0)?.at
    if (contiguousTo === null || !end || (isUp && gap.before && comparePoints(end, gap.before) >= 0)) break
    place = end
  }
  checkEqual(numbers(count).filter((n) => !found.has(`m${n}`)), [], 'what neither came nor stands in the gap')
}

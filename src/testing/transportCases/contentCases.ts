/** What is said with a receipt (`ackContent`). */
import type { UserId } from '../../model/index.js'
import type { Accepted, IncomingReceipt } from '../../transport/index.js'
import { carries } from './carries.js'
import { check, checkEqual, pointOf, type SceneDevice } from './scene.js'
import type { CaseSpec, Needs } from './setup.js'

const carriesContent: Needs = (capabilities) => (capabilities.receiptContent ? carries('read', 'direct')(capabilities) : 'receipts carry no content')

export const contentCases: readonly CaseSpec[] = [
  {
    title: 'what is said with a receipt is told of its message alone, also where that was read before, and once',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const [one, two] = [await ann.say(direct, 'one'), await ann.say(direct, 'two')]
      await bob.report(direct, 'read', { upTo: pointOf(two), messages: [one, two], from: ann.userId })
      await scene.until('ann knows that both are read', () => ann.knows(direct, bob.userId, 'read', two))
      for (const content of ['yes', 'yes', 'no']) await bob.report(direct, 'read', contentOf(one, content, ann.userId))
      await scene.until('ann knows what bob said', () => saidTo(ann, bob.userId).length > 0)
      await scene.quiet()
      checkEqual(unique(saidTo(ann, bob.userId)), [`${one.id} yes`], 'what ann was told that bob said')
      check(ann.knows(direct, bob.userId, 'read', two), 'What bob said of one message took another from what he had read.')
    },
    needs: carriesContent,
  },
  {
    title: 'what was said with a receipt is told to a device that comes later, and stands in the list of readers',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const [one, two] = [await ann.say(direct, 'one'), await ann.say(direct, 'two')]
      await bob.report(direct, 'read', contentOf(one, 'yes', ann.userId))
      await scene.until('ann knows that the first is read', () => ann.knows(direct, bob.userId, 'read', one))
      check(!ann.knows(direct, bob.userId, 'read', two), 'Bob said something of the first of two messages, and ann was told that he read both.')
      const later = await scene.connect('ann')
      const fetched = scene.capabilities.receiptsCatchUp === 'fetch' ? await later.transport.readStates!(direct.id) : []
      await scene.until('the later device knows what bob said', () => unique([...saidTo(later, bob.userId), ...saidIn(fetched, bob.userId)]).includes(`${one.id} yes`))
      if (scene.capabilities.readerLists === 'none') return
      const { items } = await ann.transport.readers!(direct.id, one.id, { limit: 10 })
      checkEqual(items.map(({ userId, content }) => `${userId} ${content}`), [`${bob.userId} yes`], 'the list of readers')
    },
    needs: (capabilities) => (capabilities.receiptsCatchUp === 'none' ? 'receipts are lost to who is away' : carriesContent(capabilities)),
  },
]

/** A report of one message, with something to say. */
function contentOf(accepted: Accepted, content: string, from: UserId) {
  return { ranges: [{ from: pointOf(accepted), to: pointOf(accepted) }], messages: [accepted], from, content }
}

/** What somebody said, by message. */
function saidIn(receipts: readonly IncomingReceipt[], by: UserId): readonly string[] {
  return receipts.flatMap((receipt) => (receipt.by === by && receipt.content !== undefined ? (receipt.ids ?? [receipt.upTo?.id]).map((id) => `${id} ${receipt.content}`) : []))
}

function saidTo(device: SceneDevice, by: UserId): readonly string[] {
  return saidIn(device.of('receipt'), by)
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)]
}

import { TransportError, type Transport, type TransportCapabilities } from '../../transport/index.js'
import { check, checkEqual, pointOf, refusalOf, texts } from './scene.js'
import type { CaseSpec } from './setup.js'

/** Optional methods, and whether each must be there; null: as one likes. */
const METHODS: { readonly [Method in keyof Omit<Transport, 'capabilities' | 'connect' | 'on' | 'send' | 'report' | 'close'>]-?: (of: TransportCapabilities) => boolean | null } = {
  conversations: (of) => of.conversations, members: (of) => of.members, history: (of) => of.history, join: (of) => of.membership, leave: (of) => of.membership, ensureConversation: (of) => of.membership,
  edit: (of) => of.edit, recall: (of) => of.recall, delete: (of) => of.delete, react: (of) => of.react, typing: (of) => of.typing, presence: (of) => of.presence, upload: (of) => of.upload,
  readers: ({ readerLists }) => readerLists !== 'none', readStates: ({ receiptsCatchUp }) => (receiptsCatchUp === 'replay' ? null : receiptsCatchUp === 'fetch'),
}

export const connectionCases: readonly CaseSpec[] = [
  {
    title: 'the transport declares what the setup says, and has the methods that it declares',
    async run(scene) {
      const transport = scene.rig.transport(scene.user('ann'))
      checkEqual(transport.capabilities, scene.capabilities, 'the capabilities')
      for (const [method, needed] of Object.entries(METHODS)) {
        const has = typeof transport[method as keyof typeof METHODS] === 'function'
        checkEqual(has, needed(scene.capabilities) ?? has, `whether there is ${method}()`)
      }
    },
  },
  {
    title: 'connecting resolves online, and says so',
    async run(scene) {
      const ann = await scene.connect('ann')
      await scene.until('ann is told that she is online', () => ann.of('state').at(-1)?.state.status === 'online')
    },
  },
  {
    title: 'a token is asked for at every connect',
    async run(scene) {
      const reasons: string[] = []
      const userId = scene.user('ann')
      const token = async (reason: 'connect' | 'expired') => {
        reasons.push(reason)
        return scene.rig.token?.(userId)
      }
      const ann = await scene.connect('ann', { token })
      await ann.transport.close()
      await scene.connect('ann', { token, transport: ann.transport })
      checkEqual(reasons, ['connect', 'connect'], 'why a token was asked for')
    },
  },
  {
    title: 'after close there is silence',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      await ann.say(direct, 'one')
      await bob.transport.close()
      const heard = bob.events.length
      await ann.say(direct, 'two')
      await scene.quiet()
      checkEqual(bob.events.length, heard, 'number of events')
    },
  },
  {
    title: 'closing within a listener is silence at once',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      await scene.quiet()
      let heard = 0
      bob.transport.on((event) => {
        if (event.type !== 'message') return
        heard += 1
        void bob.transport.close()
      })
      await Promise.all([ann.say(direct, 'one'), ann.say(direct, 'two'), ann.say(direct, 'three')])
      await scene.until('bob hears the first', () => heard > 0)
      await scene.quiet()
      checkEqual(heard, 1, 'number of messages heard')
    },
  },
  {
    title: 'closing twice does no harm, and a closed transport can connect again',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const ann = await scene.connect('ann')
      const bob = await scene.connect('bob')
      await bob.transport.close()
      await bob.transport.close()
      const again = await scene.connect('bob', { transport: bob.transport })
      await ann.say(direct, 'welcome back')
      await scene.until('bob has it', () => texts(again.messages(direct)).includes('welcome back'))
    },
  },
  {
    title: 'closing before it is online ends the connecting',
    async run(scene) {
      const transport = scene.rig.transport(scene.user('ann'))
      const connecting = refusalOf(scene.connect('ann', { transport }), 'a connect that was closed')
      await transport.close()
      await connecting
    },
  },
  {
    title: 'a closed transport that connects again without a cursor begins anew',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      await ann.say(direct, 'one')
      await scene.until('bob has it, and a cursor', () => bob.messages(direct).length === 1 && bob.events.at(-1)?.type === 'cursor')
      await bob.transport.close()
      const again = await scene.connect('bob', { transport: bob.transport })
      await scene.until('bob, who kept nothing, is told everything', () => texts(again.messages(direct)).includes('one'))
    },
    needs: ({ catchUp }) => (catchUp === 'cursor' ? null : `catch-up is by ${catchUp}`),
  },
  {
    title: 'what is under way when the transport is closed ends, and can be tried again',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      const [first, localId] = [await ann.say(direct, 'first'), scene.newLocalId()]
      const failures: (TransportError | null)[] = []
      const note = (call: Promise<unknown>) => void call.then(() => failures.push(null), (error: TransportError) => failures.push(error))
      note(ann.say(direct, 'one', { localId }))
      note(ann.report(direct, 'read', { upTo: pointOf(first) }))
      await ann.transport.close()
      await scene.until('the send and the report have ended', () => failures.length === 2)
      for (const error of failures) check(error === null || (error instanceof TransportError && error.retry !== 'no'), `What was under way when it was closed must say that it can be tried again; it says ${JSON.stringify(error)}.`)
      const again = await scene.connect('ann', { transport: ann.transport })
      await again.say(direct, 'one', { localId })
      await scene.until('bob has it', () => texts(bob.messages(direct)).includes('one'))
    },
  },
  {
    title: 'connecting twice is refused, and the first connection goes on',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const ann = await scene.connect('ann')
      await refusalOf(ann.transport.connect({ userId: ann.userId, token: async () => undefined, conversations: [] }), 'a second connect')
      await ann.say(direct, 'still here')
    },
  },
  {
    title: 'calls before connecting and after closing are refused without having left',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const transport = scene.rig.transport(scene.user('ann'))
      const draft = { localId: scene.newLocalId(), conversation: direct, body: { kind: 'text', text: 'one' } } as const
      checkEqual((await refusalOf(transport.send(draft), 'a send before connecting')).stored, 'no', 'stored')
      const ann = await scene.connect('ann', { transport })
      await ann.transport.close()
      const error = await refusalOf(transport.send(draft), 'a send after closing')
      checkEqual([error.stored, error.retry === 'no'], ['no', false], 'stored, and whether it cannot be retried')
    },
  },
  {
    title: 'a listener that was taken away hears nothing, and the others go on',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, bob] = [await scene.connect('ann'), await scene.connect('bob')]
      let heard = 0
      const stop = bob.transport.on(() => { heard += 1 })
      await scene.quiet()
      stop()
      stop()
      const before = heard
      await ann.say(direct, 'one')
      await scene.until('the other listener has it', () => bob.messages(direct).length === 1)
      checkEqual(heard, before, 'number of events for the one that was taken away')
    },
  },
  {
    title: 'two devices of one user are two connections',
    async run(scene) {
      const direct = await scene.conversation('direct', 'ann', 'bob')
      const [ann, phone, laptop] = [await scene.connect('ann'), await scene.connect('bob'), await scene.connect('bob')]
      await phone.transport.close()
      await ann.say(direct, 'one')
      await scene.until('the laptop has it', () => laptop.messages(direct).length === 1)
      check(!texts(phone.messages(direct)).includes('one'), 'The closed phone was told.')
    },
  },
]

/**
 * What `transportCases` cannot ask, because a device of ours never says it: frames that nobody can read, that come twice, or that claim to be somebody else's.
 * Runner-free, as the others.
 */
import { check, checkEqual, numbers } from '../transportCases/scene.js'
import type { TransportCase } from '../transportCases/setup.js'
import { draft, INVALID, MALFORMED, NO_TEXT, text, UNREADABLE } from './badFrames.js'
import { createStage, type Frame, type Peer, type Stage } from './peer.js'
import type { ServerUnderTest } from './serverSetup.js'

interface ProtocolCase {
  readonly title: string
  readonly run: (stage: Stage) => Promise<void>
}

/** Cases for a server of the JSON protocol, on raw sockets. @public */
export function protocolCases(server: ServerUnderTest): readonly TransportCase[] {
  const cases = server.token === undefined ? CASES : [...CASES, FOREIGN_TOKEN]
  return cases.map(({ title, run }) => ({
    title,
    async run() {
      const stage = createStage(server)
      try {
        await run(stage)
      } finally {
        stage.strike()
      }
    },
  }))
}

/** Names of what is stored, and how far bob's state goes: what must not change. */
async function stored(peer: Peer, { conversation }: Stage): Promise<string> {
  const [history, states] = [await peer.call('history', { conversationId: conversation.id, limit: 50 }), await peer.call('readStates', { conversationId: conversation.id })]
  check(history['type'] === 'answer' && states['type'] === 'answer', `History and read states of an own conversation must be answered: ${JSON.stringify([history, states]).slice(0, 300)}.`)
  return JSON.stringify([(history['result'] as { readonly messages: readonly { readonly id: string; readonly body: unknown }[] }).messages.map(({ id, body }) => [id, body]), states['result']])
}

function checkRefusal(frame: Frame, codes: readonly string[]): void {
  check(frame['type'] === 'refusal' && codes.includes(String(frame['code'])) && frame['stored'] === 'no' && frame['retry'] === 'no' && typeof frame['message'] === 'string',
    `It must be answered by a refusal with code ${codes.join(' or ')}, a message, stored "no" and retry "no", and was answered by ${JSON.stringify(frame).slice(0, 300)}.`)
}

/** What the page says a device may have without a `got`, frames of a lane. */
const WINDOW = 4

const CASES: readonly ProtocolCase[] = [
  {
    title: 'a hello is answered by a welcome of the same version, and a ping by a pong',
    async run(stage) {
      const ann = await stage.welcomed(stage.ann)
      checkEqual(ann.heard.find(({ type }) => type === 'welcome')?.['version'], 1, 'the version of the welcome')
      ann.say({ type: 'ping' })
      await ann.next('a ping is answered by a pong', ({ type }) => type === 'pong')
    },
  },
  {
    title: 'another version of the protocol is refused for good',
    async run(stage) {
      const ann = await stage.open()
      ann.say(await stage.hello(stage.ann, { version: 999 }))
      checkRefusal(await ann.next('the hello is refused', ({ type }) => type === 'refusal' || type === 'welcome'), ['transport/version'])
    },
  },
  {
    title: 'nothing is done for who has not said hello',
    async run(stage) {
      const [ann, stranger] = [await stage.welcomed(stage.ann), await stage.open()]
      stranger.say({ type: 'call', no: 1, name: 'send', with: draft(stage, 'l1') })
      await stranger.until('a call before the hello is refused, or hung up on', () => stranger.isClosed() || stranger.heard.some(({ type }) => type === 'refusal'))
      checkEqual(stranger.heard.filter(({ type }) => type !== 'refusal').length, 0, 'number of frames for who has not said hello')
      checkEqual(JSON.parse(await stored(ann, stage))[0], [], 'what is stored')
    },
  },
  ...UNREADABLE.map(([what, frame]): ProtocolCase => ({
    title: `a frame that is ${what} is answered by a refusal without a number, and changes nothing`,
    async run(stage) {
      const ann = await stage.welcomed(stage.ann)
      await ann.call('send', draft(stage, 'before'))
      const before = await stored(ann, stage)
      ann.say(frame)
      checkRefusal(await ann.next('it is refused', ({ type, no }) => type === 'refusal' && no === undefined), INVALID)
      checkEqual(await stored(ann, stage), before, 'what is stored')
    },
  })),
  ...MALFORMED.map(({ what, make, codes = INVALID }): ProtocolCase => ({
    title: `${what} is refused by its number, and changes nothing`,
    async run(stage) {
      const ann = await stage.welcomed(stage.ann)
      await ann.call('send', draft(stage, 'before'))
      const before = await stored(ann, stage)
      checkRefusal(await ann.call(...make(stage)), codes)
      checkEqual(await stored(ann, stage), before, 'what is stored')
    },
  })),
  {
    title: 'a frame of an unknown type does no harm',
    async run(stage) {
      const ann = await stage.welcomed(stage.ann)
      ann.say({ type: 'hug' })
      checkEqual((await ann.call('send', draft(stage, 'after')))['type'], 'answer', 'what becomes of a send after it')
    },
  },
  {
    title: 'a frame over the limit is refused, or hung up on, and others are served',
    async run(stage) {
      const [ann, bob] = [await stage.welcomed(stage.ann), await stage.welcomed(stage.bob)]
      ann.say({ type: 'call', no: 1, name: 'send', with: draft(stage, 'large', text('x'.repeat(1_100_000))) })
      await ann.until('it is refused or hung up on', () => ann.isClosed() || ann.heard.some(({ type, code }) => type === 'refusal' && code === 'transport/tooLarge'))
      checkEqual(JSON.parse(await stored(bob, stage))[0], [], 'what is stored')
    },
  },
  {
    title: 'a call whose number came before is not done again',
    async run(stage) {
      const ann = await stage.welcomed(stage.ann)
      await ann.call('send', draft(stage, 'first'), 7)
      ann.say({ type: 'call', no: 7, name: 'send', with: draft(stage, 'second') })
      await ann.next('the replay is refused', ({ type, code }) => type === 'refusal' && code === 'transport/invalid')
      checkEqual((JSON.parse(await stored(ann, stage)) as [unknown[]])[0].length, 1, 'number of messages')
    },
  },
  {
    title: 'what nobody can do anything with hurts who says it alone',
    async run(stage) {
      const [ann, bob] = [await stage.welcomed(stage.ann), await stage.welcomed(stage.bob)]
      const { id } = stage.conversation
      // Both at once, so that they are worked on together.
      for (const n of numbers(30)) {
        ann.say({ type: 'call', no: n + 1, name: 'members', with: { conversationId: id, limit: 5, cursor: NO_TEXT } })
        checkEqual((await bob.call('send', draft(stage, `m${n}`)))['type'], 'answer', 'what becomes of a send of another')
      }
    },
  },
  {
    title: 'nobody speaks for another, whatever a frame claims',
    async run(stage) {
      const [ann, bob] = [await stage.welcomed(stage.ann), await stage.welcomed(stage.bob)]
      const sent = await ann.call('send', { ...draft(stage, 'l1'), from: stage.bob, userId: stage.bob })
      const upTo = (sent['result'] as { readonly at: unknown }).at
      await ann.call('report', { conversationId: stage.conversation.id, kind: 'read', visibility: 'published', upTo, ranges: [], ageMs: 0, by: stage.bob, userId: stage.bob })
      const { result } = await bob.call('history', { conversationId: stage.conversation.id, limit: 5 })
      checkEqual((result as { readonly messages: readonly { readonly from: string }[] }).messages.map(({ from }) => from), [stage.ann], 'the author')
      const states = (await bob.call('readStates', { conversationId: stage.conversation.id }))['result'] as readonly { readonly by: string }[]
      check(!states.some(({ by }) => by === stage.bob), 'A report of ann was taken for one of bob.')
    },
  },
  {
    title: 'a cursor of nobody is answered by telling everything anew',
    async run(stage) {
      const ann = await stage.welcomed(stage.ann)
      await ann.call('send', draft(stage, 'one'))
      const again = await stage.welcomed(stage.ann, { since: 'no cursor of yours' })
      await again.next('the message is told again', (frame) => eventsOf(frame).some((event) => event['type'] === 'message' && (event['message'] as Frame)['conversationId'] === stage.conversation.id))
    },
  },
  {
    title: 'sixty-four calls that wait for no answer are each answered once',
    async run(stage) {
      const ann = await stage.welcomed(stage.ann)
      for (const n of numbers(64)) ann.say({ type: 'call', no: n + 1, name: 'send', with: draft(stage, `m${n}`) })
      const answers = () => ann.heard.filter(({ type }) => type === 'answer').map(({ no }) => Number(no))
      await ann.until('all are answered', () => answers().length >= 64)
      await stage.quiet()
      checkEqual(answers().sort((a, b) => a - b), numbers(64).map((n) => n + 1), 'the numbers of the answers')
    },
  },
  {
    title: 'events are numbered from 1 on each lane; without a got no more than four frames come, and one more for each',
    async run(stage) {
      const [ann, bob] = [await stage.welcomed(stage.ann), await stage.welcomed(stage.bob)]
      const frames = () => bob.heard.filter(({ type, lane }) => type === 'events' && lane === 'message')
      for (const n of numbers(120)) await ann.call('send', draft(stage, `m${n}`, text('x'.repeat(40_000))))
      await bob.until('four frames came', () => frames().length >= WINDOW)
      await stage.quiet()
      checkEqual(frames().map(({ no }) => no), [1, 2, 3, 4], 'the numbers of the frames without a got')
      for (const no of numbers(3)) {
        bob.say({ type: 'got', lane: 'message', no: no + 1 })
        await bob.until(`a got lets frame ${no + 1 + WINDOW} come`, () => frames().length === no + 1 + WINDOW)
      }
    },
  },
  {
    title: 'who goes on with frames that nobody can read is hung up on, and others are served',
    async run(stage) {
      const [ann, bob] = [await stage.welcomed(stage.ann), await stage.welcomed(stage.bob)]
      for (let n = 0; n < 1_000 && !ann.isClosed(); n += 1) {
        ann.say('?')
        if (n % 50 === 49) await stage.quiet()
      }
      await ann.until('it is hung up on', () => ann.isClosed())
      checkEqual((await bob.call('send', draft(stage, 'after')))['type'], 'answer', 'what becomes of a send of another')
    },
  },
]

const FOREIGN_TOKEN: ProtocolCase = {
  title: 'the token of somebody else is refused, and nothing is told',
  async run(stage) {
    const [bob, eve] = [await stage.hello(stage.bob), await stage.open()]
    eve.say(await stage.hello(stage.ann, { token: bob['token'] }))
    const frame = await eve.next('it is refused', ({ type }) => type === 'refusal' || type === 'welcome')
    checkEqual([frame['type'], frame['code']], ['refusal', 'transport/unauthorized'], 'the answer to a hello with another\'s token')
  },
}

function eventsOf(frame: Frame): readonly Frame[] {
  return frame['type'] === 'events' ? (frame['events'] as readonly Frame[]) : []
}

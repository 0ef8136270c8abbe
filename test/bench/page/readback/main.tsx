/** Ours, whole: <ChatWindow> with client, store and database, as an app would use it. */
import '../commits'
import { Dexie } from 'dexie'
import { createRoot, type Root } from 'react-dom/client'
import { ChatProvider, ChatWindow, createChatClient, type ChatClient, type MessageSource } from 'readback'
import { dexieStorage } from 'readback/storage/dexie'
import 'readback/styles.css'
import type { Row, Scene } from '../contract'
import { runContestant } from '../harness'
import { ID, pointAt, seed, seedStates, userOf } from './stored'
import { createWire } from './wire'

// On by itself at a loopback address only, where no app is served to anybody.
Dexie.debug = false

const wire = createWire()
let scene: Scene
let client: ChatClient
let source: MessageSource
let react: Root | null = null
let release = () => {}
let arrived = 0

function make(given: Scene): void {
  scene = given
  arrived = given.size
  client = createChatClient({ userId: userOf(given), transport: wire.transport, storage: dexieStorage({ name: 'bench' }), policy: { maxGroupSize: 20_000, groupStatus: 'any' } })
}

function render(root: HTMLElement): void {
  react = createRoot(root)
  react.render(
    <ChatProvider client={client}>
      <ChatWindow conversationId={ID} />
    </ChatProvider>,
  )
}

/** The newest message of mine that nobody has read. */
const newestPoint = () => pointAt(scene.size - 1)

runContestant({
  rowSelector: '.rb-list-row',
  seed: (given) => seed(dexieStorage({ name: 'bench' }), given),
  reset: (given) => seedStates(dexieStorage({ name: 'bench' }), given),
  async open(given) {
    make(given)
    await client.start()
    // Somebody listens: the conversation is open, as it is for an app that goes back to it.
    source = client.messages(ID)
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        const { status } = source.getSnapshot()
        if (status === 'ready') resolve()
        if (status === 'failed') reject(new Error('The conversation could not be opened.'))
      }
      release = source.subscribe(look)
      look()
    })
  },
  mount: render,
  async openCold(given, root) {
    make(given)
    source = client.messages(ID)
    render(root)
  },
  unmount() {
    react?.unmount()
    release()
  },
  append(row: Row) {
    const index = arrived++
    wire.tell({ type: 'message', message: { conversationId: ID, id: `m${index}`, at: pointAt(index), from: row.from, localId: `l${index}`, time: row.time, body: { kind: 'text', text: row.text } } })
  },
  flip: (index) => wire.tell({ type: 'receipt', conversationId: ID, by: 'u0', kind: 'read', visibility: 'published', upTo: pointAt(index), time: Date.now() }),
  receipt(member) {
    const at = newestPoint()
    const what = scene.mode === 'upTo' ? { upTo: at } : { ranges: [{ from: at, to: at }] }
    wire.tell({ type: 'receipt', conversationId: ID, by: `u${member}`, kind: 'read', visibility: 'published', ...what, time: Date.now() })
  },
  prepend: async () => source.loadOlder?.(),
  scroller: () => document.querySelector<HTMLElement>('.rb-list-scroller')!,
  rows: () => [...document.querySelectorAll('.rb-list-row')],
  isRead: (row) => row.querySelector('.rb-row')?.getAttribute('data-status') === 'read',
  readers: (row) => Number(/\d+/.exec(row.querySelector('.rb-badge bdi')?.textContent ?? '')?.[0] ?? (row.querySelector('.rb-badge')?.getAttribute('data-read') === 'all' ? scene.members - 1 : 0)),
})

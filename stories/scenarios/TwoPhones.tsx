import { useCallback, useEffect, useState } from 'react'
import { ChatProvider, ChatWindow, createChatClient, systemVisibility, type ChatClient, type Locale, type PageVisibility, type Theme } from 'readback'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryHub } from 'readback/transport/memory'
import { directory } from './directory'
import { useScene } from './useScene'
import './scenarios.css'

/** The one conversation of the scene. */
const CONVERSATION = { id: 'ada-and-bo', kind: 'direct', members: ['ada', 'bo'] } as const

type Person = (typeof CONVERSATION.members)[number]

const PEOPLE: readonly Person[] = CONVERSATION.members

interface Scene {
  readonly hub: ReturnType<typeof memoryHub>
  readonly clients: Readonly<Record<Person, ChatClient>>
  readonly eyes: Readonly<Record<Person, Eyes>>
}

/** Somebody's attention: the page's own, and whether they look at their phone. */
interface Eyes extends PageVisibility {
  look(on: boolean): void
}

function createEyes(): Eyes {
  let looking = true
  const listeners = new Set<() => void>()
  return {
    isVisible: () => looking && systemVisibility.isVisible(),
    hasFocus: () => systemVisibility.hasFocus(),
    subscribe(listener) {
      listeners.add(listener)
      const stop = systemVisibility.subscribe(listener)
      return () => {
        listeners.delete(listener)
        stop()
      }
    },
    look(on) {
      looking = on
      for (const listener of listeners) listener()
    },
  }
}

/** How the conversation began, the evening before. */
const BEGINNING = [
  { from: 'bo', body: 'The boat is back in the water 🛶' },
  { from: 'bo', body: 'Took the whole afternoon, but it floats.' },
  { from: 'ada', body: 'That is the best news of the week!' },
  { from: 'ada', body: 'I will bring the good thermos.' },
  { from: 'bo', body: 'Deal. 明天见!' },
] as const
const BEGAN_AT = Date.UTC(2026, 5, 19, 17, 42)

/** Everything of the beginning has been read by both. Does nothing once there is more. */
async function begin(hub: Scene['hub']): Promise<void> {
  await hub.seed({ conversation: CONVERSATION, messages: BEGINNING.map((message, i) => ({ ...message, time: BEGAN_AT + i * 61_000 })) })
  const upTo = hub.log(CONVERSATION.id)[BEGINNING.length - 1]?.at
  if (upTo) await hub.receipt(PEOPLE.map((by) => ({ by, conversationId: CONVERSATION.id, upTo })))
}

/** One hub that keeps its own log, and two clients, each with its own database: a reload finds everything. */
function createScene(name: string): Scene {
  const hub = memoryHub({ name: `${name}-hub`, persist: true, latencyMs: 150 })
  begin(hub).catch(() => {})
  const eyes = { ada: createEyes(), bo: createEyes() }
  const clientFor = (userId: Person) => {
    const client = createChatClient({ userId, transport: hub.transport(), storage: dexieStorage({ name }), directory, ports: { visibility: eyes[userId] } })
    void client.ensureConversation(CONVERSATION)
    return client
  }
  return { hub, clients: { ada: clientFor('ada'), bo: clientFor('bo') }, eyes }
}

/** The providers stop their clients first: they are unmounted before their scene is disposed of. */
function disposeScene({ hub }: Scene): void {
  void hub.dispose()
}

export interface TwoPhonesProps {
  /** Names the databases. */
  readonly name?: string
  readonly theme?: Theme
  readonly locale?: Locale
  readonly dir?: 'ltr' | 'rtl'
}

/** Two phones on one hub, with switches for network, attention and distance. */
export function TwoPhones({ name = 'two-people', ...appearance }: TwoPhonesProps) {
  const scene = useScene(useCallback(() => createScene(name), [name]), disposeScene)
  const [latencyMs, setLatencyMs] = useState(150)
  useEffect(() => scene?.hub.setLatency(latencyMs), [scene, latencyMs])
  if (scene === null) return null
  return (
    <main className="scene">
      <div className="scene__phones">
        {PEOPLE.map((person) => (
          <Phone key={person} person={person} scene={scene} appearance={appearance} />
        ))}
      </div>
      <label className="scene__slider">
        Latency, one way
        <input type="range" min={0} max={2000} step={50} value={latencyMs} onChange={(event) => setLatencyMs(Number(event.target.value))} />
        <output dir="ltr">{latencyMs} ms</output>
      </label>
    </main>
  )
}

function Phone({ person, scene, appearance }: { person: Person; scene: Scene; appearance: Omit<TwoPhonesProps, 'name'> }) {
  const [online, setOnline] = useState(true)
  const [looking, setLooking] = useState(true)
  useEffect(() => scene.hub.setOnline(person, online), [scene, person, online])
  useEffect(() => scene.eyes[person].look(looking), [scene, person, looking])
  const owner = directory.nameOf(person)
  return (
    <section className="phone" aria-label={`Phone of ${owner}`} data-person={person}>
      <div className="phone__owner">{owner}</div>
      <div className="phone__screen" data-looking={looking}>
        <ChatProvider client={scene.clients[person]} {...appearance}>
          <ChatWindow conversationId={CONVERSATION.id} />
        </ChatProvider>
      </div>
      <div className="phone__switches">
        <Switch label="Online" on={online} onChange={setOnline} />
        <Switch label="Looking at it" on={looking} onChange={setLooking} />
      </div>
    </section>
  )
}

function Switch({ label, on, onChange }: { label: string; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <label className="switch">
      <input type="checkbox" role="switch" checked={on} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  )
}

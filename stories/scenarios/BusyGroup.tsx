import { useCallback, useEffect, useRef, useState } from 'react'
import { ChatProvider, ChatWindow, createChatClient, type ChatClient, type Locale, type Message, type Point, type Theme } from 'readback'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { createDirectory } from './directory'
import { groupHistory, memberName } from './groupHistory'
import { useScene } from './useScene'
import './scenarios.css'

const ID = 'busy-group'
const ME = 'ada'

export interface BusyGroupProps {
  /** Members, me included. */
  readonly memberCount?: number
  /** Messages that are there from the beginning. */
  readonly messageCount?: number
  readonly theme?: Theme
  readonly locale?: Locale
  readonly dir?: 'ltr' | 'rtl'
}

interface Scene {
  readonly hub: ReturnType<typeof memoryHub>
  readonly client: ChatClient
  readonly readers: readonly string[]
}

/** A group with a long history; everything in it is in memory, and new at every visit. */
function createScene(memberCount: number, messageCount: number): Scene {
  const hub = memoryHub({ name: `${ID}-hub` })
  const readers = Array.from({ length: memberCount - 1 }, (_, i) => `m${i + 1}`)
  const members = [ME, ...readers]
  void hub.seed({ conversation: { id: ID, kind: 'group', members, title: 'Harbour festival crew' }, messages: groupHistory(readers, ME, messageCount) })
  const client = createChatClient({ userId: ME, transport: hub.transport(), storage: memoryStorage(), directory: createDirectory(memberName) })
  return { hub, client, readers }
}

/** Hundreds of people, thousands of messages, receipts by the handful; the badges of my messages count up. */
export function BusyGroup({ memberCount = 500, messageCount = 20_000, ...appearance }: BusyGroupProps) {
  const scene = useScene(useCallback(() => createScene(memberCount, messageCount), [memberCount, messageCount]), disposeScene)
  return scene && <Stage scene={scene} appearance={appearance} />
}

function disposeScene({ hub }: Scene): void {
  void hub.dispose()
}

function Stage({ scene, appearance }: { scene: Scene; appearance: Omit<BusyGroupProps, 'memberCount' | 'messageCount'> }) {
  const [streaming, setStreaming] = useState(true)
  const told = useReceiptStream(scene, streaming)
  const announce = () => void scene.client.send(ID, { body: { kind: 'text', text: 'The stage is ready. Please read: doors open at six, and everybody needs a wristband.' } }).catch(() => {})
  const flood = () => void scene.hub.receipt(scene.readers.map((by) => ({ by, conversationId: ID }))).catch(() => {})
  return (
    <main className="scene">
      <div className="panel">
        <div className="panel__window">
          <ChatProvider client={scene.client} {...appearance}>
            <ChatWindow conversationId={ID} initialPosition="newest" />
          </ChatProvider>
        </div>
        <div className="panel__controls">
          <button type="button" onClick={() => setStreaming(!streaming)}>{streaming ? 'Pause the receipts' : 'Let the receipts come'}</button>
          <button type="button" onClick={announce}>Send an announcement</button>
          <button type="button" onClick={flood}>All read at once</button>
          <output>{told} receipts so far</output>
        </div>
      </div>
    </main>
  )
}

/** Members open the group one after another, and each reads up to somewhere near the end. */
function useReceiptStream({ hub, readers }: Scene, on: boolean): number {
  const [told, setTold] = useState(0)
  const next = useRef(0)
  useEffect(() => {
    if (!on) return
    const timer = setInterval(() => {
      const log = hub.log(ID)
      if (log.length === 0 || next.current >= readers.length * 3) return
      const batch = Array.from({ length: 7 }, () => {
        const turn = next.current++
        const by = readers[turn % readers.length]!
        return { by, conversationId: ID, upTo: placeOf(log, turn, readers.length) }
      })
      void hub.receipt(batch).then(() => setTold((count) => count + batch.length), () => {})
    }, 200)
    return () => clearInterval(timer)
  }, [hub, readers, on])
  return told
}

/** In the first round most stop a few messages before the end; later everybody reaches it. */
function placeOf(log: readonly Pick<Message, 'at'>[], turn: number, size: number): Point | null {
  const behind = turn < size ? (turn * 7) % 12 : turn < size * 2 ? (turn * 5) % 4 : 0
  return log.at(-1 - behind)?.at ?? null
}

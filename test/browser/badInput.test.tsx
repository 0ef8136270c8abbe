/** What is wrong is said on screen, and the rest goes on: against a real database, in a real browser. */
import { render, screen } from '@testing-library/react'
import { ChatProvider, ChatWindow, createChatClient, type ChatClient, type ChatStorage } from 'readback'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryHub } from 'readback/transport/memory'
import 'readback/styles.css'
import { afterEach, describe, expect, it } from 'vitest'

const PAIR = { id: 'pair', kind: 'direct', members: ['me', 'ada'] } as const

const cleanUp: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

function show(storage: ChatStorage, conversationId: string): ChatClient {
  const client = createChatClient({ userId: 'me', transport: memoryHub().transport(), storage })
  const { unmount } = render(
    <ChatProvider client={client}>
      <div style={{ blockSize: 500, inlineSize: 380 }}>
        <ChatWindow conversationId={conversationId} />
      </div>
    </ChatProvider>,
  )
  cleanUp.push(() => {
    unmount()
    return client.dispose()
  })
  return client
}

/** Changes a stored row as something outside the kit would: a half-written database, another version, a bug. */
async function spoilRow(database: string, text: string, spoil: (row: Record<string, unknown>) => Record<string, unknown>): Promise<void> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(database)
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error!))
  })
  const tx = db.transaction('messages', 'readwrite')
  const rows = await new Promise<Record<string, unknown>[]>((resolve) => {
    const request = tx.objectStore('messages').getAll()
    request.addEventListener('success', () => resolve(request.result as Record<string, unknown>[]))
  })
  tx.objectStore('messages').put(spoil(rows.find((row) => JSON.stringify(row).includes(text))!))
  await new Promise((resolve) => tx.addEventListener('complete', resolve))
  db.close()
}

describe('bad input', () => {
  it('a message row that does not parse is quarantined, and the rest are shown', async () => {
    const name = 'spoiled'
    const first = createChatClient({ userId: 'me', transport: memoryHub().transport(), storage: dexieStorage({ name }) })
    void first.ensureConversation(PAIR)
    await first.start()
    for (const text of ['the first', 'the second', 'the third']) await first.send(PAIR.id, { body: { kind: 'text', text } })
    await expect.poll(async () => (await first.diagnostics()).outbox.length, { timeout: 10_000 }).toBe(0)
    await first.dispose()
    await spoilRow(`${name}/me`, 'the second', (row) => ({ ...row, body: 42, time: 'yesterday' }))

    const storage = dexieStorage({ name })
    const client = show(storage, PAIR.id)
    expect(await screen.findByText('the first', undefined, { timeout: 5000 })).toBeTruthy()
    expect(await screen.findByText('the third', undefined, { timeout: 5000 })).toBeTruthy()
    expect(screen.queryByText('the second')).toBeNull()
    await expect.poll(async () => (await client.diagnostics()).quarantined, { timeout: 10_000 }).toBe(1)
    await client.signOut({ data: 'wipe' })
  })

  it('an unknown conversation shows an empty state that names it', async () => {
    show(dexieStorage({ name: 'unknown' }), 'nowhere')
    expect(await screen.findByText(/nowhere/, undefined, { timeout: 5000 })).toBeTruthy()
    expect(screen.queryByRole('textbox')).toBeNull()
  })

  it('without IndexedDB it works in memory, and says so', async () => {
    const refusing = new Proxy(indexedDB, {
      get(target, property) {
        if (property === 'open') return () => { throw new DOMException('The operation is insecure.', 'SecurityError') }
        return Reflect.get(target, property) as unknown
      },
    })
    const client = show(dexieStorage({ name: 'refused', indexedDB: refusing }), PAIR.id)
    void client.ensureConversation(PAIR)
    await expect.poll(() => client.getState().storage, { timeout: 5000 }).toEqual({ status: 'memory', reason: 'failed' })
    await expect.poll(() => [...document.querySelectorAll('.rb-banner')].map((banner) => banner.textContent).join(), { timeout: 5000 }).toContain('This browser keeps nothing.')
    await client.send(PAIR.id, { body: { kind: 'text', text: 'kept in memory' } })
    expect(await screen.findByText('kept in memory', undefined, { timeout: 5000 })).toBeTruthy()
  })

  it('a part outside its provider says what to do', () => {
    expect(() => render(<ChatWindow conversationId="pair" />)).toThrow(
      '<ChatWindow> has no chat client. It takes its conversations from the client of the nearest <ChatProvider>, and there is none above it, or that one was given no client. Wrap it in <ChatProvider client={client}>.',
    )
  })
})

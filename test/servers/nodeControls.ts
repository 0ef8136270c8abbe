import { rmSync } from 'node:fs'
import net from 'node:net'
import sqlite from 'node-sqlite3-wasm'
import { startTcpProxy, type TcpProxy } from 'readback/testing'
import { startServerProcess } from './serverProcess.js'
import { RECALL_WINDOW_MS, REPLAY_LIMIT, type Controls } from './websocketRig.js'
import { issueToken } from './websocketServer.mjs'

const SECRET = 'only for tests'
const HOUR_MS = 3_600_000

export interface NodeControls extends Controls {
  stop(): Promise<void>
}

/** Starts the server; wires are laid to it as cases ask. */
export async function startControls(): Promise<NodeControls> {
  const server = await startServerProcess('--secret', SECRET, '--recall-window-ms', String(RECALL_WINDOW_MS), '--replay-limit', String(REPLAY_LIMIT), '--backfill', '40')
  const wires = new Map<number, TcpProxy>()
  let laid = 0

  async function openWire() {
    const wire = await startTcpProxy(net, server)
    const id = (laid += 1)
    wires.set(id, wire)
    return { id, url: `ws://127.0.0.1:${wire.port}` }
  }

  async function closeWires(ids: readonly number[]): Promise<void> {
    await Promise.all(ids.map((id) => wires.get(id)!.close()))
    for (const id of ids) wires.delete(id)
  }

  return {
    openWires: (count) => Promise.all(Array.from({ length: count }, openWire)),
    closeWires,
    async wire(id, action) {
      wires.get(id)![action]()
    },
    token: async (userId, lifetimeMs = HOUR_MS) => issueToken(SECRET, userId, Date.now() + lifetimeMs),
    async restoreBackup(conversationId) {
      await server.kill()
      rmSync(`${server.file}.lock`, { recursive: true, force: true })
      const db = new sqlite.Database(server.file)
      // As the server does: without, a database with a write-ahead log does not open here.
      db.exec('pragma locking_mode = exclusive')
      const { seq } = db.get('select max(seq) as seq from messages where conversation = ?', [conversationId]) as { seq: number }
      for (const table of ['messages', 'log']) db.run(`delete from ${table} where seq >= ?`, [seq])
      db.close()
      await server.start('--restored')
    },
    async stop() {
      await closeWires([...wires.keys()])
      await server.remove()
    },
  }
}

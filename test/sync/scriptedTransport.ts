/** A wire whose every event is written by the test: stands in for a network, so that order can be scripted. */
import type { Accepted, Draft, Report, Transport, TransportCapabilities, TransportEvent } from 'readback/core'
import { memoryHub } from 'readback/transport/memory'

export interface ScriptedTransport extends Transport {
  emit(event: TransportEvent): void
  readonly sent: readonly Draft[]
  readonly reports: readonly Report[]
  answer: (draft: Draft) => Promise<Accepted>
}

export function scriptedTransport(changes: Partial<TransportCapabilities> = {}): ScriptedTransport {
  const listeners = new Set<(event: TransportEvent) => void>()
  const sent: Draft[] = []
  const reports: Report[] = []
  const transport: ScriptedTransport = {
    capabilities: { ...memoryHub().transport().capabilities, ...changes },
    sent,
    reports,
    answer: (draft) => Promise.resolve({ localId: draft.localId, id: `id-${draft.localId}`, at: { epoch: 0, order: 1_000 + sent.length, id: `id-${draft.localId}` }, time: 1_000 }),
    emit: (event) => listeners.forEach((listener) => listener(event)),
    async connect() {
      transport.emit({ type: 'state', state: { status: 'online' } })
    },
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    send(draft) {
      sent.push(draft)
      return transport.answer(draft)
    },
    async report(report) {
      reports.push(report)
    },
    async close() {},
  }
  return transport
}

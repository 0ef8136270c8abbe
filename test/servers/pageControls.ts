import type { Controls } from './websocketRig.js'

/** The controls as a page reaches them. A plain-text body needs no permission asked beforehand. */
export function pageControls(address: string): Controls {
  const call = (method: keyof Controls) => async (...args: readonly unknown[]) => {
    const response = await fetch(address, { method: 'POST', body: JSON.stringify({ method, args }) })
    const body: unknown = await response.json()
    if (!response.ok) throw new Error(String(body))
    return body as never
  }
  return { openWires: call('openWires'), closeWires: call('closeWires'), wire: call('wire'), token: call('token'), restoreBackup: call('restoreBackup') }
}

import { TransportError } from '../transportError.js'

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * Why an address may not be dialled, or null. Without encryption anybody on the way reads messages and tokens, so `ws:` is for this machine only.
 * @param allowInsecure - the app says that the network is its own
 */
export function checkAddress(url: string, allowInsecure: boolean): TransportError | null {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    return refused('transport/invalid', `"${url}" is no address. Nothing was connected. Give the transport one such as wss://chat.example.org/.`)
  }
  if (parsed.protocol === 'wss:') return null
  if (parsed.protocol !== 'ws:') return refused('transport/invalid', `"${url}" is no WebSocket address. Nothing was connected. It must begin with wss: (or ws: on this machine).`)
  if (allowInsecure || LOOPBACK.test(parsed.hostname)) return null
  return refused('transport/insecureAddress', `"${parsed.origin}" is not encrypted, so everybody on the way could read the messages and the token. Nothing was connected. Use wss:, or set allowInsecure where the network is your own.`)
}

function refused(code: 'transport/invalid' | 'transport/insecureAddress', message: string): TransportError {
  return new TransportError(code, message, { stored: 'no', retry: 'no' })
}

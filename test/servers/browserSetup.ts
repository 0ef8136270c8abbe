/** For browser tests: a small HTTP server in Node through which a page lays wires to the chat server. The chat server is started when a page first asks. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { startControls, type NodeControls } from './nodeControls.js'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the controls; see `pageControls`. */
    controls: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let controls: Promise<NodeControls> | null = null

  async function answer(request: IncomingMessage): Promise<unknown> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method, args } = JSON.parse(Buffer.concat(chunks).toString()) as { method: keyof NodeControls; args: unknown[] }
    const started = await (controls ??= startControls())
    return (started[method] as (...given: unknown[]) => Promise<unknown>)(...args)
  }

  const http = createServer((request, response) => {
    const reply = (status: number, body: unknown) => response.writeHead(status, { 'access-control-allow-origin': '*', 'content-type': 'application/json' }).end(JSON.stringify(body ?? null))
    answer(request).then((result) => reply(200, result), (error: unknown) => reply(500, String(error)))
  })
  await new Promise<void>((resolve) => { http.listen(0, '127.0.0.1', resolve) })
  project.provide('controls', `http://127.0.0.1:${(http.address() as AddressInfo).port}`)
  return async () => {
    http.close()
    await (await controls)?.stop()
  }
}

/** Serves built pages on the loopback. The port stays the same in one run, so that a database belongs to the same origin in every browser. */
import { createServer } from 'node:http'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, normalize } from 'node:path'

const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.png': 'image/png', '.woff2': 'font/woff2' }

/** @returns {Promise<{ url: (page: string) => string, close: () => void }>} */
export async function servePages(folder) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname)).replace(/^(\.\.[/\\])+/, '')
    const file = join(folder, path)
    if (path.endsWith('/')) return void response.setHeader('content-type', 'text/html').end(html(folder, path))
    if (!existsSync(file) || !(extname(file) in TYPES)) return void response.writeHead(404).end()
    response.setHeader('content-type', TYPES[extname(file)]).end(readFileSync(file))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  return { url: (page) => `http://127.0.0.1:${port}/${page}/`, close: () => server.close() }
}

function html(folder, path) {
  const sheets = readdirSync(join(folder, path)).filter((file) => file.endsWith('.css'))
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Benchmark</title><link rel="icon" href="data:,">
${sheets.map((file) => `<link rel="stylesheet" href="${file}">`).join('\n')}
<style>html,body{margin:0;height:100%}#root{height:720px;width:420px;overflow:hidden}</style></head>
<body><div id="root"></div><script type="module" src="main.js"></script></body></html>`
}

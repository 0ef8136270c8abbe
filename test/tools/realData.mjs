/**
 * Serves the real chat logs to browser tests. They are not part of this repository: they are looked for beside it,
 * in `../shared/data`, or where READBACK_DATA says.
 */
import { createReadStream, existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'

export const DATA_FOLDER = resolve(process.env.READBACK_DATA ?? '../shared/data')

/** @returns {import('vite').Plugin} answers `/real-data/<file>` with the file's bytes, or 404 */
export function realData() {
  return {
    name: 'readback-real-data',
    configureServer(server) {
      server.middlewares.use('/real-data', (request, response) => {
        const file = resolve(DATA_FOLDER, basename(request.url ?? ''))
        if (!existsSync(file)) {
          response.statusCode = 404
          response.end()
          return
        }
        // Not as Content-Encoding: the test unpacks it itself.
        response.setHeader('Content-Type', 'application/octet-stream')
        createReadStream(file).pipe(response)
      })
    },
  }
}

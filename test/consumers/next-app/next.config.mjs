import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** StrictMode mounts everything twice in development, and a page rendered on the server must be the page that the browser starts from. */
export default {
  reactStrictMode: true,
  devIndicators: false,
  turbopack: { root: dirname(fileURLToPath(import.meta.url)) },
}

/** A page of the same origin: its own globals, its own copies of the modules, its own channel and database handles. */

export interface PageOfItsOwn<T> {
  readonly library: T
  /** As a page dies: without a word. */
  die(): void
}

/** @param imports - what of it is handed over, by the path of the module */
export async function openPageOfItsOwn<T>(imports: Readonly<Record<string, string>>): Promise<PageOfItsOwn<T>> {
  const frame = document.createElement('iframe')
  const loaded = new Promise<T>((resolve) => {
    window.addEventListener('message', function listen(event) {
      if (event.source !== frame.contentWindow) return
      window.removeEventListener('message', listen)
      resolve((frame.contentWindow as unknown as { library: T }).library)
    })
  })
  const lines = Object.entries(imports).map(([path, name]) => `import { ${name} } from ${JSON.stringify(new URL(path, location.href).href)}`)
  // What the test runner puts around imports that come later is in its own page alone.
  frame.srcdoc = `<script>window.__vitest_browser_runner__ = { wrapDynamicImport: (load) => load() }</script><script type="module">
    ${lines.join('\n')}
    window.library = { ${Object.values(imports).join(', ')} }
    parent.postMessage('loaded', '*')
  </script>`
  document.body.append(frame)
  return { library: await loaded, die: () => frame.remove() }
}

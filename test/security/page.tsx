/** Puts every vector through every text that the kit shows, on a page that may load nothing and run nothing but this script. */
import { flushSync } from 'react-dom'
import { createRoot, hydrateRoot } from 'react-dom/client'
import chosen from 'virtual:chosen-texts'
import { ADDRESS_VECTORS } from './vectors.js'
import { Everything, isHarmlessAddress, Served } from './everything.js'

declare global {
  var pwn: () => void
  var seen: { executed: number; violations: string[] }
  var play: () => Promise<Played>
}

export interface Played {
  readonly failures: readonly string[]
  readonly vectors: number
  readonly naughty: number
  readonly addresses: number
  readonly elements: number
  readonly links: number
  readonly badLinks: readonly string[]
  readonly foreignElements: readonly string[]
}

globalThis.seen = { executed: 0, violations: [] }
globalThis.pwn = () => void (seen.executed += 1)
addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => void seen.violations.push(`${violatedDirective} ${blockedURI} ${sample}`))
Object.assign(globalThis, { alert: pwn, confirm: pwn, prompt: pwn })

const AT_ONCE = 40
const LINKS = /^(https?|mailto|tel|blob):|^data:image\//

globalThis.play = async () => {
  const failures: string[] = []
  const root = createRoot(document.querySelector('#root')!, { onUncaughtError: (error, { componentStack }) => void failures.push(`${String(error)} ${componentStack?.slice(0, 200)}`) })
  const sums = { elements: 0, links: 0, badLinks: [] as string[], foreignElements: [] as string[] }
  const addresses = ADDRESS_VECTORS.filter((address) => !isHarmlessAddress(address))
  const texts = [...chosen.vectors, ...chosen.naughty]
  for (let start = 0; start < texts.length; start += AT_ONCE) {
    const some = texts.slice(start, start + AT_ONCE)
    flushSync(() => root.render(<Everything key={start} texts={some} addresses={some.map((_, index) => addresses[(start + index) % addresses.length]!)} />))
    // Lists of readers answer in a later task.
    await new Promise((resolve) => setTimeout(resolve, 20))
    look(sums)
  }
  root.unmount()
  return { failures, vectors: chosen.vectors.length, naughty: chosen.naughty.length, addresses: addresses.length, ...sums }
}

/** No element that nobody made, no handler in an attribute, and links that lead only where links may. */
function look(sums: { elements: number; links: number; badLinks: string[]; foreignElements: string[] }): void {
  for (const element of document.querySelectorAll('#root *')) {
    sums.elements += 1
    if (/^(script|iframe|object|embed|style|link|base|meta|template|frame|applet|marquee)$/i.test(element.localName)) sums.foreignElements.push(element.outerHTML.slice(0, 120))
    if ([...element.attributes].some(({ name }) => /^on/i.test(name))) sums.foreignElements.push(element.outerHTML.slice(0, 120))
    const href = element.getAttribute('href') ?? element.getAttribute('src')
    if (href === null) continue
    sums.links += 1
    const safe = LINKS.test(element instanceof HTMLAnchorElement ? element.href : href) && (!(element instanceof HTMLAnchorElement) || element.relList.contains('noopener'))
    if (!safe) sums.badLinks.push(href.slice(0, 120))
  }
}

/** What the server sent is taken over; its styles must have come without a style attribute. */
const served = document.querySelector('#served')
if (served) hydrateRoot(served, <Served />)

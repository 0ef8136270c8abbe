/**
 * Firefox for Vitest's browser mode, as distributions ship it: Playwright drives it by WebDriver BiDi (its channel `moz-firefox`).
 * By that channel Playwright finds no element within a frame to be in view and never clicks it, so the pointer is moved here by the page's own figures.
 */
import { playwright } from '@vitest/browser-playwright'
import { firefoxPath } from './findEngines.mjs'

/** Less than a test's own limit, so that a failure says what was waited for, milliseconds. */
const ACTION_MS = 15_000
/** Room for a frame in its full size: in a smaller window Vitest scales it, and Firefox scrolls what is scaled by other fractions than it is told. */
const WINDOW = { width: 1280, height: 1000 }
/** Without a screen there is no mouse unless one is named: fine, and able to hover. And no window is ever in front: elements would have the focus and no event tell of it. */
const PREFERENCES = { 'ui.primaryPointerCapabilities': 6, 'ui.allPointerCapabilities': 6, 'focusmanager.testmode': true }

export function firefox() {
  const option = playwright({ actionTimeout: ACTION_MS, contextOptions: { viewport: WINDOW }, launchOptions: { channel: 'moz-firefox', executablePath: firefoxPath() ?? 'firefox-esr', firefoxUserPrefs: PREFERENCES } })
  return {
    ...option,
    providerFactory(project) {
      const provider = withFrame(option.providerFactory(project))
      project.browser.registerCommand('__vitest_click', (context, selector, options) => click(context, selector, options, 1))
      project.browser.registerCommand('__vitest_dblClick', (context, selector, options) => click(context, selector, options, 2))
      project.browser.registerCommand('__vitest_hover', async (context, selector, options) => {
        const { x, y } = await pointOf(context, selector, options)
        await context.page.mouse.move(x, y)
      })
      return provider
    },
  }
}

/** Vitest looks for its frame by name, and by that channel a frame is now and then told without one. */
function withFrame(provider) {
  const contextOf = provider.getCommandsContext.bind(provider)
  provider.getCommandsContext = (sessionId) => {
    const context = contextOf(sessionId)
    context.frame = async () => (await context.page.locator('[data-vitest="true"]').elementHandle()).contentFrame()
    return context
  }
  return provider
}

async function click(context, selector, { position, button = 'left' } = {}, clickCount) {
  const { x, y } = await pointOf(context, selector, { position })
  await context.page.mouse.move(x, y)
  await context.page.mouse.click(x, y, { button, clickCount })
}

/** Where an element is in the window, once it is in view: its middle, or a place counted from its corner. */
function pointOf({ iframe }, selector, { position } = {}) {
  return iframe.locator(selector).evaluate(inWindow, position ?? null)
}

/** Runs in the page. */
async function inWindow(element, position) {
  element.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  await new Promise((resolve) => element.ownerDocument.defaultView.requestAnimationFrame(resolve))
  const frame = element.ownerDocument.defaultView.frameElement
  const outer = frame?.getBoundingClientRect() ?? { left: 0, top: 0, width: 1 }
  const scale = frame === null ? 1 : outer.width / frame.offsetWidth
  const box = element.getBoundingClientRect()
  const [x, y] = position === null ? [box.width / 2, box.height / 2] : [position.x, position.y]
  return { x: outer.left + (box.left + x) * scale, y: outer.top + (box.top + y) * scale }
}

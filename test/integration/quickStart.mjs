/** Plays the README's promise: a message goes clock → check → double check → blue double check, and is still there after a reload. */
import { chromium } from 'playwright-core'
import { CHROMIUM_ARGS, resolveChromium } from '../tools/resolveChromium.mjs'

const TEXT = 'Do you read me?'
const STATUSES = ['sending', 'sent', 'delivered', 'read']
/** Longest time for each step, in milliseconds. */
const STEP_MS = 30_000

/** @throws Error that says what was seen instead */
export async function playQuickStart(url) {
  const browser = await chromium.launch({ executablePath: await resolveChromium(), args: CHROMIUM_ARGS })
  const page = await browser.newPage({ viewport: { width: 420, height: 760 } })
  const complaints = listen(page)
  try {
    page.setDefaultTimeout(STEP_MS)
    await page.addInitScript(recordStatuses, TEXT)
    await page.goto(url)
    await send(page)
    await reaches(page, 'read')
    expectAll(await page.evaluate(() => globalThis.seenStatuses))
    await expectBlue(page)
    await answer(page).waitFor()
    await page.reload()
    await page.getByRole('log').getByText(TEXT).first().waitFor()
    await answer(page).waitFor()
    await reaches(page, 'read')
    if (complaints.length > 0) throw new Error(`The console complained:\n${complaints.join('\n')}`)
  } catch (error) {
    const shown = await page.evaluate(() => document.body.innerText).catch(() => 'nothing: the page is gone')
    throw new Error(`${error.message}\nThe page shows:\n${shown}\nThe console said:\n${complaints.join('\n') || 'nothing'}`, { cause: error })
  } finally {
    await browser.close()
  }
}

const answer = (page) => page.locator('[role="log"] [data-direction="other"]').first()

async function send(page) {
  const composer = page.getByRole('textbox')
  await composer.fill(TEXT)
  await composer.press('Enter')
  await page.getByRole('log').getByText(TEXT).first().waitFor()
}

/** Waits until the row of the message shows a status. */
async function reaches(page, status) {
  try {
    await page.waitForFunction(([text, wanted]) => globalThis.statusOf(text) === wanted, [TEXT, status])
  } catch (error) {
    const seen = await page.evaluate((text) => ({ now: globalThis.statusOf(text), seen: globalThis.seenStatuses, body: document.body.innerText }), TEXT)
    throw new Error(`The message did not reach "${status}": ${JSON.stringify(seen)}`, { cause: error })
  }
}

function expectAll(seen) {
  if (JSON.stringify(seen) !== JSON.stringify(STATUSES)) throw new Error(`The icon went ${seen.join(' → ') || 'nowhere'}, not ${STATUSES.join(' → ')}`)
}

/** The colours survived the app's own build: minifiers rewrite CSS for older browsers. */
async function expectBlue(page) {
  const { icon, bubble } = await page.evaluate(() => {
    const read = document.querySelector('[role="log"] [role="img"][data-status="read"]')
    return { icon: getComputedStyle(read).color, bubble: getComputedStyle(read.closest('.rb-bubble')).backgroundColor }
  })
  const [red, green, blue] = icon.match(/[\d.]+/g).map(Number)
  if (!(blue > red && blue > green)) throw new Error(`The double check of a read message is ${icon}, not blue.`)
  if (bubble === 'rgba(0, 0, 0, 0)') throw new Error('The bubble of a message has no background.')
}

/** Runs in the page, from before the app: writes down each status that the row of the message shows. */
function recordStatuses(text) {
  const seen = []
  const statusOf = (wanted) => {
    const rows = [...document.querySelectorAll('[role="log"] [data-status]')].filter((row) => row.textContent.includes(wanted))
    return rows[0]?.dataset.status ?? null
  }
  const look = () => {
    const status = statusOf(text)
    if (status !== null && seen.at(-1) !== status) seen.push(status)
  }
  Object.assign(globalThis, { seenStatuses: seen, statusOf })
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-status'] })
}

/** Errors and warnings, hydration mismatches among them. */
function listen(page) {
  const complaints = []
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`)
  })
  return complaints
}

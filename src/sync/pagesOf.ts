/** A list of the wire, page by page. */
import { ChatError } from '../model/index.js'
import type { Page, Paged } from '../transport/index.js'

const LIST_PAGE = 200

/** @throws ChatError `transport/badAnswer` when a back end goes in circles */
export async function* pagesOf<T>(ask: (page: Page) => Promise<Paged<T>>): AsyncGenerator<readonly T[], void, undefined> {
  const seen = new Set<string>()
  for (let cursor: string | undefined; ; ) {
    const { items, next } = await ask({ limit: LIST_PAGE, ...(cursor === undefined ? {} : { cursor }) })
    yield items
    if (next === undefined) return
    if (seen.has(next)) throw new ChatError('transport/badAnswer', `The back end named the page "${next.slice(0, 40)}" as the next one twice, so its list has no end. What came is kept. Its last page must have no "next".`)
    seen.add(next)
    cursor = next
  }
}

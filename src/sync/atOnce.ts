/** Does something for each, a few at once, in their order. Where one fails no other is begun; rejects with its reason once those under way have ended. */
export async function atOnce<T>(items: readonly T[], most: number, run: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values()
  let hasFailed = false
  const work = async () => {
    for (const item of rest) {
      if (hasFailed) return
      await run(item).catch((cause: unknown) => {
        hasFailed = true
        throw cause
      })
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: most }, work))
  const failed = ends.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined
  if (failed) throw failed.reason
}

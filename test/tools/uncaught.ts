import { onTestFinished } from 'vitest'

/** What nobody caught in this test. */
export function uncaught(): readonly unknown[] {
  const errors: unknown[] = []
  const note = (error: unknown) => void errors.push(error)
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException').on('uncaughtException', note)
  onTestFinished(() => {
    process.removeListener('uncaughtException', note)
    for (const other of others) process.on('uncaughtException', other)
  })
  return errors
}

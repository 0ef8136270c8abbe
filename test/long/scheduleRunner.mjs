/** Runs schedules of the bundled simulator, one after the other as it is asked, and answers what failed, or null. Started by `schedules.mjs`. */
import { pathToFileURL } from 'node:url'

const { failureOf } = await import(pathToFileURL(process.argv[2]).href)

process.on('message', async ({ seed, shape, isShrunk }) => process.send(await failureOf(seed, shape, isShrunk ? undefined : 0)))

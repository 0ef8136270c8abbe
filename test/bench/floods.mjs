/** Ours alone: the flood in groups of both sizes, in both read modes, with few and many stretches in every member's state. */
import { withBrowser } from './browser.mjs'
import { group, sampleFlood } from './sample.mjs'
import { summarise } from './statistics.mjs'

const SAMPLES = 3
const CASES = [501, 10_001].flatMap((members) => ['upTo', 'perMessage'].flatMap((mode) => [0, 3, 50].map((ranges) => ({ members, mode, ranges }))))

/** In turn, so that no case has the machine to itself. */
export async function floodMatrix(url, template, size, say) {
  const samples = CASES.map(() => ({ chain: [], stream: [], failure: undefined }))
  for (let turn = 1; turn <= SAMPLES; turn++) {
    for (const [i, each] of CASES.entries()) {
      say(`flood, ${each.members - 1} others, ${each.mode}, ${each.ranges} stretches each, sample ${turn} of ${SAMPLES}`)
      if (samples[i].failure) continue
      try {
        await withBrowser(template, async (open) => {
          for (const how of ['chain', 'stream']) samples[i][how].push(await sampleFlood({ url }, open, group(size, each), how))
        })
      } catch (error) {
        samples[i].failure = error.message
        say(`  ${error.message}`)
      }
    }
  }
  return CASES.map((each, i) => ({ ...each, chain: summarise(samples[i].chain), stream: summarise(samples[i].stream), failure: samples[i].failure }))
}

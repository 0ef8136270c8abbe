/** The suite that every transport passes, ours first. Runner-free: `for (const c of transportCases(setup)) it(c.title, c.run)`. */
import { catchUpCases } from './transportCases/catchUpCases.js'
import { changeCases } from './transportCases/changeCases.js'
import { connectionCases } from './transportCases/connectionCases.js'
import { contentCases } from './transportCases/contentCases.js'
import { conversationCases } from './transportCases/conversationCases.js'
import { historyCases } from './transportCases/historyCases.js'
import { laneCases } from './transportCases/laneCases.js'
import { privacyCases } from './transportCases/privacyCases.js'
import { receiptCases } from './transportCases/receiptCases.js'
import { repeatCases } from './transportCases/repeatCases.js'
import { sendingCases } from './transportCases/sendingCases.js'
import { tokenCases } from './transportCases/tokenCases.js'
import { toCase, type TransportCase, type TransportSetup } from './transportCases/setup.js'

export type { RigAbility, TransportCase, TransportRig, TransportSetup } from './transportCases/setup.js'

/**
 * Cases for a transport. What its capabilities do not declare is tried all the same and must fail: a declared gap that passes fails the run,
 * so that declarations stay true. What the rig cannot do is left out, and the title says so.
 * @public
 */
export function transportCases(setup: TransportSetup): readonly TransportCase[] {
  const all = [...connectionCases, ...tokenCases, ...sendingCases, ...repeatCases, ...receiptCases, ...laneCases, ...contentCases, ...privacyCases, ...catchUpCases, ...historyCases, ...changeCases, ...conversationCases]
  return all.map((spec) => toCase(setup, spec))
}

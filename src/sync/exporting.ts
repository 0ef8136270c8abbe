/** Writes one conversation into a file. */
import { ChatError, type ConversationId } from '../model/index.js'
import { archivedStates } from './archiving.js'
import type { SyncContext } from './context.js'
import { isErased } from './erased.js'
import { FORMAT, lineOf, messageLine, TRANSFER_ROWS, type Header } from './fileLines.js'
import { isGuess } from './guessedKind.js'
import { wordless } from './hiding.js'
import { holesOf, sameHole } from './holes.js'
import { storedMissing, type Missing } from './notedMissing.js'
import { FIRST_PLACE } from './places.js'
import { sameGap } from './sameGap.js'
import { beforeAnswered } from './sentPlaces.js'

/** @throws ChatError `client/unknownConversation` */
export async function* exportLines(ctx: SyncContext, id: ConversationId): AsyncGenerator<string, void, undefined> {
  const { conversation, isGuessed, members, states, gaps, missing, holes } = await ctx.storage.read(async (tx) => ({
    conversation: await tx.conversations.get(id), isGuessed: await isGuess(tx, id), members: await tx.members.list(id), states: await tx.readStates.list(id), gaps: await tx.gaps.list(id), missing: [...(await storedMissing(tx, id)), ...(await beforeAnswered(tx, id))], holes: await holesOf(tx, id),
  }))
  if (!conversation) throw new ChatError('client/unknownConversation', `There is no conversation "${id}" here, so there is nothing to export. Check the id.`)
  const { kind, title } = conversation
  yield lineOf({ readback: FORMAT, by: ctx.me, conversation: { id, kind, ...(isGuessed ? { isGuess: true } : {}), ...(title === undefined ? {} : { title }) }, gaps: [...gaps, ...missing].map(({ after, before }) => ({ after, before })) } satisfies Header)
  for (const member of members) yield lineOf({ member })
  for (const readState of states) yield lineOf({ readState })
  for (const hole of holes) yield lineOf({ hole })
  let known = holes
  let left: readonly Missing[] = [...gaps, ...missing]
  let after = FIRST_PLACE
  for (;;) {
    const { rows, archived, now, later } = await ctx.storage.read(async (tx) => {
      const page = await tx.messages.page({ conversationId: id, after, limit: TRANSFER_ROWS })
      return { rows: page, archived: await archivedStates(tx, id, page), now: await holesOf(tx, id), later: [...(await tx.gaps.list(id)), ...(await storedMissing(tx, id))] }
    })
    // What did not parse when the page was read is a hole from then on.
    for (const hole of now) if (!known.some((one) => sameHole(one, hole))) yield lineOf({ hole })
    known = now
    // Taken away while the file was being written: it was here when the header said what is missing. Before what stands behind it, for the file may be cut.
    for (const gap of later) if (!left.some((one) => sameGap(one, gap))) yield lineOf({ gap: { after: gap.after, before: gap.before } })
    left = [...left, ...later]
    for (const message of rows) yield messageLine(message.hidden && !isErased(message) ? wordless(message) : message)
    for (const readState of archived) yield lineOf({ readState })
    const last = rows.at(-1)?.at
    if (!last || rows.length < TRANSFER_ROWS) break
    after = last
  }
}

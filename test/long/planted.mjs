/**
 * Tests the tests: each of these bugs, found in chats of today, is planted in a copy of the source, and at least one test has to fail.
 * `node test/long/planted.mjs [pattern of names]`; `npm run test:long` runs them all.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '../tools/entries.mjs'

const READING = ['test/reading']
const NOT_SHOWN = ['test/components/notShown.test.tsx']
const RECEIPTS = ['test/receipts']
const RULES = ['test/sync/receiptRules.test.ts']
const AHEAD = ['test/sync/aheadReceipts.test.ts']
const ANSWERED = ['test/sync/answeredPlaces.test.ts']
const JOINED = ['test/sync/unreadJoined.test.ts']
const MENDED = ['test/sync/mendedUnread.test.ts']
const SIMULATOR = ['test/simulator']
const TABS = ['test/simulator/checkTabs.test.ts']
const ACCOUNTS = ['test/simulator/checkAccounts.test.ts']
const BUILDS = ['test/sync/buildSchedule.test.ts']
const SCREENS = ['test/simulator/reader.test.ts']
const TOLD = ['test/simulator/checkReceipts.test.ts']
const RARE = ['test/simulator/checkRare.test.ts']
const LOSSES = ['test/sync/lossesKnown.test.ts']
const BAD = ['test/sync/badReceipts.test.ts']
const ACROSS = ['test/sync/acrossEpochs.test.ts']
const MARKS = ['test/receipts/manualUnread.test.ts', 'test/client/markUnread.test.ts']
const GONE = ['test/sync/deletedForGood.test.ts']
const HIDDEN = ['test/store/readStateSource.test.ts']
const SIGNALS = ['test/components/strongSignals.test.tsx']
const WITHOUT_HISTORY = ['test/sync/withoutHistory.test.ts']
const OVERTAKEN = ['test/sync/overtakenCatchUp.test.ts']
const UNDER_WAY = ['test/sync/underWay.test.ts']
const SENT_AGAIN = ['test/sync/sentAgain.test.ts']
const REQUESTS = ['test/simulator/requests.test.ts']
const MEANWHILE = ['test/sync/reportsMeanwhile.test.ts']
const SERVER_TIME = ['test/sync/serverTime.test.ts']
const SIZES = ['test/sync/reportSize.test.ts']
const STRETCHES = ['test/sync/manyStretches.test.ts']
const PARTS = ['test/transport/statesInParts.test.ts']
/** In a real browser: what the fakes of unit tests cannot show. */
const REAL_DWELL = ['test/browser/readingDwell.test.tsx']
const REAL_ATTACKS = ['test/browser/readingAttacks.test.tsx']
const REAL_LIST = ['test/browser/listReading.test.tsx']
const EXPORTED = ['test/sync/exportedHidden.test.ts']
const PRUNED = ['test/sync/prunedDeletions.test.ts']
const KIND = ['test/sync/kindLearnt.test.ts']
const CLEARED = ['test/components/clearedThenRead.test.ts']
const CONTENT = ['test/receipts/contents.test.ts', 'test/sync/receiptContent.test.ts']
/** Enough schedules to meet each of these; the clean copy passes them. */
const SCHEDULES = '25'

/** @type {readonly { name: string, file: string, from: string, to: string, tests: readonly string[] }[]} */
export const BUGS = [
  { name: 'what was cleared and then looked at is never told', file: 'src/components/useListDwell.ts', from: 'readStates?.isSeen?.(row.message) ?? ', to: '', tests: CLEARED },
  { name: 'what was cleared and then looked at is never told, in a browser', file: 'src/components/useListDwell.ts', from: 'readStates?.isSeen?.(row.message) ?? ', to: '', tests: ['test/browser/readingEntry.test.tsx'] },
  { name: 'what was read here in private is watched again', file: 'src/sync/readViews.ts', from: ' || (unpublished !== undefined && coversMessage(unpublished.read, message))', to: '', tests: CLEARED },
  { name: 'what another device of mine cleared is never told, however long it is looked at', file: 'src/sync/readViews.ts', from: 'isSeen: (message) => ', to: 'isSeen: (message) => coversMessage(own.acked.ownDevices.read, message) || ', tests: CLEARED },
  { name: 'all that was ever read is watched again', file: 'src/sync/readViews.ts', from: 'isSeen: (message) => ', to: 'isSeen: (message) => unpublished !== undefined && ', tests: CLEARED },
  { name: 'what was cleared is unread again', file: 'src/sync/readViews.ts', from: 'isRead: (message) => coversMessage(synced.read', to: 'isRead: (message) => coversMessage(wanted.read', tests: CLEARED },
  { name: 'a conversation that is taken for a group is read as one', file: 'src/sync/reading.ts', from: '!(await isGuess(tx, id)) ? readMode[kind]', to: '!(await isGuess(tx, `${id} `)) ? readMode[kind]', tests: KIND },
  { name: 'a kind that was told stays a guess', file: 'src/sync/applyConversations.ts', from: 'await endGuess(tx, incoming.id)', to: 'void endGuess', tests: KIND },
  { name: 'the app does not say of what kind a conversation is that was guessed', file: 'src/sync/ensure.ts', from: 'stored && wasGuess ?', to: "stored && ensured.id === '' ?", tests: KIND },
  { name: 'what was a guess in memory is known in the database', file: 'src/sync/mergeRemembered.ts', from: 'if (rest.isGuess && ', to: 'if (!rest.isGuess && ', tests: KIND },
  { name: 'who is in a conversation says of what kind it is', file: 'src/sync/applyConversations.ts', from: 'const now = await tx.members.list(id)', to: 'const now = await tx.members.list(id)\n  await endGuess(tx, id)', tests: KIND },
  { name: 'a kind that is told while members are asked for is taken back', file: 'src/sync/applyConversations.ts', from: '(await loadConversation(tx, id, changes)), rosterComplete', to: "(await loadConversation(tx, id, changes)), kind: 'group', rosterComplete", tests: KIND },
  { name: 'a time in memory makes a message of a notice', file: 'src/sync/mergeRemembered.ts', from: ' && mayBecome(known.body, row.body) ?', to: ' && mayBecome(known.body, known.body) ?', tests: ['test/sync/mergeRemembered.test.ts'] },
  { name: 'what memory was told of a kind is forgotten', file: 'src/sync/mergeRemembered.ts', from: 'isLearnt ? { kind: conversation.kind }', to: 'isLearnt ? { kind: known.kind }', tests: KIND },
  { name: 'what was read under a guess waits when a time in memory ends', file: 'src/sync/mergeRemembered.ts', from: '&& !isLearnt ? untold', to: '&& id ? untold', tests: KIND },
  { name: 'what was read under a guess waits when the app tells a kind', file: 'src/sync/ensure.ts', from: 'await queueAll(tx, ctx, next, changes)', to: 'void queueAll', tests: KIND },
  { name: 'a direct conversation is taken for a guess', file: 'src/sync/reading.ts', from: "return kind === 'direct' || readMode", to: "return id === '' || readMode", tests: KIND },
  { name: 'a guess in a file is known where it is taken in', file: 'src/sync/transfer.ts', from: 'isGuessed ? { isGuess: true }', to: 'isGuessed ? {}', tests: KIND },
  { name: 'the list shows what was deleted where the back end says that it is last', file: 'src/sync/applyConversations.ts', from: 'isHidden ? conversation.lastMessage', to: 'isHidden === null ? conversation.lastMessage', tests: EXPORTED },
  { name: 'a server that was set up anew brings back what was deleted', file: 'src/sync/applyMessages.ts', from: '(row.at!.epoch > head.epoch || ', to: '(row.at!.epoch < 0 || ', tests: PRUNED },
  { name: 'a place that only memory knows brings back what was deleted for me', file: 'src/sync/mergeRemembered.ts', from: 'return known.hidden ? { ...row, hidden: true } : row', to: 'return row', tests: ['test/sync/mergedDeletions.test.ts'] },
  { name: 'a place that only memory knows brings back what was deleted for good', file: 'src/sync/mergeRemembered.ts', from: 'if (isErased(known)) return erased(row, known.deletedAt!)', to: '', tests: ['test/sync/mergedDeletions.test.ts'] },
  { name: 'what memory had not lies over what the database has', file: 'src/sync/mergeRemembered.ts', from: 'found.gaps.flatMap((gap) => beyond(gap, heard))', to: 'found.gaps', tests: ['test/sync/mergeRemembered.test.ts'] },
  { name: 'a draft is lost without a word', file: 'src/sync/drafts.ts', from: "if (text === '' && !(await tx", to: 'if (!(await tx', tests: ['test/sync/drafts.test.ts'] },
  { name: 'the file of a torn message stays for ever', file: 'src/storage/dexie/quarantine.ts', from: "if (codec.table === 'messages') await forgetFile", to: "if (codec.table === 'message') await forgetFile", tests: ['test/storage/dexieFaults.test.ts'] },
  { name: 'a torn message of the wire takes the file of another along', file: 'src/storage/dexie/quarantine.ts', from: '!(Array.isArray(ids) && ids.length > 0)', to: 'ids !== 0', tests: ['test/storage/dexieFaults.test.ts'] },
  { name: 'an import tells that what it brings is here', file: 'src/sync/transfer.ts', from: 'return { added: fresh.length, known', to: "await (await import('./delivered.js')).noteDelivered(tx, ctx, changes)\n  return { added: fresh.length, known", tests: ['test/sync/importTells.test.ts'] },
  { name: 'what a file brings into what was read is never told', file: 'src/sync/reportedMessages.ts', from: 'return toProgress(missing[0]?.from === FIRST_PLACE ? prefixEnd(ranges[0], history) : null,', to: 'return toProgress(due.upTo,', tests: ['test/sync/importTells.test.ts'] },
  { name: 'a file has the words of what was deleted for me', file: 'src/sync/transfer.ts', from: 'line({ message: message.hidden && !isErased(message) ? wordless(message) : message })', to: 'line({ message })', tests: EXPORTED },
  { name: 'what somebody else deleted for themselves is deleted by their file', file: 'src/sync/leftOut.ts', from: 'if (message.hidden && !isErased(message) && !isMine) return', to: 'if (message.hidden && isErased(message) && !isMine) return', tests: EXPORTED },
  { name: 'what somebody else deleted for themselves is missing from their file, and nobody knows', file: 'src/sync/transfer.ts', from: 'createLeftOut((gap) => gaps.push(gap))', to: 'createLeftOut(() => {})', tests: EXPORTED },
  { name: 'the words of what was deleted are taken in from a file of an earlier version', file: 'src/sync/transfer.ts', from: 'settled(message.hidden && !isErased(message) ? wordless(message) : message)', to: 'settled(message)', tests: EXPORTED },
  { name: 'room is made of what was deleted, and nothing says so', file: 'src/sync/pruning.ts', from: 'await keepDeletions(tx, conversationId, gone)', to: 'void keepDeletions', tests: PRUNED },
  { name: 'what was deleted comes back with history', file: 'src/sync/applyMessages.ts', from: 'await stillDeleted(tx, conversationId, came.filter(mayBeBack))', to: '(void stillDeleted, came.filter(mayBeBack))', tests: PRUNED },
  { name: 'what was deleted comes back with a file', file: 'src/sync/transfer.ts', from: 'await stillDeleted(tx, id, messages.filter((_, i) => !stored[i]))', to: '(void stillDeleted, messages.filter((_, i) => !stored[i]))', tests: PRUNED },
  { name: 'what was deleted comes back from a time in memory', file: 'src/sync/mergeRemembered.ts', from: 'joinRow(known[i], fresh.get(messageKey(row)) ?? row)', to: 'joinRow(known[i], fresh.size < 0 ? row : row)', tests: PRUNED },
  { name: 'a memory that ends forgets what was deleted', file: 'src/sync/pruning.ts', from: "state.status !== 'memory' || state.reason === 'chosen'", to: "state.status !== 'closed'", tests: PRUNED },
  { name: 'what was deleted for good comes back as deleted for me, words included', file: 'src/sync/keptDeletions.ts', from: "if (typeof erasedAt === 'number') return erased(row, erasedAt)", to: "if (typeof erasedAt === 'bigint') return erased(row, 0)", tests: PRUNED },
  { name: 'in a schedule: the words of what was deleted for good are kept', file: 'src/sync/applyEdits.ts', from: 'if (isForGood(event)) return erased(row, event.time)', to: 'if (isForGood(event)) return { ...row, hidden: true, recalledAt: event.time, deletedAt: event.time }', tests: RARE },
  { name: 'in a schedule: who read what was deleted for good stays archived', file: 'src/sync/applyEdits.ts', from: 'await forgetArchived(tx, row)', to: 'void forgetArchived', tests: RARE },
  { name: 'in a schedule: who read what was archived is forgotten', file: 'src/sync/archiving.ts', from: 'reached.get(messageId!)![kind].push(state.memberId)', to: "if (kind !== 'read') reached.get(messageId!)![kind].push(state.memberId)", tests: RARE },
  { name: 'in a schedule: how a conversation is read is not as the policy has it', file: 'src/sync/reading.ts', from: 'const readMode = mode ?? (await modeOf(tx, ctx, conversation))', to: "const readMode = mode ?? (conversation.kind === 'direct' ? 'upTo' : 'perMessage')", tests: RARE },
  { name: 'in a schedule: entering reads nothing', file: 'src/sync/reading.ts', from: "if (!conversation || ctx.policy.onOpen[conversation.kind] !== 'all') return changes", to: 'if (conversation !== null) return changes', tests: RARE },
  { name: 'in a schedule: room is made of what is unread', file: 'src/sync/pruning.ts', from: ' || coversPoint(own.synced.read, row.at!)', to: ' || own.synced !== null', tests: RARE },
  { name: 'in a schedule: room is made of what its author was not told of', file: 'src/sync/pruning.ts', from: ' && !isUntold(row)', to: '', tests: RARE },
  { name: 'history that was never here is read because room is made above it', file: 'src/sync/pruning.ts', from: 'if (history.gaps.some((gap) => isBelow(gap, last) && !isRead(reachFrom(gap.after, synced.read), gap.before!))) return false', to: '', tests: ['test/sync/prunedReads.test.ts'] },
  { name: 'what was told of and never came is read because room is made', file: 'src/sync/pruning.ts', from: ', ...(await uncounted(tx, ctx, conversationId))', to: '', tests: ['test/sync/prunedReads.test.ts'] },
  { name: 'what was told of and never came is forgotten because room is made', file: 'src/sync/neverCame.ts', from: '?? (await uncounted(tx, ctx, id))', to: '?? []', tests: ['test/sync/prunedReads.test.ts'] },
  { name: 'a number that another device has read makes the count inexact once room is made around it', file: 'src/sync/pruning.ts', from: '(start && ranges.find(', to: '(start && [].find(', tests: ['test/sync/prunedReads.test.ts'] },
  { name: 'room is made of a message whose second place stays behind, and nobody asks for it', file: 'src/sync/pruning.ts', from: 'withSecondPlaces(rows.slice(0, end === -1 ? rows.length : end))', to: 'rows.slice(0, end === -1 ? rows.length : end)', tests: ['test/sync/prunedReads.test.ts'] },
  { name: 'room that is made where a prefix ends at what is not here makes the count inexact', file: 'src/sync/pruning.ts', from: 'maxPoint(upTo, place)', to: 'maxPoint(null, place)', tests: ['test/sync/prunedReads.test.ts'] },
  { name: 'a list waits for what has gone where nobody can be asked, and the count is not exact', file: 'src/sync/pruning.ts', from: 'if (isForGood(ctx)) return noteGone(tx, ctx, conversationId, kept)', to: 'void [isForGood, noteGone]', tests: ['test/sync/prunedReads.test.ts'] },
  { name: 'in a schedule: room that is made where nobody can be asked makes the count inexact', file: 'src/sync/pruning.ts', from: 'if (isForGood(ctx)) return noteGone(tx, ctx, conversationId, kept)', to: 'void [isForGood, noteGone]', tests: RARE },
  { name: 'in a schedule: room that is made around what another device has read makes the count inexact', file: 'src/sync/pruning.ts', from: '(start && ranges.find(', to: '(start && [].find(', tests: RARE },
  { name: 'a file that is written while room is made does not say so where nobody can be asked', file: 'src/sync/transfer.ts', from: 'tx.gaps.list(id)), ...(await storedMissing(tx, id))])', to: 'tx.gaps.list(id))])', tests: ['test/client/transferAttacks.test.ts'] },
  { name: 'what came malformed before the first of an epoch is read because room is made behind it', file: 'src/sync/pruning.ts', from: '!isHole(before ?? FIRST_PLACE, at!, holes) && ', to: '', tests: ['test/sync/prunedReads.test.ts'] },
  { name: 'what came too late is named for ever, and nothing behind it', file: 'src/sync/refusedReport.ts', from: 'refused && isTooLate && isNamed && !said ?', to: 'refused && isTooLate && isNamed && said ?', tests: MEANWHILE },
  { name: 'rows of a time in memory are here before it is known what is missing between them', file: 'src/sync/mergeRemembered.ts', from: 'await tx.gaps.replace(id, [...gaps, ...found.gaps', to: 'void ([...gaps, ...found.gaps', tests: ['test/sync/brokenOff.test.ts'] },
  { name: 'what was read in private in memory is believed across a loss', file: 'src/sync/acrossEpochs.ts', from: '{ unpublished: sure(unpublished) }', to: '{ unpublished }', tests: ['test/sync/mergedDoubts.test.ts'] },
  { name: 'what my other devices told in a time in memory waits for nothing', file: 'src/sync/mergeRemembered.ts', from: ', ...toldAcross(ctx.me, rest.own, head)]', to: ']', tests: ['test/sync/mergedDoubts.test.ts'] },
  { name: 'what my other device told for all is told to my devices alone once it is sure', file: 'src/sync/receiptsOf.ts', from: "[...told('published'), ", to: '[', tests: ['test/sync/ownAcrossEpochs.test.ts'] },
  { name: 'a position of the next epoch is believed of what a file brings of the one before', file: 'src/sync/lateStretches.ts', from: 'here[n] && comparePoints(here[n]!, end) < 0 ? here[n]! : end', to: 'here[n] ?? startOf(late.at(-1)!.epoch + 1)', tests: ['test/sync/ownAcrossEpochs.test.ts'] },
  { name: 'receipts that were switched on in memory at a head that nobody knew are never told again', file: 'src/sync/mergeRemembered.ts', from: 'isAtHead(own.publishFloor) ?', to: 'isAtHead(null) ?', tests: ['test/sync/mergedSettings.test.ts'] },
  { name: 'what was read at one place is not told of the other that a time in memory knew', file: 'src/sync/mergeRemembered.ts', from: 'claimPlaces(joined, await standingTwice(tx, id), ctx.me, setting)', to: 'joined', tests: ['test/sync/mergeRemembered.test.ts'] },
  { name: 'a prefix that was read in memory is told over what was read in private', file: 'src/sync/mergeRemembered.ts', from: 'if (floor === null ||', to: 'if (floor !== undefined ||', tests: ['test/sync/mergedSettings.test.ts'] },
  { name: 'what was deleted for good in memory is there again', file: 'src/sync/mergeRemembered.ts', from: 'return isErased(known) || isErased(row) ?', to: 'return isErased(whole) ?', tests: ['test/sync/mergedDeletions.test.ts'] },
  { name: 'what was archived of what was deleted in memory stays', file: 'src/sync/mergeRemembered.ts', from: 'await forgetAbout(tx, row, changes)', to: '{}', tests: ['test/sync/mergedDeletions.test.ts'] },
  { name: 'after a time in memory the list shows nothing where what was last was deleted', file: 'src/sync/mergeRemembered.ts', from: 'const shown = await lastShown(tx, id)', to: 'const [shown] = await tx.messages.page({ conversationId: id, limit: 1 })', tests: ['test/sync/mergedDeletions.test.ts'] },
  { name: 'after a time in memory the list shows what was deleted for good', file: 'src/sync/mergeRemembered.ts', from: 'told && (await tx.messages.get(told))?.hidden ? null : told', to: 'told', tests: ['test/sync/mergedDeletions.test.ts'] },
  { name: 'a message that had not come is read because room is made around it', file: 'src/sync/pruning.ts', from: ' || !mayMiss(before, at!, history))', to: ' || history !== null)', tests: ['test/sync/prunedReads.test.ts'] },
  { name: 'in a schedule: a file says nothing of who read what is in it', file: 'src/sync/transfer.ts', from: 'readState && readState.memberId !== ctx.me', to: 'readState && readState.memberId === ctx.me', tests: RARE },
  { name: 'of two that were said of one message the one that comes last stays', file: 'src/receipts/contents.ts', from: 'if (isKnown && !isBefore(fact, known)) continue', to: '', tests: CONTENT },
  { name: 'what was said of a message that is not here is taken for that of another', file: 'src/sync/incomingContent.ts', from: 'const ids = receipt.ids?.length ? receipt.ids : receipt.upTo ? [receipt.upTo.id] : []', to: 'const ids = receipt.ids ?? [receipt.upTo?.id ?? receipt.ranges?.[0]?.to.id ?? receipt.by]', tests: CONTENT },
  { name: 'a reading is joined into what waits to be said', file: 'src/sync/queueReport.ts', from: ' && row.said === undefined', to: '', tests: CONTENT },
  { name: 'something is said over a wire that carries nothing', file: 'src/sync/receiptContent.ts', from: 'if (isCarried) return', to: 'if (isCarried !== null) return', tests: CONTENT },
  { name: 'what waits to be said is said after receipts were switched off', file: 'src/sync/receiptSettings.ts', from: "entry.visibility === 'published' && stopped.includes(entry.kind)", to: "entry.visibility === 'published' && !entry.said && stopped.includes(entry.kind)", tests: CONTENT },
  { name: 'what waits for room is told after receipts were switched off', file: 'src/sync/reportsUnderWay.ts', from: 'report = await renew()', to: 'await renew()', tests: MEANWHILE },
  { name: 'what was taken out of the outbox is said all the same', file: 'src/sync/reporting.ts', from: 'if (!(await tx.outbox.get(entry.seq))) return null', to: '', tests: MEANWHILE },
  { name: 'what is read while a report is under way is refused with it', file: 'src/sync/refusedReport.ts', from: 'if (!hasNews) await', to: 'await', tests: MEANWHILE },
  { name: 'by a slow clock a number before a message of mine comes no more', file: 'src/sync/reportedPosition.ts', from: 'await withServerTimes(tx, ctx.me, id, await rowsFrom(tx, id, from, ROWS))', to: 'await rowsFrom(tx, id, from, ROWS)', tests: SERVER_TIME },
  { name: 'a message sent again bears the time of where it stood before', file: 'src/sync/lostTail.ts', from: 'await noteUntimed(tx, row.conversationId, at)', to: '', tests: SERVER_TIME },
  { name: 'what an answer overtook in a time in memory is forgotten with it', file: 'src/sync/mergeRemembered.ts', from: 'if (found.answered) await', to: 'if (found.answered && found.answered.order < 0) await', tests: ANSWERED },
  { name: 'a file does not say that an answer overtook anything', file: 'src/sync/transfer.ts', from: ', ...(await beforeAnswered(tx, id))]', to: ']', tests: ANSWERED },
  { name: 'of a file every time is the server’s', file: 'src/sync/transfer.ts', from: 'fresh.filter(({ from }) => from === ctx.me)', to: 'fresh.filter(() => false)', tests: ANSWERED },
  { name: 'what waits in memory is told though receipts are off in the database', file: 'src/sync/mergeRemembered.ts', from: 'if (!isToldBy(each.entry, untold)) await', to: 'await', tests: ['test/sync/mergedSettings.test.ts'] },
  { name: 'what was to be told in memory is told with what is read once receipts are on again', file: 'src/sync/mergeRemembered.ts', from: 'stopPublishing(withFloor(mine, stored.publishFloor), untold)', to: 'withFloor(mine, stored.publishFloor)', tests: ['test/sync/mergedSettings.test.ts'] },
  { name: 'a browser is asked only when all of a message shows', file: 'src/reading/createDwellObserver.ts', from: '{ threshold: thresholdsFor(visibleFraction) }', to: '{ threshold: 1 }', tests: REAL_DWELL },
  { name: 'what a list shows is read while the list itself is out of sight', file: 'src/reading/createDwellObserver.ts', from: '{ threshold: thresholdsFor(visibleFraction) }', to: '{ root: (root as Element | null) ?? null, threshold: thresholdsFor(visibleFraction) }', tests: REAL_DWELL },
  { name: 'a list that is on its way to a place reads what it passes', file: 'src/components/SourceList.tsx', from: 'isSettled: () => scroll.view().settled', to: 'isSettled: () => true', tests: REAL_LIST },
  { name: 'a bare timer: sleep and freeze count as reading', file: 'src/reading/dwellClock.ts', from: 'Math.min(Math.max(0, now - dwell.sampledAt), 2 * intervalMs)', to: 'Math.max(0, now - dwell.sampledAt)', tests: READING },
  { name: 'time gathered is lost at every interruption', file: 'src/reading/dwellClock.ts', from: '{ visibleMs: dwell.visibleMs, sampledAt: null }', to: '{ visibleMs: 0, sampledAt: null }', tests: READING },
  { name: 'threshold 1: tall messages are never read', file: 'src/reading/visibilityRule.ts', from: 'return seen.width >= least * Math.min(message.width, viewport.width) && seen.height >= least * viewport.height', to: 'return false', tests: READING },
  { name: 'what reaches beyond the newest message says nothing of those that are here', file: 'src/sync/applyReceipts.ts', from: 'head?.epoch === to.epoch ? head : null', to: 'null', tests: AHEAD },
  { name: 'what an answer overtook is forgotten with the page', file: 'src/sync/sentPlaces.ts', from: 'if (!isHeard && ', to: 'if (id === undefined && !isHeard && ', tests: ANSWERED },
  { name: 'what comes between two answers is taken to come after what the second overtook', file: 'src/sync/sentPlaces.ts', from: 'if (next?.at) await', to: 'if (id === undefined && next?.at) await', tests: ANSWERED },
  { name: 'what was answered while a page was asked for is taken to be in it', file: 'src/sync/catchUp.ts', from: 'if (last) await noteHeardUpTo(tx, id, last)', to: 'await noteHeardUpTo(tx, id, { epoch: Infinity, order: 0, id: \'\' })', tests: ANSWERED },
  { name: 'a file says only of the first answer that something may be missing before it', file: 'src/sync/sentPlaces.ts', from: 'const MOST_ANSWERED = 100', to: 'const MOST_ANSWERED = 0', tests: ANSWERED },
  { name: 'a message waits for the pace at which receipts are stored', file: 'src/sync/inbound.ts', from: "if (event.type !== 'cursor') hurry()", to: "if (event.type !== 'cursor' && event.type !== 'message') hurry()", tests: ['test/sync/inbound.test.ts'] },
  { name: 'minus zero is another place', file: 'src/sync/receiptShape.ts', from: '{ epoch: epoch + 0, order: order + 0, id }', to: '{ epoch, order, id }', tests: BAD },
  { name: 'what names a message is of wherever that is, whatever conversation it says', file: 'src/sync/storeEvents.ts', from: 'else if (receipt.conversationId !== undefined) {', to: 'else if (receipt.conversationId !== undefined && !receipt.ids) {', tests: BAD },
  { name: 'what waited counts for all that came meanwhile', file: 'src/sync/applyReceipts.ts', from: '(isHere(to) ? to : head', to: '(isHere(to) ? head : head', tests: BAD },
  { name: 'of a message stored twice only one place is known', file: 'src/sync/applyMessages.ts', from: 'else await noteOtherPlaces', to: 'else if (row.at === null) await noteOtherPlaces', tests: ['test/sync/readingAttacks.test.ts'] },
  { name: 'who read a message at its other place has not read it', file: 'src/receipts/receiptIndex.ts', from: 'if (subject.otherPlaces) return reachOfTwice(subject)', to: 'if (subject.otherPlaces && false) return reachOfTwice(subject)', tests: ['test/sync/twiceRead.test.ts'] },
  { name: 'a place that the server lost counts as another one', file: 'src/sync/messageRows.ts', from: 'place.epoch >= row.at.epoch', to: 'place.epoch >= 0', tests: ['test/sync/messageRows.test.ts'] },
  { name: 'a receipt for the newest place of a message waits for a later message', file: 'src/sync/applyMessages.ts', from: 'head = placesOf(row).reduce(maxPoint, head)', to: 'head = maxPoint(head, row.at)', tests: ['test/sync/twiceRead.test.ts'] },
  { name: 'a stretch around another place is archived without it', file: 'src/sync/archiving.ts', from: 'const isBroken = isTwice || ', to: 'const isBroken = ', tests: ['test/sync/archivedTwice.test.ts'] },
  { name: 'a reaction is stored and the reading of its message is not', file: 'src/sync/actions.ts', from: "if (done.action === 'react' && done.on) await", to: "if (done.action === 'react' && !done.on) await", tests: ['test/client/queuedOnce.test.ts'] },
  { name: 'an answer is stored and the reading of its message is not', file: 'src/sync/enqueue.ts', from: 'if (message.replyTo !== undefined) await readTarget', to: 'if (message.replyTo === "") await readTarget', tests: SIGNALS },
  { name: 'who reacts has not read', file: 'src/sync/actions.ts', from: "if (done.action === 'react' && done.on) await", to: "if (done.action === 'react' && done.emoji === '') await", tests: SIGNALS },
  { name: 'who takes a reaction back has read', file: 'src/sync/actions.ts', from: "if (done.action === 'react' && done.on) await", to: "if (done.action === 'react') await", tests: SIGNALS },
  { name: 'who opens a picture has not read', file: 'src/components/ImageBody.tsx', from: '    onView?.(message)\n', to: '', tests: SIGNALS },
  { name: 'who is led to the next picture has not read it', file: 'src/components/ImageViewer.tsx', from: '    onView?.(next)\n', to: '', tests: ['test/components/quotes.test.tsx'] },
  { name: 'who plays a voice message has not read', file: 'src/components/VoiceBody.tsx', from: ' onPlay={() => onView?.(message)}', to: '', tests: SIGNALS },
  { name: 'a video plays by itself, and is read by it', file: 'src/components/VideoBody.tsx', from: 'controls preload="none"', to: 'controls autoPlay preload="none"', tests: SIGNALS },
  { name: 'how long reading takes is not what its user set', file: 'src/components/ChatWindow.tsx', from: '? client.policy : { ...client.policy, dwellMs }', to: '? client.policy : client.policy', tests: ['test/components/windowActions.test.tsx'] },
  { name: 'who plays a video has not read', file: 'src/components/VideoBody.tsx', from: ' onPlay={() => onView?.(message)}', to: '', tests: SIGNALS },
  { name: 'who opens a file has not read', file: 'src/components/FileBody.tsx', from: '    onView?.(message)\n', to: '', tests: SIGNALS },
  { name: 'what was opened in a window is told to nobody', file: 'src/components/ChatWindow.tsx', from: "void client.markRead([message], 'viewed').catch(report)", to: 'void message', tests: SIGNALS },
  { name: 'what others read is hidden as a number and shown as a status', file: 'src/store/computeShown.ts', from: 'reach: tally })', to: 'reach: tallyOf(view.index, message, conditions) })', tests: HIDDEN },
  { name: 'who tells nobody sees what others read', file: 'src/store/computeShown.ts', from: "policy.reciprocal && (conversation?.receipts", to: "policy.silentAfterMs === 0 && (conversation?.receipts", tests: HIDDEN },
  { name: 'who tells nobody gets the names of who read', file: 'src/sync/hiddenReaders.ts', from: 'if (!ctx.policy.reciprocal) return false', to: 'if (ctx.policy.reciprocal) return false', tests: RULES },
  { name: 'who tells nobody gets the rows of who read', file: 'src/sync/statusRows.ts', from: '!isHidden || receiverId === me', to: '!isHidden || receiverId !== me', tests: RULES },
  { name: 'the receipts of a recalled message are counted', file: 'src/store/conditions.ts', from: 'recalled: message.recalledAt !== undefined', to: 'recalled: false', tests: HIDDEN },
  { name: 'of a recalled message there are readers', file: 'src/sync/hiddenReaders.ts', from: 'return row.recalledAt !== undefined || (await', to: 'return (await', tests: RULES },
  { name: 'who holds a recalled message as it was gets its readers', file: 'src/sync/hiddenReaders.ts', from: 'id === undefined ? undefined : await', to: 'id !== undefined ? undefined : await', tests: RULES },
  { name: 'of a recalled message there are rows of a status', file: 'src/sync/statusRows.ts', from: 'recalledAt === undefined', to: 'recalledAt !== 0', tests: RULES },
  { name: 'what is nested too deep to be read again is stored', file: 'src/sync/nesting.ts', from: 'if (levels > MOST_LEVELS) return true', to: 'if (levels > MOST_LEVELS) return false', tests: ['test/sync/refusedEvents.test.ts'] },
  { name: 'of two marks as unread that do not know of each other the one that is off holds', file: 'src/receipts/manualUnread.ts', from: 'return a.on ? a : b', to: 'return a.on ? b : a', tests: MARKS },
  { name: 'what is read while a conversation stays open takes back that it was marked as unread', file: 'src/receipts/manualUnread.ts', from: '(atEntry.on && atEntry.rev === mark.rev)', to: 'atEntry.rev <= mark.rev', tests: MARKS },
  { name: 'that a conversation was marked as unread is lost with the page', file: 'src/sync/manualUnread.ts', from: 'await saveConversation(tx, marked, changes)', to: 'changes.conversations.set(marked.id, marked)', tests: MARKS },
  { name: 'nobody who comes back where all is read ends that it was marked as unread', file: 'src/sync/reading.ts', from: 'if (conversation?.unread?.count === 0) await', to: 'if (conversation?.unread?.count === -1) await', tests: MARKS },
  { name: 'what is deleted for good stands as deleted, with its text and its receipts', file: 'src/sync/applyEdits.ts', from: "event.type === 'deleted' && event.hard === true", to: "event.type === 'deleted' && event.hard === undefined", tests: GONE },
  { name: 'a repeat from the wire brings back what was deleted for good', file: 'src/sync/messageRows.ts', from: '  if (isErased(row)) return erasedAgain(row, incoming)\n', to: '', tests: GONE },
  { name: 'where what was deleted for good stands once more is missing', file: 'src/sync/messageRows.ts', from: 'if (isErased(row)) return erasedAgain(row, incoming)', to: 'if (isErased(row)) return row', tests: GONE },
  { name: 'what waited to be done to a message that is gone is done', file: 'src/sync/applyEdits.ts', from: 'await tx.outbox.delete(seq)', to: 'void seq', tests: GONE },
  { name: 'what is done to a message that is gone waits where that was not heard', file: 'src/sync/actions.ts', from: 'if (isErased(row)) {', to: 'if (isErased(row) && done.action === row.localId) {', tests: GONE },
  { name: 'a tab that did something to a message that is gone shows it still', file: 'src/sync/actions.ts', from: 'noteRow(changes, row)', to: 'void noteRow', tests: GONE },
  { name: 'in a schedule: what is done to a message that is gone waits where that was not heard', file: 'src/sync/actions.ts', from: 'if (isErased(row)) {', to: 'if (isErased(row) && done.action === row.localId) {', tests: ['test/simulator/pinned.test.ts'] },
  { name: 'what was done in memory to a message that is gone is done', file: 'src/sync/mergeRemembered.ts', from: 'if (acted && isErased(acted)) return', to: '', tests: ['test/sync/mergedDeletions.test.ts'] },
  { name: 'what was torn of what was to be done to a message that is gone is done', file: 'src/sync/requeueing.ts', from: 'if (message && isErased(message)) return true', to: '', tests: ['test/sync/tornActions.test.ts'] },
  { name: 'what was archived of a message outlives its deletion for good', file: 'src/sync/applyEdits.ts', from: '  await forgetArchived(tx, row)\n', to: '', tests: RULES },
  { name: 'a receipt for what was deleted for good counts', file: 'src/sync/applyReceipts.ts', from: 'isErased(row) ? null : row.at', to: 'row.at', tests: GONE },
  { name: 'a draft writes all conversations', file: 'src/sync/drafts.ts', from: '    const { draft: _draft, ...rest } = conversation\n', to: '    const { draft: _draft, ...rest } = conversation\n    await tx.conversations.put(await tx.conversations.list())\n', tests: ['test/sync/writeSize.test.ts'] },
  { name: 'a file is let go of before its address is stored', file: 'src/sync/uploading.ts', from: '    const changes = await storeUploaded', to: '    await ctx.storage.write((tx) => tx.blobs.delete(entry.localId))\n    const changes = await storeUploaded', tests: ['test/sync/abortAtEveryRequest.test.ts'] },
  { name: 'a wire that throws as it is closed keeps a client from ending', file: 'src/sync/wireCalls.ts', from: 'calling(() => transport.close()).then(end, end)', to: 'void transport.close().then(end, end)', tests: ['test/client/throwingWire.test.ts'] },
  { name: 'what a restored server lost stands as sent', file: 'src/sync/lostTail.ts', from: 'if (!isSent(row, ctx.me)) {', to: 'if (!isSent(row, "")) {', tests: ['test/sync/lostTail.test.ts'] },
  { name: 'what the server has at its other place is told as lost', file: 'src/sync/lostTail.ts', from: 'if (await stayKept(', to: 'if (mine.length < 0 && await stayKept(', tests: ['test/sync/lostTail.test.ts'] },
  { name: 'what the server lost at both places stands at one', file: 'src/sync/lostTail.ts', from: 'comparePoints(place, after) <= 0', to: 'comparePoints(place, row.at!) < 0', tests: ['test/sync/lostTail.test.ts'] },
  { name: 'who read it where the server lost it is no reader of what it kept', file: 'src/sync/lostTail.ts', from: '{ ...row, at, otherPlaces }', to: '{ ...row, at, otherPlaces: otherPlaces.slice(9) }', tests: ['test/sync/lostTail.test.ts'] },
  { name: 'what is done by the id of a place that was lost goes to that', file: 'src/model/wireIdOf.ts', from: 'message.ids.includes(id) && ', to: '(asked === undefined || id === asked) && ', tests: ['test/sync/lostTail.test.ts'] },
  { name: 'what a restored server has is told as lost too', file: 'src/sync/lostTail.ts', from: 'let place = after\n  for (let from = after', to: 'let place = after\n  for (let from = { ...after, order: 0, id: "" }', tests: ['test/sync/lostTail.test.ts'] },
  { name: 'only the newest loss of a server is found', file: 'src/sync/lostTail.ts', from: 'begun = after.epoch', to: 'begun = reset.found', tests: ['test/sync/lostTail.test.ts'] },
  { name: 'a row of a status says that I read what I only cleared', file: 'src/sync/statusRows.ts', from: '...(own && readHere(own))', to: '...(own && readHere(own) && own.synced)', tests: RULES },
  { name: 'what was only cleared is read here at its second place', file: 'src/sync/followPlaces.ts', from: 'coversMessage(readHere(next)[kind], row)', to: 'coversMessage(next.synced[kind], row)', tests: ['test/sync/twiceRead.test.ts'] },
  { name: 'what was read here in private is told of one of its places alone', file: 'src/sync/readHere.ts', from: 'joinKinds(wanted, unpublished)', to: 'joinKinds(wanted, NO_PROGRESS_BY_KIND ?? unpublished)', tests: ['test/sync/twiceRead.test.ts'] },
  { name: 'what was cleared is unknown to my other devices where it stands a second time', file: 'src/sync/followPlaces.ts', from: 'next = withSynced(next, kind, placesOf(row))', to: 'next = withSynced(next, kind, [row.at!])', tests: ['test/sync/twiceRead.test.ts'] },
  { name: 'a message at two places is told as read at one', file: 'src/sync/followPlaces.ts', from: 'if (!row.otherPlaces || ', to: 'if (row.otherPlaces || ', tests: SENT_AGAIN },
  { name: 'what was shown as read, and then lost, is read as soon as it is sent again', file: 'src/store/readStateSource.ts', from: 'epochOf(message) > remembered.epoch ? undefined', to: 'epochOf(message) > Infinity ? undefined', tests: SENT_AGAIN },
  { name: 'what is done to a message that was sent again goes to the id that the server lost', file: 'src/sync/actions.ts', from: '(row && wireIdOf(row, messageId)) ?? messageId', to: '(row && messageId) ?? messageId', tests: SENT_AGAIN },
  { name: 'a new device tells what it never had as read', file: 'src/sync/neverCame.ts', from: "return catchUp === 'cursor' ? [] : [{ after: null", to: "return catchUp !== 'none' ? [] : [{ after: null", tests: WITHOUT_HISTORY },
  { name: 'what was said while a device was away is read', file: 'src/sync/reign.ts', from: 'if (missesAbsences(ctx, memory.hasLost) || asksForAbsences(ctx)) inbound', to: 'if ((missesAbsences(ctx, memory.hasLost) && !isOnline()) || asksForAbsences(ctx)) inbound', tests: WITHOUT_HISTORY },
  { name: 'a conversation that is new is never told as read', file: 'src/sync/neverCame.ts', from: 'if (told === null || !first) return []', to: 'if (!first) return []', tests: WITHOUT_HISTORY },
  { name: 'the answer to a message of mine says that all before it is here', file: 'src/sync/neverCame.ts', from: 'const before = await answeredPlace(tx, id)', to: 'const before = (await answeredPlace(tx, id)) && undefined', tests: WITHOUT_HISTORY },
  { name: 'a file hides what its device never had', file: 'src/sync/transfer.ts', from: '[...gaps, ...missing].map(', to: 'gaps.map(', tests: WITHOUT_HISTORY },
  { name: 'what was missed in a time in memory is forgotten', file: 'src/sync/mergeRemembered.ts', from: 'await joinMissing(tx, ctx, id, found.missing, newest?.at ?? null)', to: 'void joinMissing', tests: WITHOUT_HISTORY },
  { name: 'what comes by itself before anything was asked for is taken for all', file: 'src/sync/overtaking.ts', from: 'if (!unasked.isFirst(id)) continue', to: 'if (id) continue', tests: OVERTAKEN },
  { name: 'what comes by itself keeps what was missed from being asked for', file: 'src/sync/catchUp.ts', from: "knows === 'head' && !isOvertaken &&", to: "knows === 'head' &&", tests: OVERTAKEN },
  { name: 'an answer of an earlier connection says that nothing is missing in the next', file: 'src/sync/catchUp.ts', from: 'if (unasked.isCurrent(connection)) await settleMissing', to: 'await settleMissing', tests: OVERTAKEN },
  { name: 'of a second absence nothing is noted', file: 'src/sync/unasked.ts', from: 'came.clear()', to: '', tests: OVERTAKEN },
  { name: 'what a wire cannot tell now is taken for told', file: 'src/sync/catchUp.ts', from: 'new Set([...left, ...refused])', to: 'new Set(refused)', tests: OVERTAKEN },
  { name: 'a conversation that is new since is not asked for', file: 'src/sync/catchUp.ts', from: 'of await overtaken(ctx, unasked.came()', to: 'of await overtaken(ctx, [].map(String)', tests: OVERTAKEN },
  { name: 'what a page does not reach is not missing any more', file: 'src/sync/overtaking.ts', from: 'if (oldest === null ||', to: 'if (oldest !== undefined ||', tests: OVERTAKEN },
  { name: 'a position does not move on when nothing is missing any more', file: 'src/sync/overtaking.ts', from: 'changes.gaps.set(conversationId,', to: 'void (conversationId,', tests: OVERTAKEN },
  { name: 'nothing is unread of what was told and not brought', file: 'src/sync/neverCame.ts', from: 'return told ? through(told, null, capabilities.dense) : neverCame(', to: 'return told === null ? [] : neverCame(', tests: WITHOUT_HISTORY },
  { name: 'what a queue handed over and nobody stored is read', file: 'src/sync/inbound.ts', from: 'memory.hasLost = true', to: 'memory.hasLost = false', tests: WITHOUT_HISTORY },
  { name: 'one that is being dialled connects beside the next', file: 'src/sync/reign.ts', from: 'if (stopped || mine !== dials) return\n    first', to: 'if (stopped) return\n    first', tests: ['test/sync/dialling.test.ts'] },
  { name: 'what comes between two connections is taken for all', file: 'src/sync/reign.ts', from: 'if (missesAbsences(ctx, memory.hasLost) || asksForAbsences(ctx)) inbound', to: 'if (isOnline() && (missesAbsences(ctx, memory.hasLost) || asksForAbsences(ctx))) inbound', tests: OVERTAKEN },
  { name: 'a stretch is claimed over an absence', file: 'src/sync/knownHistory.ts', from: '...(await neverCame(tx, ctx, conversation.id))', to: "...(await neverCame(tx, ctx, ''))", tests: WITHOUT_HISTORY },
  { name: 'what was lost before an epoch of which nothing was here is never looked for', file: 'src/sync/resets.ts', from: 'newest > known || isLate', to: 'newest > known', tests: LOSSES },
  { name: 'who read a message is asked by the id that the server lost', file: 'src/sync/fetchReaders.ts', from: 'const id = wireIdOf(message)', to: 'const [id] = wireIdOf(message) ? message.ids : []', tests: ['test/sync/fetchReaders.test.ts'] },
  { name: 'a wire of single messages hears of what was sent again by its lost id alone', file: 'src/sync/reportedMessages.ts', from: '[...messages, ...elsewhere.messages]', to: 'messages', tests: ['test/simulator/pinned.test.ts'] },
  { name: 'a position says that what a server may have lost was read', file: 'src/sync/acrossEpochs.ts', from: 'for (const { epoch, after } of lossesWithin(reach, from, to)) {', to: 'for (const { epoch, after } of lossesWithin(reach, to, to)) {', tests: ACROSS },
  { name: 'what was not sure of a position is forgotten', file: 'src/sync/applyReceipts.ts', from: 'if (upTo && waits(null, upTo))', to: 'if (upTo && !isHere(upTo))', tests: ACROSS },
  { name: 'what was not sure of a position waits for the next message', file: 'src/sync/lostTail.ts', from: 'await applyHeld(tx, receiptRules(ctx), id, changes)', to: 'void changes', tests: ACROSS },
  { name: 'what was not sure waits where nobody can be asked', file: 'src/sync/applyReceipts.ts', from: 'transport.history !== undefined && to.epoch', to: 'to.epoch', tests: ACROSS },
  { name: 'a position of a later epoch counts as far as the newest message', file: 'src/sync/applyReceipts.ts', from: 'head?.epoch === to.epoch ? head : null', to: 'head', tests: ACROSS },
  { name: 'what is not sure is shown before it is stored', file: 'src/sync/showAhead.ts', from: ' || crossesEpochs(receipt, () => index.getProgress(receipt.by)[receipt.kind])', to: '', tests: ACROSS },
  { name: 'where a wire is silent about what was before, all of it is there', file: 'src/sync/lostTail.ts', from: 'losses.push({ epoch: begun, after: null, since: Math.min(reset.found + 1, begun) })\n', to: '\n', tests: ACROSS },
  { name: 'what lies between two losses of which the wire told nothing is read', file: 'src/sync/resets.ts', from: '[...before, ...losses].sort', to: '[...losses].sort', tests: LOSSES },
  { name: 'what my other device told says that I read what was lost', file: 'src/sync/applyReceipts.ts', from: '(by === me ? own?.wanted[kind]', to: '(by === me ? { upTo: receipts[0]!.upTo ?? null, ranges: [] }', tests: LOSSES },
  { name: 'a time in memory says that what was lost was read', file: 'src/sync/mergeRemembered.ts', from: 'sureState(state, reach)', to: 'state', tests: LOSSES },
  { name: 'a file says that what was lost was read', file: 'src/sync/receiptsOf.ts', from: 'point.epoch === head.epoch ? head : null)', to: 'head)', tests: LOSSES },
  { name: 'a wire that could not say what it lost is asked at the next connect', file: 'src/sync/reign.ts', from: 'if (isLeft && !stopped', to: 'if (!isLeft && stopped', tests: LOSSES },
  { name: 'what waits of a later epoch is instead of what waits of this', file: 'src/sync/applyReceipts.ts', from: 'heldEvent(conversationId, now, `upTo ${upTo.epoch}`, { ...base, upTo }))', to: "heldEvent(conversationId, now, 'upTo', { ...base, upTo }))", tests: LOSSES },
  { name: 'what was counted of a lost message counts for what is sent again', file: 'src/sync/lostTail.ts', from: 'const { otherPlaces = [], readCount: _readCount, ...kept } = row', to: 'const { otherPlaces = [], ...kept } = row', tests: LOSSES },
  { name: 'a stretch over a loss counts as a whole', file: 'src/sync/applyReceipts.ts', from: 'sureParts(from, end, reach).ranges', to: '[{ from, to: end }]', tests: ACROSS },
  { name: 'a second loss is looked for down to the first alone', file: 'src/sync/lostTail.ts', from: 'begun > reset.found || !isKnown', to: 'begun > reset.found', tests: SENT_AGAIN },
  { name: 'the number of what a server lost of mine stops a position', file: 'src/sync/stretches.ts', from: '...known.filter(', to: '...known.slice(known.length).filter(', tests: ['test/sync/lostTail.test.ts'] },
  { name: 'a file doubles what a wire told without its local id', file: 'src/sync/broughtRows.ts', from: 'if (row?.from === from) found', to: 'if (row === undefined) found', tests: ['test/sync/importedRows.test.ts'] },
  { name: 'the other place of what comes in a file is claimed', file: 'src/sync/broughtRows.ts', from: 'if (others.length > 0) await', to: 'if (others.length < 0) await', tests: ['test/sync/importedRows.test.ts'] },
  { name: 'the other place that only memory knew is forgotten', file: 'src/sync/messageRows.ts', from: '...next, ...otherPlaces(next, place)', to: '...next', tests: ['test/sync/mergeRemembered.test.ts'] },
  { name: 'what was noted in memory is forgotten', file: 'src/sync/mergeRemembered.ts', from: 'await joinNoted(tx, id, found.noted)', to: 'void joinNoted', tests: ['test/sync/mergeRemembered.test.ts'] },
  { name: 'a file that knows of a new epoch has nobody look for what was lost', file: 'src/sync/transfer.ts', from: "await noteLateRows(tx, ctx, fresh, changes, 'all')", to: 'void noteLateRows', tests: ['test/sync/importedRows.test.ts'] },
  { name: 'what was said before older messages come is believed of them', file: 'src/sync/lateRows.ts', from: 'if (doubted.length === 0) return', to: 'if (doubted.length >= 0) return', tests: ['test/sync/lateRows.test.ts'] },
  { name: 'what is not believed any more is still on screen', file: 'src/sync/changes.ts', from: 'doubted ? createIndexOf(doubted) : view.index', to: 'view.index', tests: ['test/sync/lateRows.test.ts'] },
  { name: 'what is not believed any more is still on screen in other tabs', file: 'src/sync/tabs.ts', from: 'if (shown.has(id)) changes.doubted.set', to: 'if (!shown.has(id)) changes.doubted.set', tests: ['test/sync/lateRows.test.ts'] },
  { name: 'what is not sure any more is forgotten, whatever the server has to tell', file: 'src/sync/lateRows.ts', from: 'doubted.flatMap((state) => receiptsAcross', to: 'doubted.slice(0, 0).flatMap((state) => receiptsAcross', tests: ['test/sync/lateRows.test.ts'] },
  { name: 'another tab shows what came before what it may not believe any more', file: 'src/sync/newsReader.ts', from: 'reading = reading.then(() => readAll', to: 'reading = Promise.resolve().then(() => readAll', tests: ['test/sync/lateRows.test.ts'] },
  { name: 'who only cleared has read', file: 'src/sync/memberStates.ts', from: '...readHere(own) }', to: '...(readHere(own) && own.synced) }', tests: RULES },
  { name: 'a report says nobody where nothing is known', file: 'src/sync/reportReceipts.ts', from: 'whyUntracked: (message, read) => untrackedReason(', to: 'whyUntracked: (message, read) => read < 0 ? null : null && untrackedReason(', tests: ['test/sync/receiptRules.test.ts'] },
  { name: 'what came in time ends in a report when the wire takes no more', file: 'src/receipts/receiptReport.ts', from: 'whyUntracked(message, report.read)', to: 'whyUntracked(message, 0)', tests: ['test/receipts/receiptReport.test.ts', 'test/sync/receiptRules.test.ts'] },
  { name: 'what my other device read on behind a loss is measured by what was told, not by what was cleared', file: 'src/sync/applyReceipts.ts', from: 'own?.wanted[kind]', to: 'own?.synced[kind]', tests: ['test/sync/ownAcrossEpochs.test.ts'] },
  { name: 'my other devices are believed of what a file brings from before an epoch', file: 'src/sync/lateRows.ts', from: "if (mayBeLost === 'all') await", to: "if (mayBeLost === 'none') await", tests: ['test/sync/ownAcrossEpochs.test.ts'] },
  { name: 'what the second file brings is read by where my other device stood', file: 'src/sync/lateRows.ts', from: "mayBeLost === 'all' ? new Set(", to: "mayBeLost === 'none' ? new Set(", tests: ['test/sync/ownAcrossEpochs.test.ts'] },
  { name: 'what a file brings takes back what was here when it was read', file: 'src/sync/lateStretches.ts', from: 'comparePoints(part.from, last) <= 0', to: 'comparePoints(part.from, last) < -1', tests: ['test/sync/ownAcrossEpochs.test.ts'] },
  { name: 'what was told by now does not wait for what the server had lost', file: 'src/sync/lateRows.ts', from: 'receiptRules(ctx), id, toldAcross(ctx.me, own, head)', to: 'receiptRules(ctx), id, []', tests: ['test/sync/ownAcrossEpochs.test.ts'] },
  { name: 'what is read now is not told of where it was sent again', file: 'src/sync/reading.ts', from: "publish ? ['read', kind] : []", to: '[]', tests: ['test/sync/toldAgain.test.ts'] },
  { name: 'who switches receipts off wants told all that the wire has taken, believed or not', file: 'src/receipts/ownState.ts', from: 'commonProgress(own.wanted[kind], own.acked.published[kind])', to: 'own.acked.published[kind]', tests: ['test/sync/ownAcrossEpochs.test.ts'] },
  { name: 'what a file brings is told as read with the past', file: 'src/sync/lateStretches.ts', from: 'const untold = kinds(unpublished)', to: 'const untold = unpublished', tests: ['test/sync/ownAcrossEpochs.test.ts'] },
  { name: 'what was read as a prefix and pruned is unread when a file brings it back', file: 'src/sync/pruning.ts', from: 'await notePruned(tx, conversationId, unbrokenStretches(old, history))', to: 'void notePruned', tests: ['test/sync/ownAcrossEpochs.test.ts'] },
  { name: 'what was never here, between what was pruned, is read by what stands behind it', file: 'src/sync/pruning.ts', from: 'unbrokenStretches(old, history)', to: 'unbrokenStretches(old, { gaps: [], dense: false })', tests: ['test/sync/ownAcrossEpochs.test.ts'] },
  { name: 'what is pruned now makes forgotten what was pruned before', file: 'src/sync/prunedStretches.ts', from: 'joinProgress(known, toProgress(null, stretches))', to: 'joinProgress(toProgress(null), toProgress(null, stretches))', tests: ['test/sync/mergeRemembered.test.ts'] },
  { name: 'what was pruned in memory is forgotten when the database opens', file: 'src/sync/mergeRemembered.ts', from: 'await notePruned(tx, id, found.pruned)', to: 'void found.pruned', tests: ['test/sync/mergeRemembered.test.ts'] },
  { name: 'what was pruned is unread when a file brings it back', file: 'src/sync/lateStretches.ts', from: 'const all = joinKinds(kinds(synced), told)', to: 'const all = kinds(synced)', tests: ['test/sync/ownAcrossEpochs.test.ts'] },
  { name: 'a message is told at the places that whoever holds it knows', file: 'src/sync/reading.ts', from: 'rows[i] ?? row', to: 'row', tests: SENT_AGAIN },
  { name: 'a prefix reaches messages at their first place alone', file: 'src/sync/reading.ts', from: "const own = readMode === 'upTo' ?", to: "const own = readMode !== 'upTo' ?", tests: SENT_AGAIN },
  { name: 'the past is told in a group that is too large', file: 'src/sync/receiptSettings.ts', from: ' || (await isTooLarge(tx, ctx, conversation, changes))', to: '', tests: RULES },
  { name: 'what was chosen in memory is forgotten when another tab chooses', file: 'src/sync/receiptSettings.ts', from: 'await restoreChoices(ctx)', to: 'void restoreChoices', tests: ['test/sync/mergedSettings.test.ts'] },
  { name: 'who follows the user again in memory does not after a restart', file: 'src/sync/receiptSettings.ts', from: 'choice !== null || (receipts && isStricter(newer.own, receipts))', to: 'choice !== null', tests: ['test/sync/mergedSettings.test.ts'] },
  { name: 'of what no choice is kept, it is told as the user tells', file: 'src/sync/receiptSettings.ts', from: '(receipts && isStricter(newer.own, receipts))', to: 'receipts', tests: ['test/sync/mergedSettings.test.ts'] },
  { name: 'who follows the user again in memory does not in the database', file: 'src/sync/mergeRemembered.ts', from: 'if (receipts !== taken.of(id) &&', to: 'if (receipts && receipts !== taken.of(id) &&', tests: ['test/sync/mergedSettings.test.ts'] },
  { name: 'a roster that is torn begins anew, and its bits are of other people', file: 'src/sync/archiving.ts', from: '(stored as ArchiveRoster) : null', to: '(stored as ArchiveRoster) : []', tests: ['test/sync/archivedLater.test.ts'] },
  { name: 'the archive is asked by the first id alone', file: 'src/sync/archiving.ts', from: '(at ? ids.map(', to: '(at ? ids.slice(0, 1).map(', tests: ['test/sync/archivedLater.test.ts'] },
  { name: 'the archive folds stretches in which something may still come late', file: 'src/sync/archiving.ts', from: '(within.length === 1 || isSettled(to))', to: 'isSettled !== undefined', tests: ['test/sync/archivedLater.test.ts'] },
  { name: 'who reads what was deleted for good is archived with the stretch around it', file: 'src/sync/archiving.ts', from: '.filter((row) => !isErased(row))', to: '', tests: RARE },
  { name: 'what was under way when the connection broke is taken for told', file: 'src/sync/surePlace.ts', from: 'if (newest === null || ctx', to: 'if (id || ctx', tests: UNDER_WAY },
  { name: 'what was asked for is asked for with every connection', file: 'src/sync/surePlace.ts', from: 'if (at) await tx.meta.put(keyOf(id), at)', to: 'void at', tests: UNDER_WAY },
  { name: 'a page says nothing of what it brings', file: 'src/sync/surePlace.ts', from: 'places.reduce(maxPoint, newest)', to: 'newest && places.length >= 0 ? newest : null', tests: UNDER_WAY },
  { name: 'before what comes by itself nothing is missing that was under way', file: 'src/sync/overtaking.ts', from: 'const after = await surePlace(tx, ctx, id)', to: 'const after = await newestHeard(tx, id)', tests: UNDER_WAY },
  { name: 'below the newest page nothing is missing that was under way', file: 'src/sync/catchUp.ts', from: 'recordGapBelow(tx, ctx, id, sure, page', to: 'recordGapBelow(tx, ctx, id, newest, page', tests: UNDER_WAY },
  { name: 'a queue is asked for what it hands over', file: 'src/sync/catchUp.ts', from: "=== 'queue' ? newest : sure", to: "=== 'queue' ? sure : sure", tests: UNDER_WAY },
  { name: 'what was said before in a conversation that nobody lists is not missed', file: 'src/sync/overtaking.ts', from: ': !isListed\n', to: ': false\n', tests: OVERTAKEN },
  { name: 'what was said before in a conversation that the app makes known is read', file: 'src/sync/overtaking.ts', from: '(!isListed || newest !== null || (await findEnsured(tx, conversationId)) !== undefined)', to: 'newest !== null', tests: OVERTAKEN },
  { name: 'what was said behind a file before anything comes by itself is read', file: 'src/sync/overtaking.ts', from: '(!isListed || newest !== null || (await', to: '((await', tests: OVERTAKEN },
  { name: 'all that comes by itself where nobody asked has something missing before it', file: 'src/sync/storeEvents.ts', from: 'came: [...came, ...strangers.came]', to: 'came', tests: OVERTAKEN },
  { name: 'what was written while a page was fetched is shown again as it was then', file: 'src/sync/windowLoader.ts', from: 'void (late.length = 0)', to: '{}', tests: ['test/sync/windowLoader.test.ts'] },
  { name: 'a number of readers alone takes the status back', file: 'src/store/createArrayReadStates.ts', from: 'next.status) : before?.status', to: 'next.status) : next.status', tests: ['test/store/createArrayReadStates.test.tsx'] },
  { name: 'a list of conversations takes back who left since it was asked for', file: 'src/sync/catchUp.ts', from: 'conversation: await withNews(ctx, conversation, rosters)', to: 'conversation', tests: ['test/sync/lateMembers.test.ts'] },
  { name: 'what came while receipts were off is told once they are private', file: 'src/sync/receiptSettings.ts', from: "(kind !== 'delivered' || delivered !== 'point')", to: "kind !== 'delivered'", tests: ['test/sync/toldAgain.test.ts'] },
  { name: 'who tells again what came says nothing at all to a wire of positions', file: 'src/sync/receiptSettings.ts', from: "(kind !== 'delivered' || delivered !== 'point') &&", to: '', tests: ['test/sync/toldAgain.test.ts'] },
  { name: 'the clock of this device says what comes late no more', file: 'src/sync/sending.ts', from: 'accepted.time === undefined) await', to: 'accepted.time === null) await', tests: ['test/sync/serverTime.test.ts'] },
  { name: 'a stretch goes over what was deleted before it was read', file: 'src/sync/stretches.ts', from: 'if (keepsReceipts(row, me) && !isRead(row)) close()', to: 'if (keepsReceipts(row, me) && isRead(row)) close()', tests: ['test/sync/toldAndMissing.test.ts'] },
  { name: 'receipts that are not stored are believed whatever is doubted', file: 'src/sync/showAhead.ts', from: '!crossesEpochs(receipt, () => index.getProgress(receipt.by)[receipt.kind]) && index.join', to: 'index.join', tests: ['test/sync/doubtedAhead.test.ts'] },
  { name: 'news that was read before a doubt is shown after it', file: 'src/sync/newsReader.ts', from: 'if (before === doubts) return changes', to: 'if (before <= doubts) return changes', tests: ['test/sync/doubtedTabs.test.ts'] },
  { name: 'what was archived of a lost message counts for what is sent again', file: 'src/sync/lostTail.ts', from: 'await forgetArchived(tx, row)', to: 'void forgetArchived', tests: ['test/sync/archivedLater.test.ts'] },
  { name: 'stretches that wait are joined as they came', file: 'src/sync/applyReceipts.ts', from: 'return toProgress(receipt.upTo ?? null, receipt.ranges ?? [])', to: 'return { upTo: receipt.upTo ?? null, ranges: receipt.ranges ?? [] }', tests: ['test/sync/heldTogether.test.ts'] },
  { name: 'what waits is lost when there is much of it', file: 'src/sync/applyReceipts.ts', from: 'cleanReceipt(each.event, Infinity)', to: 'cleanReceipt(each.event)', tests: ['test/sync/heldTogether.test.ts'] },
  { name: 'a stranger\'s position swallows that of the epoch before', file: 'src/sync/applyReceipts.ts', from: '? [heldEvent(conversationId, now, `upTo ${upTo.epoch}`, { ...base, upTo })] : []', to: '? [heldEvent(conversationId, now, \'upTo\', { ...base, upTo })] : []', tests: ['test/sync/heldTogether.test.ts'] },
  { name: 'what was not sure in a time in memory is forgotten', file: 'src/sync/mergeRemembered.ts', from: 'if (unsure.length > 0) await applyReceipts', to: 'if (unsure.length < 0) await applyReceipts', tests: ['test/sync/mergedDoubts.test.ts'] },
  { name: 'the archive folds stretches over second places', file: 'src/sync/archiving.ts', from: 'twice.some(isWithin) ||', to: 'twice.length < 0 ||', tests: ['test/sync/archivedLater.test.ts'] },
  { name: 'the archive folds stretches over what never came', file: 'src/sync/archiving.ts', from: '...(await neverCame(tx, ctx, id))]', to: '...(await neverCame(tx, ctx, id)).slice(9)]', tests: ['test/sync/archivedLater.test.ts'] },
  { name: 'a position is not held with the id that it came with', file: 'src/sync/namelessReceipts.ts', from: '...(ids.length === 1 ? told : {})', to: '...(ids.length === 0 ? told : {})', tests: ['test/sync/toldAndMissing.test.ts'] },
  { name: 'a file says nothing of second places', file: 'src/sync/transfer.ts', from: 'await addPlaces(tx, messages, stored, changes)', to: 'void addPlaces', tests: ['test/sync/toldAndMissing.test.ts'] },
  { name: 'a file says nothing of second ids', file: 'src/sync/messageRows.ts', from: '{ ...row, ids: same.ids.reduce(withId, row.ids) }', to: '{ ...row, ids: same.ids.slice(0, 0).reduce(withId, row.ids) }', tests: ['test/sync/importedRows.test.ts'] },
  { name: 'who tells nobody any more tells of the second place of what they told once', file: 'src/sync/followPlaces.ts', from: 'isPublished(kind, setting) && (reached', to: '(reached', tests: ['test/sync/sentAgain.test.ts'] },
  { name: 'a view made anew shows nothing of the archive', file: 'src/sync/windowLoader.ts', from: 'if (!view || archived.length === 0) return', to: 'if (!view || archived.length >= 0) return', tests: ['test/sync/lateRows.test.ts'] },
  { name: 'nobody looks for what was lost before the database opened again', file: 'src/sync/mergeRemembered.ts', from: 'await noteReset(tx, id, head.epoch, createChanges())', to: 'void noteReset', tests: ['test/sync/mergeRemembered.test.ts'] },
  { name: 'a file has messages read that are not sent yet', file: 'src/sync/receiptsOf.ts', from: 'comparePoints(point, head) <= 0 ? point : point.epoch', to: 'comparePoints(point, point) <= 0 ? point : point.epoch', tests: ['test/sync/importedRows.test.ts'] },
  { name: 'on a full disk the lead is taken from who has it, by who cannot have it', file: 'src/sync/leadership.ts', from: 'startClaim(seen, all)', to: 'letGo = holdLock((hold) => all.request(name, { steal: true }, hold))', tests: ['test/sync/leadership.test.ts'] },
  { name: 'a conversation that the app makes at every start is written at every start', file: 'src/sync/ensure.ts', from: 'if (known && isSame(known, ensured)) return', to: 'if (known && isSame(known, ensured) && false) return', tests: ['test/sync/ensure.test.ts'] },
  { name: 'conversations that an earlier version had listed are forgotten', file: 'src/sync/ensure.ts', from: 'return Array.isArray(rows) ? rows.filter(isEnsured) : []', to: 'return Array.isArray(rows) ? [] : []', tests: ['test/sync/ensure.test.ts'] },
  { name: 'who leaves in the moment in which the roster is stored is brought back by it', file: 'src/sync/catchUp.ts', from: 'const now = await membersIn(tx, id)', to: 'const now = before', tests: ['test/sync/lateMembers.test.ts'] },
  { name: 'a roster that was asked for before somebody left brings them back', file: 'src/sync/catchUp.ts', from: 'later !== undefined && isMember', to: 'later === null && isMember', tests: ['test/sync/lateMembers.test.ts'] },
  { name: 'history is believed to have what the server lost behind a gap', file: 'src/sync/holes.ts', from: 'if (known && known.epoch >= epoch) return', to: 'if (known || epoch > 0) return', tests: ['test/sync/readingAttacks.test.ts'] },
  { name: 'a notice becomes a message that is born read', file: 'src/sync/messageRows.ts', from: "return (before.kind === 'system') === (after.kind === 'system')", to: 'return before !== null && after !== null', tests: ['test/sync/readingAttacks.test.ts'] },
  { name: 'a file that takes long to store is told as not kept, and sent', file: 'src/storage/dexie/transaction.ts', from: 'return native ? takeTurn(native.db', to: 'return native && false ? takeTurn(native.db', tests: ['test/storage/dexieFaults.test.ts'] },
  { name: 'a commit of which nobody hears is waited for without end', file: 'src/storage/dexie/takeTurn.ts', from: 'transaction.onabort = () => resolve()', to: 'transaction.onabort = () => resolve', tests: ['test/storage/dexieFaults.test.ts'] },
  { name: 'tables that a frozen tab holds are explained nowhere', file: 'src/storage/dexie/tableWatch.ts', from: 'else block(mode)', to: 'else cancel()', tests: ['test/storage/dexieFaults.test.ts'] },
  { name: 'who starts while a frozen tab holds the tables gives up', file: 'src/client/lifecycle.ts', from: 'isWaiting = isBlocked() &&', to: 'isWaiting = !isBlocked() &&', tests: ['test/client/storageTrouble.test.ts'] },
  { name: 'each try to open has three seconds of its own', file: 'src/storage/dexie/session.ts', from: 'return await saidWhenLate(connectPatiently())', to: 'return await connectPatiently()', tests: ['test/storage/dexieFaults.test.ts'] },
  { name: 'what the app made known is gone with an evicted database', file: 'src/client/engine.ts', from: "if (finding === 'evicted') await Promise.all([...ensured.values()].map(ensureStored)).catch(onFailure)", to: '', tests: ['test/client/storageTrouble.test.ts'] },
  { name: 'a wipe that was in vain is forgotten with the page', file: 'src/client/engine.ts', from: 'if (!(await marker.isWipeDue())) return', to: 'if (await marker.isWipeDue()) return marker.noteWiped()', tests: ['test/client/storageTrouble.test.ts'] },
  { name: 'what came after a wipe is deleted for it, too', file: 'src/sync/marker.ts', from: 'if ((await storage.read(markerOf)) === due) return true', to: 'if ((await storage.read(markerOf)) !== null) return true', tests: ['test/client/storageTrouble.test.ts'] },
  { name: 'a tab that writes nothing says for ever that there is no room', file: 'src/storage/dexie/transactor.ts', from: "        lookLater(session)\n      }", to: '      }', tests: ['test/storage/dexieFaults.test.ts'] },
  { name: 'signing out behind a frozen tab takes the time of two writes', file: 'src/client/lifecycle.ts', from: 'await Promise.all([endSession(), noting])', to: 'await endSession()\n    if (noting) await engine?.noteSignOut()', tests: ['test/client/storageTrouble.test.ts'] },
  { name: 'a page that cannot be loaded rests after five seconds of waiting', file: 'src/sync/windowLoader.ts', from: 'began + FAILED_LOAD_REST_MS - ctx.ports.clock.monotonic()', to: 'FAILED_LOAD_REST_MS + 0 * began', tests: ['test/client/storageTrouble.test.ts'] },
  { name: 'any pixel is enough', file: 'src/reading/visibilityRule.ts', from: 'const least = fraction - SLACK', to: 'const least = 0 * fraction - SLACK', tests: READING },
  { name: 'read while the tab is hidden', file: 'src/reading/visibilityRule.ts', from: ": ['hidden']", to: ': []', tests: READING },
  { name: 'read while another window has the focus', file: 'src/reading/visibilityRule.ts', from: "(hasFocus ? [] : ['blurred'])", to: '[]', tests: READING },
  { name: 'read while the list still jumps', file: 'src/reading/visibilityRule.ts', from: "isSettled ? reasons : [...reasons, 'notSettled']", to: 'reasons', tests: READING },
  { name: 'a list that settles is looked at only with the next sample of what is in sight', file: 'src/reading/dwellStep.ts', from: "'notSettled' ? SETTLING_INTERVAL_MS", to: "'notSettled' ? SAMPLE_INTERVAL_MS", tests: READING },
  { name: 'read under a modal', file: 'src/reading/dwellStep.ts', from: 'const unseen = look()', to: 'const unseen = look() && null', tests: READING },
  { name: 'what was over it in the middle of the dwell does not matter', file: 'src/reading/dwellStep.ts', from: 'const unseen = look()', to: 'const unseen = (dwell.sampledAt === null || leftMs <= 0) && look()', tests: READING },
  { name: 'a header that sticks is seen through', file: 'src/reading/measure.ts', from: 'isEnough(clearShare(element, shown))', to: 'isEnough(Math.ceil(clearShare(element, shown) - 0.4))', tests: READING },
  { name: 'a frame that is not painted is seen into', file: 'src/reading/measure.ts', from: 'if (!frame) return true', to: 'if (frame !== undefined) return true', tests: READING },
  { name: 'in a real browser: a frame that is not painted is seen into', file: 'src/reading/measure.ts', from: 'if (!frame) return true', to: 'if (frame !== undefined) return true', tests: REAL_ATTACKS },
  { name: 'what is scaled away with its frame is as large as ever', file: 'src/reading/measure.ts', from: '{ width: width * scaleX, height: height * scaleY }', to: '{ width: width || scaleX, height: height || scaleY }', tests: READING },
  { name: 'a frame that is squeezed is as high as ever', file: 'src/reading/edges.ts', from: 'const scaleY = height / offsetHeight', to: 'const scaleY = scaleX || height / offsetHeight', tests: READING },
  { name: 'a keyboard over the page, and fingers that zoom into it, take nothing out of sight', file: 'src/reading/edges.ts', from: 'visualViewport ?? {', to: 'null ?? {', tests: READING },
  { name: 'what a fixed panel is written into cuts it off, and nothing in it is ever read', file: 'src/reading/edges.ts', from: "    if (position === 'fixed') break\n", to: '', tests: READING },
  { name: 'a grey box is a picture that was seen', file: 'src/reading/measure.ts', from: '|| isMissing(element, message)', to: '|| (isMissing(element, message) && false)', tests: READING },
  { name: 'a picture that failed was seen', file: 'src/reading/measure.ts', from: '(naturalWidth > 0 || ', to: '(naturalWidth >= 0 || ', tests: READING },
  { name: 'an album of pictures of which none has come was seen', file: 'src/reading/measure.ts', from: 'left -= width * height * 2', to: 'if (width * height * 2 >= left) left = 0', tests: READING },
  { name: 'what of a row of pictures is out of sight keeps its message unread', file: 'src/reading/measure.ts', from: 'sizeOf(overlap(part.getBoundingClientRect(), message))', to: 'part.getBoundingClientRect()', tests: READING },
  { name: 'a picture is missing twice, with the part that waits for it', file: 'src/reading/measure.ts', from: ' || last?.contains(part)', to: ' || last === element', tests: READING },
  { name: 'any address that speaks of drawings is one that names no size', file: 'src/reading/measure.ts', from: '/^[^?#]*\\Wsvg([+?#]|$)/i', to: '/svg/i', tests: READING },
  { name: 'what stands in the place of a message is the message', file: 'src/reading/whyMessageUnseen.ts', from: "shows(IN_ITS_PLACE) ? 'cannotBeShown' : ", to: '', tests: NOT_SHOWN },
  { name: 'the beginning of a text is all of it', file: 'src/reading/whyMessageUnseen.ts', from: "shows(SHOW_MORE) ? 'shortened' : ", to: '', tests: NOT_SHOWN },
  { name: 'the beginning of the words for a message of the app is all of them', file: 'src/components/CustomBody.tsx', from: "shown === body.fallback ? undefined : ''", to: "body.fallback === undefined ? '' : undefined", tests: NOT_SHOWN },
  { name: 'a list does not ask whether a message is shown', file: 'src/components/rowWatch.ts', from: "=> whyMessageUnseen(row", to: "=> null && whyMessageUnseen(row", tests: ['test/components/rowWatch.test.ts'] },
  { name: 'read where nobody has been for an hour', file: 'src/reading/createDwellObserver.ts', from: 'idleAfterMs !== null && now - usedAt > idleAfterMs', to: 'idleAfterMs === null && now - usedAt > 0', tests: READING },
  { name: 'nothing is flushed when the page is hidden', file: 'src/reading/createReadReporter.ts', from: 'if (!visibility.isVisible()) void flush()\n  })', to: '})', tests: READING },
  { name: 'a rejected batch is lost', file: 'src/reading/createReadReporter.ts', from: 'queue = new Map([...batch, ...queue])', to: 'queue = new Map([...queue])', tests: READING },
  { name: 'every read is a request', file: 'src/reading/batchWindow.ts', from: 'return Math.min(lastAt + policy.flushMs, firstAt + policy.maxFlushMs)', to: 'return lastAt', tests: READING },
  { name: 'on a screen of the simulator: sleep counts as reading', file: 'src/reading/dwellClock.ts', from: '2 * intervalMs)', to: '5 * intervalMs)', tests: SCREENS },
  { name: 'on a screen of the simulator: what lies over a message is not seen', file: 'src/reading/dwellStep.ts', from: 'const unseen = look()', to: 'const unseen = look() && null', tests: SCREENS },
  { name: 'on a screen of the simulator: a tab behind reads', file: 'src/reading/visibilityRule.ts', from: ": ['hidden']", to: ': []', tests: SCREENS },
  { name: 'on a screen of the simulator: a list that jumps is read', file: 'src/reading/visibilityRule.ts', from: "isSettled ? reasons : [...reasons, 'notSettled']", to: 'reasons', tests: SCREENS },
  { name: 'on a screen of the simulator: tall messages are never read', file: 'src/reading/visibilityRule.ts', from: 'return seen.width >= least * Math.min(message.width, viewport.width) && seen.height >= least * viewport.height', to: 'return false', tests: SCREENS },
  { name: 'on a screen of the simulator: time gathered is lost at every interruption', file: 'src/reading/dwellClock.ts', from: '{ visibleMs: dwell.visibleMs, sampledAt: null }', to: '{ visibleMs: 0, sampledAt: null }', tests: SCREENS },
  { name: 'what was read waits though the page is hidden', file: 'src/sync/session.ts', from: 'if (!isVisible && reign) reign.flush()', to: 'if (!isVisible && reign) countPending()', tests: SCREENS },
  { name: 'what is read at once is one report, however much', file: 'src/reading/createReadReporter.ts', from: 'leaving.slice(start, start + policy.maxBatch)', to: 'start === 0 ? leaving : []', tests: READING },
  { name: 'a full batch waits for more', file: 'src/reading/batchWindow.ts', from: 'if (count >= policy.maxBatch) return lastAt', to: '', tests: SCREENS },
  { name: 'a batch waits as long as somebody reads', file: 'src/reading/batchWindow.ts', from: 'return Math.min(lastAt + policy.flushMs, firstAt + policy.maxFlushMs)', to: 'return lastAt + policy.flushMs', tests: SCREENS },
  { name: 'what came is told as delivered beside each batch that is read in private', file: 'src/sync/outbox.ts', from: "some(({ conversationId, kind }) => conversationId === id && kind !== 'delivered')", to: "some(({ conversationId, kind, visibility }) => conversationId === id && kind !== 'delivered' && visibility === 'published')", tests: REQUESTS },
  { name: 'while somebody reads on and on nothing is told as delivered', file: 'src/sync/outbox.ts', from: 'return now - since < LONGEST_PUT_OFF_MS', to: 'return now >= since', tests: REQUESTS },
  { name: 'what was delivered waits for a page that is hidden', file: 'src/sync/outbox.ts', from: 'flush: () => runReports(true)', to: 'flush: () => runReports()', tests: REQUESTS },
  { name: 'what nobody reads is told three times a second', file: 'src/sync/outbox.ts', from: 'flushDueAt(soon, ctx.policy) - now, runUnlessReading', to: 'ranAt + ctx.policy.flushMs - now, runUnlessReading', tests: REQUESTS },
  { name: 'what was read is told as delivered besides', file: 'src/sync/queueReport.ts', from: 'containsProgress(joinProgress(joinProgress(delivered, read), viewed), due)', to: 'containsProgress(delivered, due)', tests: REQUESTS },
  { name: 'who has many stretches says them all in one report', file: 'src/sync/reportSize.ts', from: 'if (countWithin(due.ranges, room) === due.ranges.length) return due', to: 'if (room > -Infinity) return due', tests: SIZES },
  { name: 'of many stretches the oldest leave first', file: 'src/sync/reportSize.ts', from: 'untaken(due, taken).reverse()', to: 'untaken(due, taken)', tests: SIZES },
  { name: 'with a part of them all stretches are taken for told', file: 'src/sync/reporting.ts', from: 'return { says, messages, covers: says, told: says }', to: 'return { says, messages, covers: of.due, told: says }', tests: STRETCHES },
  { name: 'all reports leave at once, however large', file: 'src/sync/reportsUnderWay.ts', from: 'while (underWay > 0 && underWay + size > MOST_UNDER_WAY)', to: 'while (underWay < 0)', tests: SIZES },
  { name: 'a call that was given up keeps others from leaving', file: 'src/sync/reportsUnderWay.ts', from: "signal.addEventListener('abort', end)", to: '', tests: SIZES },
  { name: 'a report names more than fits', file: 'src/sync/reportedMessages.ts', from: ' || bytes > MOST_SAID)', to: ')', tests: ['test/sync/reportBatch.test.ts'] },
  { name: 'the reference server tells more stretches in one receipt than anybody takes', file: 'test/servers/websocketServer.mjs', from: 'if (ranges.length <= MOST_RANGES) return [receipt]', to: 'if (ranges.length >= 0) return [receipt]', tests: PARTS },
  { name: 'the reference server sends a frame that no device takes', file: 'test/servers/websocketServer.mjs', from: 'if (fresh.length > 1 && freshBytes > FRAME_BYTES) {', to: 'if (freshBytes < 0) {', tests: PARTS },
  { name: 'a cursor covers parts that were not sent yet', file: 'test/servers/websocketServer.mjs', from: 'if (lane.parts.length === 0) lane.position = lane.partsOf', to: 'lane.position = lane.partsOf', tests: PARTS },
  { name: 'the hub tells more stretches in one receipt than anybody takes', file: 'src/transport/memory/receiptParts.ts', from: 'if (ranges.length <= MOST_RANGES) return [receipt]', to: 'if (ranges.length >= 0) return [receipt]', tests: STRETCHES },
  { name: 'what my own devices were told is told to them again', file: 'src/sync/reporting.ts', from: 'return own.acked[entry.visibility][entry.kind]', to: 'return own.acked.published[entry.kind]', tests: REQUESTS },
  { name: 'a new line brings no reports', file: 'src/sync/outbox.ts', from: '      waits.resume([BATCH, SOON])\n      nudge()', to: '      waits.resume([BATCH, SOON])\n      drainIntents()', tests: SCREENS },
  { name: 'who left with messages unread and came back has read them', file: 'src/sync/reportedPosition.ts', from: 'intervals[0]?.joinedAt', to: 'intervals.at(-1)?.joinedAt', tests: ['test/sync/movedPosition.test.ts'] },
  { name: 'what was said before I joined, or while I was away, is unread', file: 'src/sync/joined.ts', from: 'joined === undefined || ', to: 'joined !== null || ', tests: JOINED },
  { name: 'history from before I joined makes the count inexact', file: 'src/sync/joined.ts', from: 'comparePoints(end, joinedAt) <= 0', to: 'comparePoints(end, joinedAt) < 0 && false', tests: JOINED },
  { name: 'a stored count is never compared with the rows', file: 'src/sync/windowLoader.ts', from: "    if (before.status !== 'ready') compareCount(id)\n", to: '', tests: MENDED },
  { name: 'a stored count is compared at every jump in an open conversation', file: 'src/sync/windowLoader.ts', from: "if (before.status !== 'ready') compareCount(id)", to: 'compareCount(id)', tests: MENDED },
  { name: 'a count that cannot be read is never counted', file: 'src/sync/hydrate.ts', from: '  if (await countLost(ctx, stored)) await hydrate(ctx)\n', to: '', tests: MENDED },
  { name: 'every count is looked through for the list', file: 'src/sync/hydrate.ts', from: 'if (unread === null && (await', to: 'if (unread !== undefined && (await', tests: MENDED },
  { name: 'a count that is right is written again', file: 'src/sync/mendUnread.ts', from: '  if (await ctx.storage.read(isRight)) return null\n', to: '', tests: MENDED },
  { name: 'a count that says to be exact is believed', file: 'src/sync/unread.ts', from: ' && exact === unread.exact', to: '', tests: MENDED },
  { name: 'a count of which too much would have to be looked at is taken for wrong', file: 'src/sync/unread.ts', from: 'isGivenUp ? count >= unread.count : ', to: '', tests: MENDED },
  { name: 'nobody hears of a count that was wrong', file: 'src/client/engine.ts', from: '(changes) => session()?.commit(changes)', to: '() => {}', tests: MENDED },
  { name: 'who turns out to have joined later keeps the count', file: 'src/sync/followJoined.ts', from: 'if (!conversation || same', to: 'if (!conversation || conversation.unread || same', tests: JOINED },
  { name: 'the last writer wins', file: 'src/receipts/progress.ts', from: 'if (a === b || containsProgress(a, b)) return a\n  return unite(', to: 'return b\n  return unite(', tests: RECEIPTS },
  { name: 'neighbours grow together', file: 'src/receipts/progress.ts', from: 'else if (last === undefined || comparePoints(range.from, last.to) > 0) ranges.push(range)', to: 'else if (last === undefined) ranges.push(range)', tests: RECEIPTS },
  { name: 'order by id, not by what the server gave', file: 'src/model/point.ts', from: 'if (a.order !== b.order) return a.order - b.order', to: '', tests: ['test/model', 'test/receipts'] },
  { name: 'epochs are ignored', file: 'src/model/point.ts', from: 'if (a.epoch !== b.epoch) return a.epoch - b.epoch', to: '', tests: ['test/model', 'test/receipts'] },
  { name: 'the author counts as a reader', file: 'src/receipts/receiptIndex.ts', from: '? total - 1 : total', to: '? total : total', tests: RECEIPTS },
  { name: 'who left unread is waited for', file: 'src/receipts/receiptIndex.ts', from: 'isAudience && interval.leftAt === null', to: 'isAudience && interval.leftAt !== undefined', tests: RECEIPTS },
  { name: 'a shown status falls', file: 'src/receipts/status.ts', from: 'return RANKS[next] > RANKS[shown] ? next : shown', to: 'return next', tests: RECEIPTS },
  { name: 'the newest time wins', file: 'src/receipts/timeFacts.ts', from: 'if (earliest !== null && fact.time >= earliest) continue', to: 'if (earliest !== null && fact.time <= earliest) continue', tests: RECEIPTS },
  { name: 'joining lets go of times', file: 'src/receipts/timeFacts.ts', from: '  kept.sort(compareFacts)\n', to: '  kept.sort(compareFacts).splice(0, Math.max(0, kept.length - 500))\n', tests: RECEIPTS },
  { name: 'more times are stored than are kept', file: 'src/sync/applyReceipts.ts', from: 'withKeptTimes(before, withContents(applyReceipt(before, located), located.contents))', to: 'withContents(applyReceipt(before, located), located.contents)', tests: ['test/sync/keptTimes.test.ts'] },
  { name: 'a prefix in a group: jumping to the newest reads what was jumped over', file: 'src/receipts/ownState.ts', from: "readMode === 'upTo' ? prefixOf(seen) : seen", to: 'prefixOf(seen)', tests: [...RECEIPTS, ...SIMULATOR] },
  { name: 'a counter is the truth: any reading sets it to zero', file: 'src/sync/reading.ts', from: 'const unread = await unreadAfter(tx, ctx, conversation, rows, before, own, readMode)', to: 'const unread = (await unreadAfter(tx, ctx, conversation, rows, before, own, readMode)) && { count: 0, exact: true }', tests: SIMULATOR },
  { name: 'the read is stored, and nothing waits to tell it', file: 'src/sync/reading.ts', from: "  await queueReport(tx, ctx, conversation, own, 'read', changes)\n  if (kind", to: '  if (kind', tests: SIMULATOR },
  { name: 'who tells nobody anything tells that a message came', file: 'src/sync/delivered.ts', from: "(await receiptVisibility(tx, ctx, conversation)) !== 'off' && ", to: '', tests: ['test/client/receiptSettings.test.ts'] },
  { name: 'in a schedule: who tells nobody anything tells that a message came', file: 'src/sync/delivered.ts', from: "(await receiptVisibility(tx, ctx, conversation)) !== 'off' && ", to: '', tests: TOLD },
  { name: 'who lets go of what failed sends it again', file: 'src/client/verbs.ts', from: 'sync.discardSend(ctx', to: 'sync.retrySend(ctx', tests: TOLD },
  { name: 'private reading is published', file: 'src/sync/reading.ts', from: 'const publish = isPublished(kind, setting)', to: 'const publish = isPublished(kind, setting) || true', tests: ['test/client/receiptSettings.test.ts', ...SIMULATOR] },
  { name: 'a late message is born read between its neighbours', file: 'src/sync/stretches.ts', from: '(dense && b.order > a.order + 1)', to: '(dense && false)', tests: ['test/sync', ...SIMULATOR] },
  { name: 'what is missing is told as delivered', file: 'src/sync/stretches.ts', from: 'if (previous !== null && mayMiss(previous, at, history)) isOpen = false', to: '', tests: ['test/sync', ...SIMULATOR] },
  { name: 'a receipt ahead of its message reads what comes later', file: 'src/sync/applyReceipts.ts', from: 'head !== null && comparePoints(point, head) <= 0', to: 'head !== null || comparePoints(point, point) <= 0', tests: ['test/sync'] },
  { name: 'receipts of strangers are believed', file: 'src/sync/applyReceipts.ts', from: "return conversation.rosterComplete ? 'receipt/notMember' : 'hold'", to: 'return null', tests: ['test/sync'] },
  { name: 'what others told their own devices is shown', file: 'src/sync/storeEvents.ts', from: "receipt.visibility === 'ownDevices' && receipt.by !== ctx.me", to: 'receipt.by === null', tests: ['test/sync'] },
  { name: 'order by time is trusted: a late message between two that were read is born read', file: 'src/sync/stretches.ts', from: 'b.order > settledUpTo ||', to: '', tests: ['test/sync/stretches.test.ts'] },
  { name: 'entering reads a group', file: 'src/sync/reading.ts', from: "ctx.policy.onOpen[conversation.kind] !== 'all'", to: "ctx.policy.onOpen.direct !== 'all'", tests: ['test/sync/reading.test.ts'] },
  { name: 'what was only cleared is published with the past', file: 'src/receipts/ownState.ts', from: 'joinKinds(own.wanted, unpublished)', to: 'joinKinds(joinKinds(own.wanted, unpublished), own.synced)', tests: RECEIPTS },
  { name: 'a late count takes readers back', file: 'src/sync/applyReceipts.ts', from: 'n <= (row.readCount ?? 0)', to: 'n === row.readCount', tests: RULES },
  { name: 'archived readers are forgotten', file: 'src/sync/archiving.ts', from: 'value: roster }, ...rows])', to: 'value: roster }, ...rows.slice(9_999)])', tests: RULES },
  { name: 'a report forgets what was archived', file: 'src/sync/memberStates.ts', from: 'readStatesOf(tx, conversationId, messages)', to: 'readStatesOf(tx, conversationId, [])', tests: RULES },
  { name: 'who was counted and left has read for somebody else', file: 'src/receipts/unnamed.ts', from: 'Math.min(of + countAtLeast - read, audience)', to: 'Math.min(of, audience)', tests: ['test/receipts/receiptIndex.test.ts', 'test/sync/receiptRules.test.ts'] },
  { name: 'who was counted and left has received for somebody else', file: 'src/receipts/tally.ts', from: 'withUnnamed({ read: delivered, of: deliveredOf }, x, audience).of', to: 'deliveredOf', tests: ['test/receipts/receiptIndex.test.ts'] },
  { name: 'who was counted and left has read for somebody else in a report', file: 'src/receipts/receiptReport.ts', from: 'message.readCount ?? 0, audience)', to: 'message.readCount ?? 0, 0)', tests: ['test/receipts/receiptReport.test.ts'] },
  { name: 'somebody waits where nobody is left who has not read', file: 'src/components/readerGroups.ts', from: 'if (all) return', to: 'if (all && !complete) return', tests: ['test/components/readerGroups.test.ts'] },
  { name: 'one reader who was only counted is shown as nothing', file: 'src/components/ReaderList.tsx', from: 'tally.of === 1 && !(complete && groups.read.length < tally.read)', to: 'tally.of === 1', tests: ['test/components/readerList.test.tsx'] },
  { name: 'who comes back never was silent', file: 'src/receipts/silence.ts', from: 'time <= sentAt && time > last', to: 'time > last', tests: RECEIPTS },
  { name: 'anybody may ask for receipts', file: 'src/sync/enqueue.ts', from: 'if (message.receiptRequested) await requireRequest(tx, ctx, conversation)', to: '', tests: RULES },
  { name: 'a crowd is told what I read', file: 'src/sync/groupSize.ts', from: ': await storedSize(tx, store, id)) > limit', to: ': await storedSize(tx, store, id)) > limit * 1_000', tests: RULES },
  { name: 'what only this device may say of a message is believed of a wire', file: 'src/sync/messageRows.ts', from: 'echoOrder: _order, hidden: _hidden, ...rest', to: 'echoOrder: _order, ...rest', tests: ['test/sync/badEvents.test.ts'] },
  { name: 'a message that the wire calls failed is', file: 'src/sync/messageRows.ts', from: 'outgoing: _outgoing, failure: _failure, failedAfter: _place, echoOrder: _order,', to: 'failedAfter: _place, echoOrder: _order,', tests: ['test/sync/badEvents.test.ts'] },
  { name: 'a gap that ends before it begins is stored', file: 'src/sync/eventShape.ts', from: "(type !== 'gap' || hasRoom(event as Gap))", to: "(type !== 'gap' || hasRoom !== undefined)", tests: ['test/sync/badEvents.test.ts'] },
  { name: 'an edit at a time that no Date holds can never be edited again', file: 'src/sync/applyMessages.ts', from: ' || !isTimeOrNone(message.editedAt)', to: '', tests: ['test/sync/badEvents.test.ts'] },
  { name: 'a last message that is none is swallowed', file: 'src/sync/applyConversations.ts', from: "return ctx.onDropped('message/malformed', id)", to: 'return', tests: ['test/sync/badEvents.test.ts'] },
  { name: 'the list shows the last message of another conversation', file: 'src/sync/applyConversations.ts', from: ' || lastMessage.conversationId !== id', to: '', tests: ['test/sync/badEvents.test.ts'] },
  { name: 'what is dropped is counted as often as the database is tried', file: 'src/sync/storeEvents.ts', from: '{ ...ctx, onDropped: (...drop) => void refused.push(drop) }', to: 'ctx', tests: ['test/sync/refusedEvents.test.ts'] },
  { name: 'what is left of a message and none is counted twice', file: 'src/sync/storeEvents.ts', from: "if (part.type !== 'message' || whyMalformed(part.message) === null) ctx", to: 'ctx', tests: ['test/sync/badEvents.test.ts'] },
  { name: 'what waits grows young whenever it is told again', file: 'src/sync/applyReceipts.ts', from: 'return { ...a, event: { ...(first.time', to: 'return { ...b, event: { ...(first.time', tests: ['test/sync/badReceipts.test.ts'] },
  { name: 'what waits in a conversation where nothing comes waits for ever', file: 'src/sync/expireHeld.ts', from: 'if (old.length === 0) return', to: 'if (old.length >= 0) return', tests: ['test/sync/badReceipts.test.ts'] },
  { name: 'a stranger of whom a whole roster knows nothing waits', file: 'src/sync/applyReceipts.ts', from: "? 'receipt/notMember' : 'hold'", to: "? 'hold' : 'hold'", tests: ['test/sync/badSizes.test.ts'] },
  { name: 'a position tells of what was read in private', file: 'src/sync/reportedPosition.ts', from: ': publishFloor === null ? await walk', to: ': publishFloor !== undefined ? await walk', tests: ['test/sync/positionFloor.test.ts'] },
  { name: 'of what a stranger counts of several messages one waits', file: 'src/sync/applyReceipts.ts', from: 'return [...position, ...rest, ...said, ...heldCount(receipt, conversationId, now)]', to: "return [...position, ...said, heldEvent(conversationId, now, 'whole', receipt)]", tests: ['test/sync/badReceipts.test.ts'] },
  { name: 'a receipt that names what was deleted for good is swallowed', file: 'src/sync/applyReceipts.ts', from: "if (counted === 'gone' || receipt.ids?.some((id) => places.get(id) === null)) rules", to: "if (counted === 'gone') rules", tests: ['test/sync/badReceipts.test.ts'] },
  { name: 'an edit of nonsense reaches the screen', file: 'src/sync/eventShape.ts', from: 'body: isBody, time: isMoment', to: 'time: isMoment', tests: ['test/sync/badEvents.test.ts'] },
  { name: 'what I write or is recalled ends what I read', file: 'src/sync/stretches.ts', from: '    if (isNeutral(row, me)) {\n', to: '    if (isNeutral(row, me)) {\n      if (open) open = { from: (open as PointRange).from, to: row.at }\n', tests: SIMULATOR },
  { name: 'reading the newest message of a direct conversation leaves those before it unread', file: 'src/receipts/ownState.ts', from: "readMode === 'upTo' ? prefixOf(seen) : seen", to: 'seen', tests: SIMULATOR },
  { name: 'a message bears the time of the device that sent it', file: 'src/sync/messageRows.ts', from: 'time: row.at === null || (incoming.id === row.ids[0] && incoming.at.epoch === row.at.epoch) ? incoming.time : row.time', to: 'time: row.time', tests: SIMULATOR },
  { name: 'a device that was away is told words that were taken back', file: 'src/transport/memory/hubViews.ts', from: 'messageById(conversation, event.message.id) ?? event.message', to: 'event.message', tests: ['test/transport/memory.test.ts'] },
  { name: 'a list in the order of activity is paged by number', file: 'src/transport/memory/hubViews.ts', from: 'const all = [...state.conversations.values()]', to: 'const all = [...state.conversations.values()].sort((a, b) => b.lastActivityAt - a.lastActivityAt)', tests: ['test/transport/memory.test.ts'] },
  { name: 'who comes back is told nothing of what was read meanwhile', file: 'src/transport/memory/hubViews.ts', from: 'after: null, before })\n  return [...events, ...readStatesView(conversation, userId)', to: 'after: null, before })\n  return [...events, ...readStatesView(conversation, userId).slice(0, 0)', tests: ['test/transport/memory.test.ts'] },
  { name: 'a hub that a backup took back goes on as though nothing was lost', file: 'src/transport/memory/memoryTransport.ts', from: 'if (cursor && !isKnown)', to: 'if (cursor && cursor.hubId !== state.hubId)', tests: ['test/transport/persistence.test.ts'] },
  { name: 'a dead handle is kept for good', file: 'src/transport/memory/indexedDbJournal.ts', from: 'append(known, decide).catch(letGo)', to: 'append(known, decide)', tests: ['test/transport/persistence.test.ts'] },
  { name: 'a group that is too large keeps its maker offline', file: 'src/transport/memory/memoryTransport.ts', from: ' && new Set(one.members).size <= groupSize)\n    const records = missing.flatMap((one) => makeConversation(state, one, userId, {}))', to: ')\n    const records = missing.flatMap((one) => makeConversation(state, one, userId, { groupSize }))', tests: ['test/transport/groupSize.test.ts'] },
  { name: 'an event that cannot be walked ends the stream', file: 'src/transport/parseEvent.ts', from: ' || error instanceof RangeError', to: '', tests: ['test/transport/parseEvent.test.ts'] },
  { name: 'a receipt of an older message dates a newer one', file: 'src/transport/memory/receiptRules.ts', from: 'time: timeOf(conversation, progress, now', to: 'time: timeOf(conversation, told, now', tests: ['test/transport/memoryHub.test.ts'] },
  { name: 'a receipt that was faster than the answer to sending waits for the next message', file: 'src/sync/sending.ts', from: '    await applyHeld(', to: '    if (entry.seq < 0) await applyHeld(', tests: ['test/sync/fastReceipt.test.ts'] },
  { name: 'a position stays where it is when what was in its way is gone', file: 'src/sync/storeEvents.ts', from: '    await queueRipeReports(tx, ctx, collected)\n', to: '    if (batch.length < 0) await queueRipeReports(tx, ctx, collected)\n', tests: ['test/sync/movedPosition.test.ts'] },
  { name: 'a position passes what came malformed', file: 'src/sync/reportedPosition.ts', from: 'const holes = await holesOf(tx, id)', to: 'const holes = (await holesOf(tx, id)).slice(999)', tests: ['test/sync/readingAttacks.test.ts'] },
  { name: 'a position passes a message that may still come between', file: 'src/sync/reportedPosition.ts', from: "due.ranges.length === 0 || kind === 'delivered' ? () => true", to: "due.ranges.length === 0 || kind ? () => true", tests: ['test/sync/movedPosition.test.ts'] },
  { name: 'orders that are not consecutive are subtracted', file: 'src/sync/knownHistory.ts', from: 'if (capabilities.inOrder) return Infinity', to: 'if (capabilities) return Infinity', tests: SIMULATOR },
  { name: 'a wire of positions is told stretches', file: 'src/sync/reporting.ts', from: 'says: told, messages, covers: told, told }', to: 'says: due, messages, covers: told, told }', tests: SIMULATOR },
  { name: 'switching off forgets my own devices', file: 'src/sync/receiptSettings.ts', from: 'for (const kind of stopped) await queueReport(', to: 'for (const kind of stopped.slice(9)) await queueReport(', tests: SIMULATOR },
  { name: 'back-off of nothing', file: 'src/sync/backoff.ts', from: 'BACKOFF_BASE_MS, BACKOFF_CAP_MS)', to: 'BACKOFF_BASE_MS, BACKOFF_CAP_MS) * 0', tests: TABS },
  { name: 'a database that was thrown away is taken for the one before', file: 'src/sync/marker.ts', from: '(before !== null && before !== known)', to: '(before !== null && before !== known && false)', tests: TABS },
  { name: 'a tab that missed a wipe writes into the database made anew', file: 'src/sync/knownRows.ts', from: 'if (known === null) return', to: 'if (known !== undefined) return', tests: TABS },
  { name: 'a field that a later version wrote is lost by an edit', file: 'src/sync/optimistic.ts', from: 'return { ...row, body: done.body, editedAt', to: "return { ...Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'fromLater')), body: done.body, editedAt", tests: TABS },
  { name: 'a row that nobody can read stands among the others', file: 'src/storage/rows/rowSieve.ts', from: 'return reason === null', to: 'return reason !== undefined', tests: TABS },
  { name: 'a wait is noted and not kept to', file: 'src/sync/outboxWaits.ts', from: 'isLimited ? lane : own, ms, fn)', to: 'isLimited ? lane : own, ms / 10, fn)', tests: TABS },
  { name: 'tries are burnt while there is no line', file: 'src/sync/reign.ts', from: 'canSend: () => !stopped && isOnline()', to: 'canSend: () => !stopped', tests: TABS },
  { name: 'what failed is counted as waiting', file: 'src/storage/memory/memoryTx.ts', from: 'entry.lane === lane && !entry.failed', to: 'entry.lane === lane', tests: TABS },
  { name: 'a database that died is not told of', file: 'src/client/lifecycle.ts', from: '    store.setState({ storage: now })', to: "    if (now.status !== 'reopening') store.setState({ storage: now })", tests: TABS },
  { name: 'a tab runs before it has read', file: 'src/client/lifecycle.ts', from: "      await opened.prepare(early)\n", to: "      store.setState({ phase: 'running' })\n      await opened.prepare(early)\n", tests: TABS },
  { name: 'the choice of who is told is the next account\'s, too', file: 'src/sync/keptChoices.ts', from: '`${ctx.databaseName}/${ctx.me}/${RECEIPTS_KEY}`', to: '`${ctx.databaseName}/${RECEIPTS_KEY}${ctx.me.slice(99)}`', tests: ACCOUNTS },
  { name: 'tabs of one account hear those of another', file: 'src/sync/tabs.ts', from: '`${storageName}/${me}/tabs-v${NEWS_VERSION}`', to: '`${storageName}/tabs-v${NEWS_VERSION}${me.slice(99)}`', tests: ACCOUNTS },
  { name: 'who signed out stays on screen', file: 'src/client/lifecycle.ts', from: "    await storage.close()\n    store.setState({ ...INITIAL_STATE, phase: 'stopped' })", to: "    await storage.close()\n    store.setState({ phase: 'stopped' })", tests: ACCOUNTS },
  { name: 'the lists of who signed out stay on screen', file: 'src/client/lifecycle.ts', from: "    await storage.close()\n    store.setState({ ...INITIAL_STATE, phase: 'stopped' })", to: "    await storage.close()\n    store.setState({ ...INITIAL_STATE, phase: 'stopped', windows: store.getState().windows })", tests: ACCOUNTS },
  { name: 'a wipe only closes', file: 'src/client/engine.ts', from: 'await bare.storage.wipe()\n      } finally', to: 'await bare.storage.close()\n      } finally', tests: ACCOUNTS },
  { name: 'what was to be kept is deleted', file: 'src/client/lifecycle.ts', from: 'isWiped ? wipe() : sayInRows()', to: '!isWiped || held ? wipe() : sayInRows()', tests: ACCOUNTS },
  { name: 'a choice outlives the wipe', file: 'src/client/engine.ts', from: '    sync.forgetChoices(ctx)\n', to: '', tests: ACCOUNTS },
  { name: 'no row says that somebody signed out', file: 'src/client/lifecycle.ts', from: '&& engine?.noteSignOut()\n', to: '&& null\n', tests: ACCOUNTS },
  { name: 'a tab under which the rows were deleted fetches them again', file: 'src/client/lifecycle.ts', from: 'if (await engine?.comeBack() === false) await end()', to: 'await engine?.comeBack()', tests: ACCOUNTS },
  { name: 'an older build writes into the database of a newer one', file: 'src/storage/dexie/transactor.ts', from: "if (mode === 'write' && connection.isNewer) throw readOnlyError()", to: "if (mode === 'write' && connection.isNewer && deadline.isExpired) throw readOnlyError()", tests: BUILDS },
  { name: 'that a newer build wrote the database is not said to tabs that were open', file: 'src/storage/dexie/session.ts', from: "    else current = connection\n    setState({ status: connection.isNewer ? 'readOnly' : 'ready' })", to: "    else current = connection\n    setState({ status: 'ready' })", tests: BUILDS },
  { name: 'a database of a newer build is deleted and made anew', file: 'src/storage/dexie/trackedFactory.ts', from: '    if (version === undefined) newer = true', to: '    if (version === undefined) native.deleteDatabase(name)', tests: BUILDS },
  { name: 'what the database of a newer build refuses is said to have taken too long', file: 'src/storage/dexie/transactor.ts', from: "if (mode === 'write' && connection.isNewer) throw readOnlyError()", to: "if (mode === 'write' && connection.isNewer) return new Promise(() => {})", tests: BUILDS },
  { name: 'what is refused is said to be kept', file: 'src/storage/dexie/transactor.ts', from: "if (mode === 'write' && connection.isNewer) throw readOnlyError()", to: "if (mode === 'write' && connection.isNewer) return undefined as never", tests: BUILDS },
  { name: 'a client that is taken down as it signs out tells no other tab', file: 'src/client/lifecycle.ts', from: '      line = leaving.catch(() => {})\n', to: '', tests: ['test/client/signOut.test.ts'] },
  { name: 'how often somebody signed out is compared with rows that are gone', file: 'src/client/engine.ts', from: '        signOuts = 0\n', to: '', tests: ['test/client/signOut.test.ts'] },
  { name: 'rows that are wiped while they are looked at are taken for thrown away', file: 'src/sync/marker.ts', from: 'if (hadBoth && marker !== wasKnown &&', to: 'if (hadBoth && marker === wasKnown &&', tests: ['test/sync/marker.test.ts'] },
  { name: 'a wait that was asked for is made shorter by the next answer', file: 'src/sync/outboxWaits.ts', from: 'asked.has(name) && before.endsAt >= endsAt', to: 'asked.has(name) && before.endsAt < 0', tests: ['test/sync/outboxWaits.test.ts'] },
  { name: 'the next page waits as the last answer said, not as the longest', file: 'src/sync/waitRows.ts', from: 'if (remaining(waits[lane], now) < ms) await', to: 'if (remaining(waits[lane], now) >= 0) await', tests: ['test/sync/outboxWaits.test.ts'] },
  { name: 'catching up goes on though the wire limits its rate', file: 'src/sync/catchUp.ts', from: 'if (longest.isLimited) left', to: 'if (longest.waitMs < 0) left', tests: ['test/sync/catchUpTrouble.test.ts'] },
  { name: 'an upload that is told to come later has failed', file: 'src/sync/uploading.ts', from: 'if (!isFinal && isAskedToWait(error))', to: 'if (isFinal && isAskedToWait(error))', tests: ['test/sync/uploading.test.ts'] },
  { name: 'a place for files that is full for a moment holds up every message', file: 'src/sync/uploading.ts', from: 'ctx.transport.capabilities.upload ? error : waiting', to: 'ctx.transport !== null ? error : waiting', tests: ['test/sync/uploading.test.ts'] },
  { name: 'an upload has failed where the wire knows that there is no network', file: 'src/sync/uploading.ts', from: "ports.connectivity.isOnline() && store.getState().connection.status === 'online'", to: 'ports.connectivity.isOnline() && store !== null', tests: ['test/sync/uploading.test.ts'] },
  { name: 'an upload is given up before anybody notices that the network is gone', file: 'src/sync/uploading.ts', from: 'LAST_TRY_AFTER_MS = 60_000', to: 'LAST_TRY_AFTER_MS = 1_000', tests: ['test/sync/uploading.test.ts'] },
  { name: 'what a vendor has put beside a message keeps it from being stored', file: 'src/sync/storeEvents.ts', from: 'return part !== null && whyNoEvent(part) === null ? part : null', to: 'return part !== null && whyNoEvent(part) !== null ? part : null', tests: ['test/sync/refusedEvents.test.ts'] },
  { name: 'a position passes what the database refused', file: 'src/sync/storeEvents.ts', from: "if (event.type === 'message') await ctx.storage.write", to: "if (event.type === 'reset') await ctx.storage.write", tests: ['test/sync/refusedEvents.test.ts'] },
  { name: 'one message that cannot be stored keeps a page of history away', file: 'src/sync/storeEvents.ts', from: "cause.code !== 'storage/unstorable') throw cause", to: "cause.code !== 'storage/none') throw cause", tests: ['test/sync/refusedEvents.test.ts'] },
  { name: 'what no list tells to be missed is not looked for', file: 'src/sync/catchUp.ts', from: 'const isSaid = ctx.transport.conversations !== undefined && !headless.has(id)', to: 'const isSaid = !headless.has("")', tests: ['test/sync/catchUp.test.ts'] },
  { name: 'of too many conversations to ask for, nothing is said to be missing', file: 'src/sync/catchUp.ts', from: "if (knows === 'less') return inbound", to: "if (knows === 'less') return\n  if (id === '') return inbound", tests: ['test/sync/catchUp.test.ts'] },
  { name: 'what overtook the answer to sending is forgotten with the page', file: 'src/sync/earlyEdits.ts', from: 'for (const event of await keptEdits(tx)) waiting.add(event)', to: 'await keptEdits(tx)', tests: ['test/sync/earlyEdits.test.ts'] },
  { name: 'what overtook the answer is not stored with the cursor', file: 'src/sync/storeEvents.ts', from: 'await early.keep(tx, ripeEdits, missed)', to: 'await early.keep(tx, ripeEdits, [])', tests: ['test/sync/earlyEdits.test.ts'] },
  { name: 'a wait ends with the page', file: 'src/sync/waitRows.ts', from: 'return left > 0 ? left : 0', to: 'return left > 0 ? 0 : 0', tests: ['test/sync/outboxWaits.test.ts'] },
  { name: 'receipts that were off are public once the database is lost', file: 'src/sync/keptChoices.ts', from: "keepsakesOf(ctx)?.get(nameOf(ctx)) ?? null", to: 'null as string | null', tests: ['test/client/keptChoices.test.ts'] },
  { name: 'what was read in private is published once the database is lost', file: 'src/sync/keptFloors.ts', from: 'return here.get(id) ?? highest', to: 'return here.get(id) ? null : highest', tests: ['test/client/keptFloors.test.ts'] },
  { name: 'rows that know of no floor yet are told of reading', file: 'src/sync/queueReport.ts', from: "setting === 'public' && hasLostFloor", to: "setting !== 'public' && hasLostFloor", tests: ['test/sync/keptFloors.test.ts'] },
  { name: 'rows are deleted on a guess', file: 'src/client/lifecycle.ts', from: 'if (await engine?.comeBack() === false) await end()', to: 'if (await engine?.comeBack() === false) await storage.wipe().finally(end)', tests: ['test/client/signOut.test.ts'] },
  { name: 'what was under way in memory goes on in the database', file: 'src/sync/session.ts', from: "isClosed || ctx.storage.getState().status !== 'memory'", to: 'isClosed', tests: ['test/client/leavingMemory.test.ts'] },
  { name: 'what is queued is told as having failed', file: 'src/client/verbs.ts', from: '{ ...message, localId }), 1)\n', to: "{ ...message, localId }), 1)\n      if (message.replyTo !== undefined) await readNow(current, [(await find(conversationId, message.replyTo))!], 'read')\n", tests: ['test/client/queuedOnce.test.ts'] },
  { name: 'a closed client reads and writes on', file: 'src/sync/knownRows.ts', from: '    refusal = stoppedError\n', to: '', tests: ['test/client/afterTheEnd.test.ts'] },
  { name: 'a tab that is signed out waits for somebody to say whose rows there are', file: 'src/sync/knownRows.ts', from: 'if (isLeft || !(await decided()))', to: 'if (!(await decided()))', tests: ['test/client/signedOutElsewhere.test.ts'] },
  { name: 'what waits already in a tab that is signed out waits on', file: 'src/sync/knownRows.ts', from: '      isLeft = true\n      wake()\n', to: '      isLeft = true\n', tests: ['test/client/signedOutElsewhere.test.ts'] },
  { name: 'who hears of a sign-out looks at other rows as before', file: 'src/client/engine.ts', from: '        rows.leave()\n', to: '', tests: ['test/client/signedOutElsewhere.test.ts'] },
  { name: 'what was kept in memory takes the place of what was there', file: 'src/sync/mergeRemembered.ts', from: '    await hold(tx, rest.held)\n', to: '    await tx.held.put(rest.held)\n', tests: ['test/sync/mergeRemembered.test.ts'] },
  { name: 'late news bring back who has left', file: 'src/sync/applyConversations.ts', from: '  if (known && isEarlier(member, known)) return\n', to: '  if (known && !isEarlier(member, known) && !known) return\n', tests: ['test/sync/lateMembers.test.ts'] },
  { name: 'every reign of a tab has the same name', file: 'src/sync/leadership.ts', from: 'const holder = `${tab}/${mine}`', to: 'const holder = `${tab}/${mine - mine}`', tests: ['test/sync/leadership.test.ts'] },
  { name: 'a tab in memory hears of no sign-out', file: 'src/sync/session.ts', from: "shared || type === 'signedOut'", to: "shared || (type === 'signedOut' && false)", tests: ['test/client/leavingMemory.test.ts'] },
  { name: 'what was done and is torn in the outbox is forgotten', file: 'src/sync/requeueing.ts', from: "ACTIONS.includes(row['action']) &&", to: "!ACTIONS.includes(row['action']) &&", tests: ['test/sync/tornActions.test.ts'] },
  { name: 'a file that is gone is sent as nothing', file: 'src/sync/sending.ts', from: '    refuseLost(loaded.draft)\n', to: '    void refuseLost\n', tests: ['test/sync/lostContent.test.ts'] },
  { name: 'a tab that follows reads nothing of missing history', file: 'src/sync/tabs.ts', from: 'if (shown.has(id)) changes.gaps.set(id, await tx.gaps.list(id))', to: 'void id', tests: ['test/sync/followingTabs.test.ts'] },
  { name: 'a tab that follows has caught up as soon as another is online', file: 'src/sync/session.ts', from: '...(caughtUp && { caughtUp })', to: "...(connection.status === 'online' && { caughtUp: true })", tests: ['test/sync/followingTabs.test.ts'] },
  { name: 'a message that is taken back leaves its time in the list', file: 'src/sync/enqueue.ts', from: 'const isClaimed = lastActivityAt === row.time', to: 'const isClaimed = false', tests: ['test/sync/discardedSend.test.ts'] },
  { name: 'of two failures the one that is left is not seen', file: 'src/sync/queuedActions.ts', from: 'return left?.failed ?', to: 'return left?.failed && row.hidden ?', tests: ['test/sync/failedActions.test.ts'] },
  { name: 'what the back end has stays a failure', file: 'src/sync/applyEdits.ts', from: 'const known = await withoutConfirmed(tx, me, row, event, changes)', to: 'const known = row', tests: ['test/sync/failedActions.test.ts'] },
  { name: 'what failed of a hidden message waits for ever', file: 'src/sync/hiding.ts', from: 'await discardActions(tx, ctx, conversationId, row.localId, changes)', to: 'void discardActions', tests: ['test/sync/failedActions.test.ts'] },
  { name: 'a message is pruned to which something waits to be done', file: 'src/sync/pruning.ts', from: 'row.ids.some((id) => acted.has(id))', to: 'acted.size < 0', tests: ['test/sync/failedActions.test.ts'] },
  { name: 'a full disk has files uploaded again and again', file: 'src/sync/uploading.ts', from: 'unnoted.set(entry.localId, stored)', to: 'void stored', tests: ['test/sync/uploading.test.ts'] },
  { name: 'an own event without a local id is a message of its own', file: 'src/sync/sending.ts', from: 'const row = await withNameless(tx, echo, accepted, changes)', to: 'const row = echo', tests: ['test/sync/withoutLocalIds.test.ts'] },
  { name: 'what the wire tells hides reactions that wait', file: 'src/sync/applyMessages.ts', from: 'const changed = await withWaiting(tx, ctx.me, joined, existing)', to: 'const changed = joined', tests: ['test/sync/withoutLocalIds.test.ts'] },
  { name: 'a new conversation on a full disk ends the start', file: 'src/client/engine.ts', from: "cause.code === 'storage/full')) throw cause", to: "cause.code === 'storage/fuller')) throw cause", tests: ['test/client/ensuredLate.test.ts'] },
  { name: 'a conversation that is not taken during the start ends the start', file: 'src/client/engine.ts', from: 'cause.retryable) return void ports', to: 'cause.retryable) throw cause; void ports', tests: ['test/client/ensuredLate.test.ts'] },
  { name: 'what was deleted for me is last in the list again', file: 'src/sync/messageRows.ts', from: 'return b.hidden || (a !== null', to: 'return (a !== null', tests: ['test/sync/hiddenMessages.test.ts'] },
  { name: 'a conversation falls behind what was deleted for me', file: 'src/sync/enqueue.ts', from: 'rows.reduce((latest, { time }) => Math.max(latest, time), shown?.time ?? 0)', to: 'rows.length > 0 ? (shown?.time ?? 0) : 0', tests: ['test/sync/hiddenMessages.test.ts'] },
  { name: 'what is missing from a file is said with its end alone', file: 'src/sync/transfer.ts', from: 'isLast || (gap.before !== null && !ctx.transport.capabilities.dense)', to: 'isLast', tests: ['test/sync/importedGaps.test.ts'] },
  { name: 'a line of a file that cannot be read was no message', file: 'src/sync/transfer.ts', from: 'if (mayBeMessage(value)) others.skip()', to: 'void mayBeMessage', tests: ['test/sync/importedGaps.test.ts'] },
  { name: 'a damaged line of a file was no message', file: 'src/sync/transfer.ts', from: 'return value === null || (message', to: 'return (message', tests: ['test/sync/importedGaps.test.ts'] },
  { name: 'a file of somebody who joined later shows that nothing is missing before it', file: 'src/sync/transfer.ts', from: 'const isBelow = after === null ? !isMine', to: 'const isBelow = after === null ? false', tests: ['test/sync/importedGaps.test.ts'] },
  { name: 'nothing is missing before a file of somebody else where nothing was here', file: 'src/sync/transfer.ts', from: 'return isKnown ? [] : [', to: 'return isKnown || file ? [] : [', tests: ['test/sync/importedGaps.test.ts'] },
  { name: 'nothing is missing where the writer of a file was away', file: 'src/sync/leftOut.ts', from: 'absences = absencesOf(intervals)', to: 'absences = absencesOf(intervals.slice(1))', tests: ['test/sync/importedGaps.test.ts'] },
  { name: 'a page of history is whole as far as it has messages', file: 'src/sync/pageEnds.ts', from: 'const said = isPoint(contiguousTo) ? [', to: 'const said = places.length === 0 && isPoint(contiguousTo) ? [', tests: ['test/sync/pageEnds.test.ts'] },
  { name: 'an empty page is the end of history', file: 'src/sync/pageEnds.ts', from: 'if (contiguousTo === null) return null', to: 'if (contiguousTo === null || messages.length === 0) return null', tests: ['test/sync/pageEnds.test.ts'] },
  { name: 'a page of history that brings nobody further is asked for at once again', file: 'src/sync/gapFilling.ts', from: 'if (rest === gap) throw', to: 'if (rest !== gap && !rest) throw', tests: ['test/sync/pageEnds.test.ts'] },
  { name: 'where somebody else deleted something for themselves nothing is missing', file: 'src/sync/leftOut.ts', from: 'if (isOpen || wereAway', to: 'if (wereAway', tests: ['test/sync/importedGaps.test.ts'] },
  { name: 'what fails of a hidden message waits for ever', file: 'src/sync/failedActions.ts', from: 'if (!row || row.hidden) return changes', to: 'if (!row) return changes', tests: ['test/sync/failedActions.test.ts'] },
  { name: 'other tabs are not told that room was made', file: 'src/sync/pruning.ts', from: 'changes.gaps.set(conversationId, gaps)', to: 'void changes', tests: ['test/sync/followingTabs.test.ts'] },
  { name: 'starting once more ends the look for whose rows there are', file: 'src/client/lifecycle.ts', from: 'if (!session) stopRetry()', to: 'stopRetry()', tests: ['test/client/comingBack.test.ts'] },
]

export async function planted(part = '') {
  const started = performance.now()
  const bugs = BUGS.filter(({ name }) => new RegExp(part).test(name))
  process.stdout.write(`\n── ${bugs.length} planted bugs\n`)
  const copy = mkdtempSync(join(tmpdir(), 'readback-planted-'))
  let failed = 0
  try {
    for (const each of ['src', 'test', 'package.json', 'tsconfig.json', 'vite.config.ts']) cpSync(join(root, each), join(copy, each), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir')
    const clean = await test(copy, [...new Set(bugs.flatMap(({ tests }) => tests))])
    if (clean.code !== 0) {
      process.stdout.write(`FAILED without any bug:\n${clean.output.slice(-2_000)}\n`)
      return { name: 'planted bugs', passed: 0, failed: 1, skipped: [], seconds: (performance.now() - started) / 1000 }
    }
    for (const bug of bugs) {
      const caught = await plant(copy, bug)
      if (caught !== true) failed += 1
      process.stdout.write(`${caught === true ? 'caught ' : 'MISSED '} ${bug.name}${caught === true ? '' : `: ${caught}`}\n`)
    }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
  const seconds = (performance.now() - started) / 1000
  process.stdout.write(`── planted bugs: ${bugs.length - failed} caught, ${failed} missed (${seconds.toFixed(1)} s)\n`)
  return { name: 'planted bugs', passed: bugs.length - failed, failed, skipped: [], seconds }
}

/** @returns {Promise<true | string>} why it was not caught */
async function plant(copy, { file, from, to, tests }) {
  const path = join(copy, file)
  const sound = readFileSync(path, 'utf8')
  if (sound.split(from).length !== 2) return `its place is not in ${file} once; the source has moved on`
  writeFileSync(path, sound.replace(from, () => to))
  try {
    const { code, output } = await test(copy, tests)
    if (code === 0) return 'every test passed'
    // A copy that does not even run proves nothing about its tests.
    return /Transform failed|SyntaxError|is not defined/.test(output) ? `it does not run:\n${output.slice(-800)}` : true
  } finally {
    writeFileSync(path, sound)
  }
}

/** Those in a browser are of a project of their own. */
async function test(copy, tests) {
  const inBrowser = tests.filter((path) => path.startsWith('test/browser/'))
  const others = tests.filter((path) => !inBrowser.includes(path))
  let last = { code: 0, output: '' }
  if (others.length > 0) last = await run(copy, 'unit', others)
  return last.code === 0 && inBrowser.length > 0 ? run(copy, 'browser', inBrowser) : last
}

function run(copy, project, tests) {
  return new Promise((resolve) => {
    const env = { ...process.env, SCHEDULES, READBACK_CASES: '50' }
    const child = spawn(process.execPath, [join(copy, 'node_modules/vitest/vitest.mjs'), 'run', '--project', project, '--bail', '1', '--testTimeout', '300000', '--maxWorkers', '1', ...tests], { cwd: copy, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

// Alone: `node test/long/planted.mjs`.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { failed } = await planted(process.argv[2])
  process.exitCode = failed === 0 ? 0 : 1
}

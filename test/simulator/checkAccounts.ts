/**
 * [I26] Of one account nothing is read, shown or sent under another one of the same device; who signed out is signed out in all tabs; who left their rows there finds them,
 * and who had them deleted leaves nothing behind. That what was left is sent once and what was read is told, the other rules say.
 */
import { isPresent } from './accounts.js'
import type { Device } from './device.js'
import { CONVERSATIONS } from './schedule.js'
import { mayEnd } from './signOut.js'
import { nameOfDevice, readDisk, Violation, type Stored, type StoredPart } from './stored.js'
import type { Tab } from './tab.js'
import { PAIR_MEMBERS, type RunningWorld } from './world.js'

/** A tab that no news reached looks at its rows this often; with what it needs to look and to end. */
const HEARD_MS = 20_000
/** With a disk that fails or is slow several times in a row. */
const HEARD_TROUBLED_MS = 120_000

const isMember = (c: string, user: string) => c !== 'pair' || PAIR_MEMBERS.includes(user)

export function createAccountChecker(world: RunningWorld) {
  const versions = new Map<string, number>()
  /** Since when a tab runs without a rest though it was signed out, milliseconds of virtual time. */
  const unheard = new Map<Tab, number>()

  /** Whose client gave a message its local id; those that were there before anybody came are nobody's. */
  function deviceOf(localId: string): Device | undefined {
    const [, index] = /^d(\d+)-/.exec(localId) ?? []
    return index === undefined ? undefined : world.devices[Number(index)]
  }

  function requireAuthor(name: string, { from, localId }: { readonly from: string; readonly localId?: string | undefined }): void {
    const author = deviceOf(localId ?? '')?.user
    if (author !== undefined && author !== from) throw new Violation('I26', `${name}: ${localId} of ${author} is from ${from}`)
  }

  /** What stands in somebody's database is theirs, or was told to them. */
  function checkPart(device: Device, part: StoredPart): void {
    const { id, conversation, rows, echoes, outbox } = part
    const name = nameOfDevice(device, `of ${device.user} ${id}`)
    for (const row of [...rows, ...echoes]) requireAuthor(name, row)
    for (const { localId } of [...echoes, ...rows.filter(({ outgoing }) => outgoing !== undefined), ...outbox.flatMap((entry) => (entry.action === 'send' ? entry : []))]) {
      const author = deviceOf(localId)
      // What a server lost any device of its author may send again; what was there from the beginning was written on none of these.
      const wasLost = world.wasReset.has(id) && (author === undefined || author.user === device.user)
      if (author?.index !== device.index && !wasLost) throw new Violation('I26', `${name}: ${localId} waits to be sent, and was written elsewhere`)
    }
    if (conversation) checkConversation(name, device, conversation)
    if (isMember(id, device.user)) return
    const { id: _, conversation: _told, ...lists } = part
    const found = Object.entries(lists).find(([, list]) => (Array.isArray(list) ? list.length > 0 : list !== undefined))
    if (conversation || found) throw new Violation('I26', `${name}: a conversation of others is there: ${JSON.stringify(found ?? conversation)}`)
  }

  function checkConversation(name: string, device: Device, { draft, receipts }: { readonly draft?: string | undefined; readonly receipts?: string | null | undefined }): void {
    if (draft !== undefined && !draft.endsWith(` of ${device.user} on ${device.machine}`)) throw new Violation('I26', `${name}: the draft says "${draft}"`)
    if (typeof receipts === 'string' && !device.chosen.has(receipts)) throw new Violation('I26', `${name}: receipts are ${receipts}, which ${device.user} never asked for here`)
  }

  async function checkDisk(device: Device): Promise<void> {
    const key = `${device.index}.${device.generation}`
    if (versions.get(key) === device.disk.version()) return
    versions.set(key, device.disk.version())
    for (const part of await readDisk(device)) checkPart(device, part)
    const receipts = await device.disk.read((tx) => tx.meta.get('receipts'))
    if (receipts !== undefined && !device.chosen.has(receipts as string)) throw new Violation('I26', `device ${key}: the receipts of ${device.user} are ${JSON.stringify(receipts)}, which nobody asked for here`)
  }

  /** Of a tab that has signed out nothing is seen; in one that has not, only what is its user's. */
  function checkScreen(device: Device, tab: Tab): void {
    const { phase, conversations, hydrated, pendingCount } = tab.client.getState()
    const name = `device ${device.index}.${device.generation} tab ${tab.life} of ${device.user}`
    for (const conversation of conversations) {
      if (!isMember(conversation.id, device.user)) throw new Violation('I26', `${name} shows ${conversation.id}`)
      checkConversation(name, device, conversation)
    }
    for (const [id, { source }] of tab.shown) {
      const { messages } = source.getSnapshot()
      for (const message of messages) requireAuthor(`${name} ${id}`, message)
      if (messages.length > 0 && (phase === 'stopped' || !isMember(id, device.user))) throw new Violation('I26', `${name} is ${phase} and shows ${messages.length} messages of ${id}`)
    }
    if (phase !== 'stopped' || device.signOut === null) return
    if (conversations.length > 0 || hydrated || pendingCount > 0) throw new Violation('I26', `${name} has stopped and shows ${conversations.length} conversations, and ${pendingCount} that wait`)
    if (!mayEnd(device.signOut, tab) && tab.client.getState().storage.status === 'closed') throw new Violation('I26', `${name} has signed out, and nobody did so since it was opened`)
  }

  /** Signed out in one tab, signed out in all: those that ran then. */
  function checkHeard(device: Device): void {
    const { signOut } = device
    if (!signOut || signOut.doneAt === null || (!signOut.isSure && signOut.data === 'keep')) return
    const now = world.time.now()
    for (const tab of device.tabs) {
      if (!tab || !signOut.told.has(tab) || tab.client.getState().phase === 'stopped') continue
      // While rows wait to be deleted nobody can look at them.
      const since = tab.isFrozen() || device.disk.handles.isDeleting() ? now : Math.max(unheard.get(tab) ?? now, signOut.doneAt)
      unheard.set(tab, since)
      if (now - since > (tab.disk.wasTroubled() ? HEARD_TROUBLED_MS : HEARD_MS)) throw new Violation('I26', `device ${device.index}.${device.generation}: ${device.user} signed out at ${signOut.doneAt}, and tab ${tab.life} has not heard of it`)
    }
  }

  /** A wipe that was done leaves neither rows nor anything beside them, until somebody signs in again. */
  async function checkWiped(device: Device): Promise<void> {
    const { signOut, keepsakes, disk } = device
    if (device.isSignedIn || signOut?.data !== 'wipe' || signOut.doneAt === null) return
    // A wipe that a tab was in the way of stays noted for the next start: a random word that says which rows were meant.
    const kept = keepsakes?.names().filter((each) => each.split('/').includes(device.user) && !each.endsWith('/wipe')) ?? []
    if (kept.length > 0) throw new Violation('I26', `device ${device.index}: ${device.user} had everything deleted, and ${kept.join()} is left`)
    if (disk.handles.isDeleting()) return
    const left = await disk.read(async (tx) => [...(await tx.conversations.list()), ...(await tx.outbox.list()), ...(await tx.held.list()), ...(await tx.quarantine.list()), await tx.meta.get('receipts'), await tx.meta.get('cursor')].filter((row) => row !== undefined))
    const rows = (await readDisk(device)).flatMap((part) => [...part.rows, ...part.echoes, ...part.states, ...part.members, ...part.gaps, ...(part.own ? [part.own] : [])])
    if (left.length + rows.length > 0) throw new Violation('I26', `device ${device.index}: ${device.user} had everything deleted, and there is still ${JSON.stringify([...left, ...rows][0])}`)
  }

  /** What is on the server under a name, its owner wrote. */
  function checkLog(): void {
    for (const c of CONVERSATIONS) for (const message of world.hub.log(c)) requireAuthor(`the hub's ${c}`, message)
  }

  async function check(): Promise<void> {
    if (world.breaches.length > 0) throw new Violation('I26', world.breaches[0]!)
    checkLog()
    for (const device of world.devices) {
      await checkDisk(device)
      await checkWiped(device)
      for (const tab of device.tabs) if (tab && !tab.isFrozen()) checkScreen(device, tab)
      checkHeard(device)
    }
    world.leaveSignedOut()
  }

  /** Once trouble has stopped: who is there finds what they left unfinished. */
  async function checkSettled(): Promise<void> {
    await check()
    for (const device of world.devices) {
      if (!isPresent(device)) continue
      const parts: Stored = await readDisk(device)
      for (const { id, conversation } of parts) {
        if (device.drafts.get(id)?.isStored && !world.left.has(device.user) && conversation?.draft === undefined) throw new Violation('I26', `device ${device.index}.${device.generation}: the draft of ${device.user} in ${id} is lost`)
      }
    }
  }

  return { check, checkSettled }
}

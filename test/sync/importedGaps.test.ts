/** A file of a conversation says what is missing from it. Where that is lost, messages that nobody here ever had are counted as none, and told as read. */
import { expect, it, vi } from 'vitest'
import { at, LATER, POINT, readStored, SPARSE, start, text, type Scene } from './oneReader.js'

const file = (gaps: unknown, ...orders: readonly number[]) => {
  const rows = orders.map((order) => {
    const { id, ...row } = text(order)
    return { message: { ...row, ids: [id] } }
  })
  return [{ readback: 1, conversation: { id: 'c', kind: 'group' }, gaps }, ...rows].map((line) => `${JSON.stringify(line)}\n`).join('')
}

/** Whether or not it is on screen, below which something may be missing. */
async function arrive({ client, wire }: Scene, ...orders: readonly number[]): Promise<void> {
  for (const order of orders) wire.emit({ type: 'message', message: text(order) as never })
  await vi.waitFor(async () => expect(await client.getMessage('c', `m${orders.at(-1)!}`)).not.toBeNull())
}

const GAPS = [{ after: at(5), before: at(20) }]

it('[RS13] [RS18] what is missing from it is missing here: not counted exactly, and never told as read', async () => {
  const scene = await start(SPARSE)
  await scene.client.importConversation(file(GAPS, 5, 20))
  await scene.bring(LATER)
  expect(scene.client.getState().conversations[0]!.unread).toEqual({ count: 2, exact: false })
  await readStored(scene, 5)
  await readStored(scene, 20)
  expect([5, 10, 20].map((order) => scene.isTold(order))).toEqual([true, false, true])
  await expect(scene.client.importConversation(file([{ after: 5 }], 5))).rejects.toMatchObject({ code: 'client/invalidImport' })
})

it('[RS13] but not what is here, nor where the rows that were here knew better', async () => {
  const scene = await start(SPARSE)
  await scene.bring(text(4), text(5), text(6), text(20), text(21))
  await scene.client.importConversation(file([...GAPS, { after: null, before: at(5) }], 5, 20))
  expect(scene.client.getState().conversations[0]!.unread).toEqual({ count: 5, exact: true })
  // Beyond what was here.
  await scene.client.importConversation(file([{ after: at(20), before: at(30) }, { after: at(30), before: null }], 20, 30))
  expect(scene.client.getState().conversations[0]!.unread).toEqual({ count: 6, exact: false })
  const dense = await start({ dense: true })
  await dense.client.importConversation(file([{ after: at(5), before: at(6) }], 5, 6))
  expect(dense.client.getState().conversations[0]!.unread).toEqual({ count: 2, exact: true })
})

it('[RS45] [RS18] what is missing from a file that breaks off is missing here', async () => {
  const scene = await start({ ...SPARSE, inOrder: true })
  await importBroken(scene, file(GAPS, 5, 20, ...MANY))
  await readStored(scene, 5)
  await readStored(scene, 20)
  expect([5, 10, 20].map((order) => scene.isTold(order))).toEqual([true, false, true])
})

it.each(['cursor', 'queue', 'none'] as const)('[RS45] [RS18] also where nobody can be asked, and what lies behind it (catch-up by %s)', async (catchUp) => {
  const scene = await start({ ...SPARSE, inOrder: true, history: false, catchUp })
  await importBroken(scene, file(GAPS, 5, 20, ...MANY))
  await arrive(scene, 900)
  for (const order of [5, 20, 500, 900]) await readStored(scene, order)
  expect([5, 10, 20].map((order) => scene.isTold(order))).toEqual([true, false, true])
  expect(await scene.storage.read((tx) => tx.meta.get('neverCame c'))).toEqual({ missing: [...GAPS, ...(catchUp === 'cursor' ? [] : [{ after: at(597), before: at(900, 0, '') }])] })
  // One that has all of it.
  await scene.client.importConversation(file([], 5, 10, 20, ...MANY, 900))
  expect(await scene.storage.read((tx) => tx.meta.get('neverCame c'))).toEqual({ missing: [] })
})

it('[RS18] of a file that is stored in parts only what lies behind its end is missing', async () => {
  const scene = await start({ ...SPARSE, inOrder: true, history: false, catchUp: 'none' })
  await scene.client.importConversation(file(GAPS, 5, 20, ...MANY))
  expect(await scene.storage.read((tx) => tx.meta.get('neverCame c'))).toEqual({ missing: [...GAPS, { after: at(699), before: null }] })
})

it('[RS18] and so is what its writer deleted for themselves', async () => {
  const scene = await start({ ...SPARSE, inOrder: true })
  const lines = file([], 5, 10, 20, ...MANY).replace('"readback":1', '"readback":1,"by":"ada"').replace('"ids":["m10"]', '"ids":["m10"],"hidden":true')
  await importBroken(scene, lines)
  await readStored(scene, 5)
  await readStored(scene, 20)
  expect([5, 10, 20].map((order) => scene.isTold(order))).toEqual([true, false, true])
})

it.each([
  ['is no message to this version', (line: string) => line.replace('"text":"10"', '"text":7')],
  ['was damaged', (line: string) => line.slice(9)],
])('[RS18] a line that %s leaves a stretch that is missing', async (_title, damage) => {
  const scene = await start({ ...SPARSE, inOrder: true })
  const lines = file([], 5, 10, 20).split('\n')
  expect(await scene.client.importConversation([...lines.slice(0, 2), damage(lines[2]!), lines[3]!].join('\n'))).toMatchObject({ added: 2, skipped: 1 })
  await readStored(scene, 5)
  await readStored(scene, 20)
  expect([5, 10, 20].map((order) => scene.isTold(order))).toEqual([true, false, true])
})

it('[RS18] nor does such a file show that nothing is missing here', async () => {
  const scene = await start({ ...SPARSE, inOrder: true })
  scene.wire.emit({ type: 'gap', conversationId: 'c', after: at(5), before: at(20) })
  await arrive(scene, 5, 20)
  await scene.client.importConversation(file([], 5, 10, 20).replace('"text":"10"', '"text":7'))
  expect(await scene.storage.read((tx) => tx.gaps.list('c'))).toEqual([{ conversationId: 'c', after: at(5), before: at(20) }])
})

it('[RS18] and what a file broken off in a line had behind it is missing', async () => {
  const scene = await start({ ...SPARSE, inOrder: true })
  await scene.client.importConversation(file([], 5, 10, 20).slice(0, -20))
  await arrive(scene, 30)
  await readStored(scene, 10)
  await readStored(scene, 30)
  expect([10, 20, 30].map((order) => scene.isTold(order))).toEqual([true, false, true])
})

const intervals = (...times: readonly (readonly [number | null, number | null])[]) => times.map(([joinedAt, leftAt]) => ({ joinedAt: joinedAt && at(joinedAt, 0, ''), leftAt: leftAt && at(leftAt, 0, '') }))
/** Of somebody who was a member at these times. */
const ofBo = (lines: string, times: readonly object[]) => lines.replace('"readback":1', '"readback":1,"by":"bo"').replace('\n', `\n${JSON.stringify({ member: { userId: 'bo', role: 'member', intervals: times } })}\n`)
const ONE_POSITION = { ...SPARSE, inOrder: true, read: POINT, delivered: POINT }

it('[RS17] a file of somebody who joined later begins where their history does: what is missing here before it still is', async () => {
  const scene = await start(ONE_POSITION)
  scene.wire.emit({ type: 'gap', conversationId: 'c', after: null, before: at(50) })
  await arrive(scene, 50)
  await scene.client.importConversation(ofBo(file([], 30, 40, 50), intervals([30, null])))
  expect(await scene.storage.read((tx) => tx.gaps.list('c'))).toEqual([{ conversationId: 'c', after: null, before: at(30) }])
  for (const order of [30, 40, 50]) await readStored(scene, order)
  expect(scene.isTold(10)).toBe(false)
  // My own begins where mine does.
  await scene.client.importConversation(file([], 20, 30))
  expect(await scene.storage.read((tx) => tx.gaps.list('c'))).toEqual([])
})

it('[RS45] [RS18] what was said while its writer was away is missing from it', async () => {
  const scene = await start({ ...SPARSE, inOrder: true })
  await scene.client.importConversation(ofBo(file([], 5, 6, 20), intervals([null, 8], [15, null])))
  for (const order of [5, 6, 20]) await readStored(scene, order)
  expect([5, 10, 20].map((order) => scene.isTold(order))).toEqual([true, false, true])
  expect(await scene.storage.read((tx) => tx.gaps.list('c'))).toEqual([{ conversationId: 'c', after: at(6), before: at(20) }])
})

it.each([['where history can be asked for', true], ['where nobody can be asked', false]])('[RS17] where nothing was here, what is missing is all before a file of somebody else: %s', async (_title, history) => {
  const scene = await start({ ...ONE_POSITION, catchUp: 'none', history })
  await scene.client.importConversation(ofBo(file([], 30, 40), intervals([30, null])))
  for (const order of [30, 40]) await readStored(scene, order)
  expect(scene.isTold(10)).toBe(false)
})

it.each([['none', SPARSE], ['queue', SPARSE], ['cursor', SPARSE], ['cursor', { read: POINT, delivered: POINT }]] as const)('[RS45] [RS17] [RS18] so is what lies between what was here and a file of somebody else that begins behind it (catch-up by %s)', async (catchUp, caps) => {
  const scene = await start({ ...SPARSE, inOrder: true, history: true, catchUp, ...caps })
  await scene.bring(text(4), text(5))
  await scene.client.importConversation(ofBo(file([], 20, 21), intervals([20, null])))
  expect(await scene.storage.read((tx) => tx.gaps.list('c'))).toEqual([{ conversationId: 'c', after: at(5), before: at(20) }])
  for (const order of [4, 5, 20, 21]) await readStored(scene, order)
  expect([5, 10].map((order) => scene.isTold(order))).toEqual([true, false])
})

it.each(['ada', 'me'])('[RS18] what a message of mine has overtaken is not here because of a file of %s that begins before it', async (by) => {
  const answer = async ({ localId }: { localId: string }) => ({ localId, id: 'm12', at: at(12), time: LATER.time })
  const scene = await start({ ...SPARSE, inOrder: true, history: true, catchUp: 'none' }, { answer })
  await scene.bring(text(4), text(5))
  await scene.client.send('c', { body: { kind: 'text', text: 'faster' } })
  await vi.waitFor(async () => expect((await scene.client.getMessage('c', 'm12'))?.at).toEqual(at(12)))
  const gaps = by === 'me' ? [{ after: null, before: at(8) }] : []
  await scene.client.importConversation(file(gaps, 8, 9, 20).replace('"readback":1', `"readback":1,"by":"${by}"`))
  for (const order of [4, 5, 8, 9, 20]) await readStored(scene, order)
  expect([5, 6, 8].map((order) => scene.isTold(order))).toEqual([true, false, true])
})

/** More than is stored at once. */
const MANY = Array.from({ length: 600 }, (_, i) => 100 + i)

async function importBroken({ client }: Scene, lines: string): Promise<void> {
  async function* broken() {
    yield lines
    throw new Error('no network')
  }
  await expect(client.importConversation(broken())).rejects.toThrow('no network')
}

const lines = (...all: readonly unknown[]) => all.map((line) => `${JSON.stringify(line)}\n`).join('')
const reader = (memberId: string, upTo: object) => ({ memberId, delivered: { upTo, ranges: [] }, read: { upTo, ranges: [] }, viewed: { upTo: null, ranges: [] }, times: { delivered: [], read: [], viewed: [] } })
const mine = (order: number) => text(order, { from: 'me' })

it.each([['another', { readback: 1, conversation: { id: 'd', kind: 'group' }, gaps: [] }], ['a later version', { readback: 2, of: { id: 'c' } }]])('[RS28] of two files one behind the other, the second of %s, the second says nothing of who is in the first, and who read it', async (_what, header) => {
  const scene = await start(SPARSE)
  await scene.bring(mine(5))
  const more = lines(header, { member: { userId: 'cleo', role: 'member', intervals: [{ joinedAt: null, leftAt: null }] } }, { message: { ...text(9), conversationId: 'd', ids: ['m9'] } }, { readState: reader('bo', at(9)) })
  const result = await scene.client.importConversation(file([], 4, 6) + more)
  expect((await scene.client.getMembers('c')).map(({ userId }) => userId)).not.toContain('cleo')
  expect((await scene.client.statusRows('m5')).map(({ receiverId, status }) => [receiverId, status])).toEqual([['ada', 1], ['bo', 1]])
  expect(result).toMatchObject({ added: 2, skipped: 4 })
})

it.each([['behind', 20], ['before', 2]] as const)('[RS45] of two files of one conversation nobody knows what lies between the end of the first and what comes next, %s it', async (_where, next) => {
  const scene = await start({ ...SPARSE, inOrder: true })
  await scene.client.importConversation(file([], 4, 5, 6) + file([], next, next + 1))
  const gaps = await scene.storage.read((tx) => tx.gaps.list('c'))
  expect(gaps).toEqual([{ conversationId: 'c', after: next > 6 ? at(6) : null, before: at(next) }])
  expect((await scene.client.getMessage('c', `m${next}`))?.ids).toEqual([`m${next}`])
})

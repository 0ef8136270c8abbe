import { expect, it, vi } from 'vitest'
import { at, POINT, start, text } from './oneReader.js'

it.each([true, false])('[RS37] a position tells nothing more after reading in private, until the user confirms the past (numbers without holes: %s)', async (dense) => {
  const { client, wire, bring, read, isTold } = await start({ dense, read: POINT, delivered: POINT, ownDeviceReports: true })
  const told = (visibility: string) => wire.reports.filter((report) => report.visibility === visibility).map(({ kind, upTo, ranges }) => ({ kind, upTo, ranges }))
  await bring(text(1), text(2))
  await vi.waitFor(() => expect(told('published')).toContainEqual({ kind: 'delivered', upTo: at(2), ranges: [] }))
  await client.setReceipts('private', 'c')
  await read(1, 2)
  await client.setReceipts('public', 'c')
  const before = told('published')
  await bring(text(3), text(4, { time: 10 * text(4).time }))
  await read(3)
  await vi.waitFor(() => expect(told('ownDevices')).toContainEqual({ kind: 'read', upTo: at(3), ranges: [] }))
  expect(told('published')).toEqual(before)
  expect(isTold(1)).toBe(false)
  await client.publishEarlier('c')
  await vi.waitFor(() => expect(told('published')).toContainEqual({ kind: 'read', upTo: at(3), ranges: [] }))
  await vi.waitFor(() => expect(told('published')).toContainEqual({ kind: 'delivered', upTo: at(4), ranges: [] }))
})

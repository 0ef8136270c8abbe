// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react'
import { ChatProvider, ChatWindow, createChatClient, useMembers } from 'readback'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, expect, it, vi } from 'vitest'

/** jsdom has no layout, and the list needs one. */
vi.mock('../../src/components/SourceList.js', () => ({ SourceList: () => null }))

afterEach(cleanup)

/** The client's engine is loaded for the first time here, on a machine that may be busy. */
const PATIENCE = { timeout: 15_000 }
const TEAM = { id: 'team', kind: 'group', members: ['ada', 'bo', 'cleo'] } as const
const Roster = () => <output>{useMembers('team')?.map(({ userId, intervals }) => `${userId}${intervals.at(-1)?.leftAt === null ? '' : ' left'}`).toSorted().join(', ')}</output>

async function open(userId: string) {
  const hub = memoryHub()
  await hub.ensureConversation(TEAM)
  const client = createChatClient({ userId, transport: hub.transport(), storage: memoryStorage(), ports: { locks: null, openChannel: () => null } })
  render(<ChatProvider client={client}><ChatWindow conversationId="team" /><Roster /></ChatProvider>)
  await vi.waitFor(() => expect(screen.getByText('3 members')).toBeTruthy(), PATIENCE)
  return { hub }
}

it('the header and useMembers follow who leaves', async () => {
  const { hub } = await open('ada')
  await hub.removeMember('team', 'cleo')
  await vi.waitFor(() => expect(screen.getByText('2 members')).toBeTruthy(), PATIENCE)
  expect(screen.getByText('ada, bo, cleo left')).toBeTruthy()
  expect(screen.getByRole('textbox')).toBeTruthy()
})

it('who was removed is told so where the composer was', async () => {
  const { hub } = await open('cleo')
  expect(screen.getByRole('textbox')).toBeTruthy()
  await hub.removeMember('team', 'cleo')
  await vi.waitFor(() => expect(screen.getByText('You are no longer a member of this conversation.')).toBeTruthy(), PATIENCE)
  expect(screen.queryByRole('textbox')).toBeNull()
})

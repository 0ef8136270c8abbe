import type { Meta, StoryObj } from '@storybook/react-vite'
import { Avatar } from 'readback'
import type { CSSProperties } from 'react'
import { PEOPLE, PICTURE_URL } from '../fixtures/people.js'

const meta = { title: 'Components/Avatar', component: Avatar, args: { userId: 'ada', name: 'Ada Okafor' } } satisfies Meta<typeof Avatar>

export default meta
type Story = StoryObj<typeof meta>

const big = { '--rb-avatar-size': '56px', display: 'flex', gap: 12 } as CSSProperties

/** Everybody has a colour of their own, the same on every device. */
export const People: Story = {
  render: () => <div style={big}>{PEOPLE.map(({ userId, name }) => <Avatar key={userId} userId={userId} {...(name && { name })} />)}</div>,
}

/** The same on a dark ground. */
export const Dark: Story = { ...People, globals: { theme: 'dark' } }

/** With a picture. */
export const Picture: Story = { args: { src: PICTURE_URL }, render: (args) => <div style={big}><Avatar {...args} /></div> }

/** A picture that does not load, and a name without a letter. */
export const Fallbacks: Story = {
  render: () => (
    <div style={big}>
      <Avatar userId="ada" name="Ada Okafor" src="data:image/png;base64,broken" />
      <Avatar userId="x" name="…" />
    </div>
  ),
}

import type { Meta, StoryObj } from '@storybook/react-vite'
import { YourOwnServer as Scene } from './YourOwnServer'

const meta = {
  title: 'Scenarios/Your own server',
  component: Scene,
  parameters: { layout: 'fullscreen' },
} satisfies Meta<typeof Scene>

export default meta
type Story = StoryObj<typeof meta>

/** Start `npm run server`, open this story in two browsers, and give them two names: they write to each other, and each is told what the other read. */
export const YourOwnServer: Story = {}

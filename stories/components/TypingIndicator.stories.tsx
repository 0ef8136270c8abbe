import type { Meta, StoryObj } from '@storybook/react-vite'
import { TypingIndicator } from 'readback'

const meta = {
  title: 'Components/TypingIndicator',
  component: TypingIndicator,
  args: { names: ['Ada'] },
  decorators: [(Story) => <div style={{ inlineSize: 320 }}><Story /></div>],
} satisfies Meta<typeof TypingIndicator>

export default meta
type Story = StoryObj<typeof meta>

/** One person. */
export const One: Story = {}

/** 对方正在输入… */
export const Chinese: Story = { args: { names: ['陈美玲'] }, globals: { locale: 'zh-CN' } }

/** Two of a group. */
export const Two: Story = { args: { names: ['Ada Okafor', 'نور الشامي'], conversationKind: 'group' } }

/** Many: nobody reads ten names. */
export const Many: Story = { args: { names: ['Ada', 'Bo', '陈美玲', 'Layla'], conversationKind: 'group' } }

/** Nobody: the line keeps its height. */
export const Nobody: Story = { args: { names: [] } }

import type { Preview } from '@storybook/react-vite'
import 'readback/styles.css'

const preview: Preview = {
  parameters: {
    a11y: { test: 'error' },
    layout: 'centered',
    options: { storySort: { order: ['Scenarios', ['Two people', 'A busy group'], 'Components', 'Hooks', 'Docs'] } },
  },
}

export default preview

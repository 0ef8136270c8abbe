import { addons } from 'storybook/manager-api'
import { create } from 'storybook/theming'

addons.setConfig({
  theme: create({ base: 'light', brandTitle: 'Readback', brandUrl: './' }),
  // A scenario is to be looked at, and takes the whole height; the panel is one key (A) away.
  layoutCustomisations: {
    showPanel: (state: { storyId?: string }, defaultValue: boolean) => (state.storyId?.startsWith('scenarios-') ? false : defaultValue),
  },
})

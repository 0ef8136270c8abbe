import type { Decorator, Preview } from '@storybook/react-vite'
import { ChatProvider, type Theme } from 'readback'
import { en } from 'readback/locales/en'
import { zhCN } from 'readback/locales/zh-CN'
import 'readback/styles.css'
import { useLayoutEffect } from 'react'
import { configure } from 'storybook/test'
import { ar } from '../src/locales/ar.js'
import { pseudoLocale } from '../src/locales/pseudo.js'
import { profileOf } from '../stories/fixtures/people.js'

// Stories are tests, too: what they wait for may come late on a busy machine.
configure({ asyncUtilTimeout: 15_000 })

const LOCALES = { en, 'zh-CN': zhCN, ar, pseudo: pseudoLocale(en) }

/** Parts stand in a provider without a client: theme, direction, language and names, as the toolbar says. */
const withProvider: Decorator = (Story, { globals, parameters }) => {
  const { theme, dir, locale, density } = globals as { theme: Theme; dir: 'auto' | 'ltr' | 'rtl'; locale: keyof typeof LOCALES; density: 'comfortable' | 'compact' }
  const fills = parameters['layout'] === 'fullscreen'
  return (
    <ChatProvider
      theme={theme}
      locale={LOCALES[locale]}
      density={density}
      profiles={profileOf}
      {...(dir === 'auto' ? {} : { dir })}
      style={{ boxSizing: 'border-box', padding: fills ? 0 : 'clamp(0px, 4vw, 24px)', blockSize: fills ? '100vh' : 'auto', background: 'var(--rb-background)' }}
    >
      <Ground theme={theme} />
      <Story />
    </ChatProvider>
  )
}

/** The page around a part is of its ground, too. */
function Ground({ theme }: { theme: Theme }) {
  useLayoutEffect(() => {
    document.documentElement.style.colorScheme = theme === 'system' ? 'light dark' : theme
    document.body.style.background = 'var(--rb-background)'
  }, [theme])
  return null
}

/** Tests draw every story in other looks as well: `READBACK_GLOBALS='{"theme":"dark"}'`. A story's own globals go first. */
const { READBACK_GLOBALS = '{}', READBACK_LOOK } = import.meta.env as Record<string, string | undefined>
const asked = JSON.parse(READBACK_GLOBALS) as object
/** With the colours of the system, what is read from styles is not what is painted. */
const unpainted = READBACK_LOOK === 'forced' ? { config: { rules: [{ id: 'color-contrast', enabled: false }] } } : {}

const toolbar = (title: string, icon: string, items: readonly string[]) => ({ toolbar: { title, icon, items: [...items], dynamicTitle: true } })

const preview: Preview = {
  decorators: [withProvider],
  globalTypes: {
    theme: toolbar('Theme', 'contrast', ['light', 'dark', 'system']),
    dir: toolbar('Direction', 'transfer', ['auto', 'ltr', 'rtl']),
    locale: toolbar('Language', 'globe', ['en', 'zh-CN', 'ar', 'pseudo']),
    density: toolbar('Density', 'component', ['comfortable', 'compact']),
  },
  initialGlobals: { theme: 'light', dir: 'auto', locale: 'en', density: 'comfortable', ...asked },
  parameters: {
    a11y: { test: 'error', ...unpainted },
    layout: 'centered',
    options: { storySort: { order: ['Scenarios', ['Two people', 'A busy group'], 'Components', 'Hooks', 'Docs'] } },
  },
}

export default preview

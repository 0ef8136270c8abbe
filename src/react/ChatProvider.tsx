'use client'
import { forwardRef, useContext, useMemo, type HTMLAttributes, type ReactNode } from 'react'
import type { ChatClient } from '../client/chatClient.js'
import type { Locale } from '../locales/locale.js'
import type { TextFormat } from '../model/richText.js'
import { Announcer } from './Announcer.js'
import { ClientContext, useOptionalClient } from './clientContext.js'
import { LocaleContext, useLocale } from './localeContext.js'
import { PartsContext, useParts, type ChatComponents } from './parts.js'
import { LOOK_ICONS } from './receiptLooks.js'
import { ReceiptContext, useReceiptPresentation, type ReceiptIcons } from './receiptContext.js'
import { TextFormatContext } from './textFormatContext.js'
import { AppearanceContext, useTheme, type Density, type Theme } from './themeContext.js'
import { useClientLifetime } from './useClientLifetime.js'
import { PreferencesContext } from './preferences.js'
import { usePreferencesHold, type PreferencesProps } from './usePreferencesHold.js'
import { ProfileContext, type ProfileLookup } from './useProfile.js'

/** @public */
export interface ChatProviderProps extends Omit<HTMLAttributes<HTMLDivElement>, 'dir'>, PreferencesProps {
  /** Started while mounted, stopped after. Leave it out over an app's own data; an outer provider's client is then kept. */
  readonly client?: ChatClient
  /** Default: an outer provider's, else `system`: as the device is set. */
  readonly theme?: Theme
  /** Default: an outer provider's, else English. `import { zhCN } from 'readback/locales/zh-CN'`. */
  readonly locale?: Locale
  /** Default: the locale's own. */
  readonly dir?: 'ltr' | 'rtl'
  /** Default: an outer provider's, else `comfortable`. */
  readonly density?: Density
  /** How the words of messages are formatted: `plain`, `code` (between backticks), or `marks` (also bold, italic, struck out). Default: an outer provider's, else `code`. */
  readonly textFormat?: TextFormat
  /** Receipt icons to replace. */
  readonly icons?: ReceiptIcons
  /** Parts to replace. */
  readonly components?: ChatComponents
  /** Names and pictures where there is no client, or to overrule its directory. Keep it stable between renders. */
  readonly profiles?: ProfileLookup
  /** Where parts that float over the page are put. Default: inside the provider's own element. */
  readonly portalContainer?: HTMLElement | null
  readonly children?: ReactNode
}

/**
 * Gives its parts a client, a theme, a language and replacements, and runs the client while it is mounted.
 * Providers may stand within each other: what the inner one leaves out, it takes over.
 *
 * Renders one `div.rb-root`. It is a plain block as high as what it stands in (`block-size: 100%`, which is `auto` where the
 * parent has no height), so that `<ChatWindow>` can fill a box; it bears `dir`, `lang`, `data-rb-theme`, `data-density` and `data-rb-look`.
 * @public
 */
export const ChatProvider = forwardRef<HTMLDivElement, ChatProviderProps>(function ChatProvider(props, ref) {
  const outer = useTheme()
  const outerLocale = useLocale()
  const { client, theme = outer.theme, locale = outerLocale, dir = props.locale?.dir ?? outer.dir, density = outer.density, portalContainer = outer.portalContainer, textFormat, icons, components, profiles, preferences, defaultPreferences, onPreferencesChange, className, children, ...rest } = props
  const outerClient = useOptionalClient()
  const outerProfiles = useContext(ProfileContext)
  const outerFormat = useContext(TextFormatContext)
  const outerReceipts = useReceiptPresentation()
  const parts = useParts(components)
  const chosen = usePreferencesHold({ ...(preferences && { preferences }), ...(defaultPreferences && { defaultPreferences }), ...(onPreferencesChange && { onPreferencesChange }) })
  const look = chosen.preferences.look ?? 'icons'
  const held = client ?? outerClient
  useClientLifetime(client ?? null)
  const appearance = useMemo(() => ({ theme, density, dir, portalContainer }), [theme, density, dir, portalContainer])
  const receipts = useMemo(
    () => {
      const appIcons = { ...outerReceipts.appIcons, ...icons }
      return { labels: locale.messages.receipts, badge: locale.messages.badge, icons: LOOK_ICONS[look] ?? appIcons, appIcons }
    },
    [locale, icons, outerReceipts.appIcons, look],
  )
  return (
    <ClientContext.Provider value={held}>
      <LocaleContext.Provider value={locale}>
        <ReceiptContext.Provider value={receipts}>
          <PartsContext.Provider value={parts}>
            <AppearanceContext.Provider value={appearance}>
              <ProfileContext.Provider value={profiles ?? outerProfiles}>
              <TextFormatContext.Provider value={textFormat ?? outerFormat}>
                <PreferencesContext.Provider value={chosen}>
                <div ref={ref} {...rest} className={className === undefined ? 'rb-root' : `rb-root ${className}`} data-rb-theme={theme} data-density={density} data-rb-look={look} dir={dir} lang={locale.tag}>
                  <Announcer>{children}</Announcer>
                </div>
                </PreferencesContext.Provider>
              </TextFormatContext.Provider>
              </ProfileContext.Provider>
            </AppearanceContext.Provider>
          </PartsContext.Provider>
        </ReceiptContext.Provider>
      </LocaleContext.Provider>
    </ClientContext.Provider>
  )
})

'use client'
import { forwardRef } from 'react'
import type { Locale } from '../locales/locale.js'
import { useLocale } from '../react/localeContext.js'
import type { PartProps } from '../react/parts.js'
import type { ConnectionState } from '../transport/index.js'
import { Banner } from './Banner.js'

/** @public */
export interface ConnectionBannerProps extends PartProps {
  readonly connection: ConnectionState
}

/** Says that the connection is down and what becomes of what is written meanwhile. Quiet while online, and during a first attempt to connect. @public */
export const ConnectionBanner = forwardRef<HTMLDivElement, ConnectionBannerProps>(function ConnectionBanner({ connection, className, ...rest }, ref) {
  const { messages } = useLocale()
  return <Banner ref={ref} {...rest} className={className} kind={isRefused(connection) ? 'warning' : 'info'} text={wordsFor(connection, messages)} />
})

function isRefused(connection: ConnectionState): boolean {
  return connection.status !== 'online' && (connection.reason === 'unauthorized' || connection.reason === 'insecureAddress')
}

function wordsFor(connection: ConnectionState, messages: Locale['messages']): string | null {
  if (connection.status === 'online') return null
  if (connection.reason === 'unauthorized' || connection.reason === 'insecureAddress') return messages.connectionTrouble[connection.reason]
  // Nothing is wrong yet; after an attempt that failed something is, and stays so during the next: else it would be said anew at each.
  if (connection.reason === 'starting' || (connection.status === 'connecting' && connection.attempt < 2)) return null
  return messages.connectionTrouble.offline
}

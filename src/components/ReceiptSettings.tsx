'use client'
import { forwardRef, useId, useState, type HTMLAttributes, type ReactNode } from 'react'
import type { ChatClient } from '../client/chatClient.js'
import type { ReceiptLook } from '../locales/catalogue.js'
import type { ConversationId, ReceiptVisibility } from '../model/index.js'
import { useClient } from '../react/clientContext.js'
import { useLocale } from '../react/localeContext.js'
import { useReceiptPreferences } from '../react/preferences.js'
import { useClientState } from '../react/useClientState.js'
import { useConversation } from '../react/useConversation.js'
import { classNames, flag } from './classNames.js'
import { LookSample } from './LookSample.js'

/** @public */
export interface ReceiptSettingsProps extends Omit<HTMLAttributes<HTMLDivElement>, 'children' | 'onError'> {
  /** Sets it for this conversation alone. Default: for all that have no setting of their own, with look and dwell. */
  readonly conversationId?: ConversationId
  /** A setting could not be stored. Default: nothing; the part says it. */
  readonly onError?: (error: unknown) => void
}

const VISIBILITIES: readonly ReceiptVisibility[] = ['public', 'private', 'off']
const LOOKS: readonly ReceiptLook[] = ['icons', 'shapes', 'text']
/** Times to choose from, milliseconds. */
const DWELLS_MS: readonly number[] = [500, 800, 1500]

/**
 * Who is told what I read (everybody, only my devices, nobody), how receipts look, and how long a message must be in view to count as read.
 * The first is kept by the client, the others by the nearest `<ChatProvider>`; see its `onPreferencesChange`.
 * @throws ChatError `part/outside` without a provider
 * @public
 */
export const ReceiptSettings = forwardRef<HTMLDivElement, ReceiptSettingsProps>(function ReceiptSettings({ conversationId, onError, className, ...rest }, ref) {
  return (
    <div ref={ref} {...rest} className={classNames('rb-settings', className)}>
      {conversationId === undefined ? <UserVisibility onError={onError} /> : <ConversationVisibility key={conversationId} conversationId={conversationId} onError={onError} />}
      {conversationId === undefined && <Look />}
      {conversationId === undefined && <Dwell />}
    </div>
  )
})

type OnError = ((error: unknown) => void) | undefined

function UserVisibility({ onError }: { onError: OnError }) {
  const { messages } = useLocale()
  const stored = useClientState((state) => state.receipts, '<ReceiptSettings>')
  const options = VISIBILITIES.map((value) => ({ value, name: messages.visibilityNames[value], hint: messages.visibilityHints[value] }))
  return <Visibility options={options} stored={stored} onError={onError} />
}

const FOLLOW = 'follow'

function ConversationVisibility({ conversationId, onError }: { conversationId: ConversationId; onError: OnError }) {
  const { messages } = useLocale()
  const own = useConversation(conversationId)?.receipts
  const all = useClientState((state) => state.receipts, '<ReceiptSettings>')
  const options = [
    { value: FOLLOW, name: messages.visibilityFollow, hint: messages.visibilityFollowHint(messages.visibilityNames[all]) },
    ...VISIBILITIES.map((value) => ({ value, name: messages.visibilityNames[value], hint: messages.visibilityHints[value] })),
  ] as const
  return <Visibility options={options} stored={own ?? FOLLOW} conversationId={conversationId} onError={onError} />
}

interface VisibilityProps<V extends string> {
  readonly options: readonly Option<V>[]
  readonly stored: V
  readonly conversationId?: ConversationId
  readonly onError: OnError
}

/** What was chosen last, of whose settings. */
interface Choice<V> {
  readonly of: ChatClient
  /** Null once it is stored, or could not be. */
  readonly waiting: V | null
  readonly failed: boolean
}

function Visibility<V extends string>({ options, stored, conversationId, onError }: VisibilityProps<V>) {
  const client = useClient('<ReceiptSettings>')
  const { messages } = useLocale()
  const [last, setLast] = useState<Choice<V> | null>(null)
  const { waiting, failed } = last?.of === client ? last : NO_CHOICE
  const shown = waiting ?? stored
  const choose = (value: V) => {
    const choice: Choice<V> = { of: client, waiting: value, failed: false }
    setLast(choice)
    // What was chosen after it waits still, and says for itself whether it was stored.
    const settle = (isFailed: boolean) => setLast((now) => (now === choice ? { of: client, waiting: null, failed: isFailed } : now))
    client.setReceipts(value === FOLLOW ? null : (value as string as ReceiptVisibility), conversationId).then(
      () => settle(false),
      (error: unknown) => {
        settle(true)
        onError?.(error)
      },
    )
  }
  const notSynced = client.capabilities.ownDeviceReports === false && shown !== 'public' && shown !== FOLLOW
  return (
    <Choices title={messages.visibilityTitle} options={options} value={shown} onChoose={choose}>
      {notSynced && <p className="rb-settings-note">{messages.visibilityNotSynced}</p>}
      <p role="status" className="rb-settings-note" data-kind="error">{failed && messages.visibilityFailed}</p>
    </Choices>
  )
}

const NO_CHOICE = { waiting: null, failed: false } as const

function Look() {
  const { messages } = useLocale()
  const [{ look = 'icons' }, change] = useReceiptPreferences()
  const options = LOOKS.map((value) => ({ value, name: messages.lookNames[value], sample: <LookSample look={value} /> }))
  return change === null ? null : <Choices title={messages.lookTitle} options={options} value={look} onChoose={(next) => change({ look: next })} />
}

function Dwell() {
  const { messages, formatters } = useLocale()
  const client = useClient('<ReceiptSettings>')
  const [{ dwellMs = client.policy.dwellMs }, change] = useReceiptPreferences()
  const times = [...new Set([...DWELLS_MS, dwellMs])].sort((a, b) => a - b)
  const options = times.map((ms) => ({ value: String(ms), name: formatters.seconds(ms) }))
  if (change === null) return null
  return (
    <Choices title={messages.dwellTitle} options={options} value={String(dwellMs)} onChoose={(next) => change({ dwellMs: Number(next) })}>
      <p className="rb-settings-note">{messages.dwellHint}</p>
    </Choices>
  )
}

interface Option<V extends string> {
  readonly value: V
  readonly name: string
  readonly hint?: string
  readonly sample?: ReactNode
}

interface ChoicesProps<V extends string> {
  readonly title: string
  readonly options: readonly Option<V>[]
  readonly value: V
  readonly onChoose: (value: V) => void
  readonly children?: ReactNode
}

/** Radio buttons as cards: side by side, or beneath each other where they explain themselves. */
function Choices<V extends string>({ title, options, value, onChoose, children }: ChoicesProps<V>) {
  const group = useId()
  const explained = options.some(({ hint }) => hint !== undefined)
  return (
    <fieldset className="rb-choices" data-explained={flag(explained)}>
      <legend className="rb-choices-title">{title}</legend>
      <div className="rb-choices-list">
        {options.map((option) => (
          <label key={option.value} className="rb-choice">
            <input type="radio" className="rb-choice-input" name={group} checked={option.value === value} onChange={() => onChoose(option.value)} />
            <span className="rb-choice-words">
              <span className="rb-choice-name">{option.name}</span>
              {option.hint !== undefined && <span className="rb-choice-hint">{option.hint}</span>}
              {option.sample}
            </span>
          </label>
        ))}
      </div>
      {children}
    </fieldset>
  )
}

'use client'
import { forwardRef, memo, useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState, useSyncExternalStore, type HTMLAttributes, type ReactNode, type Ref } from 'react'
import type { OutgoingMessage } from '../client/chatClient.js'
import type { ConversationId, Message, MessageId, MessageSource, SourceAnchor, UserId } from '../model/index.js'
import { useClient } from '../react/clientContext.js'
import { useLocale } from '../react/localeContext.js'
import { nameOf, PartsContext, useParts, type ChatComponents, type ComposerMode, type MessageRowProps } from '../react/parts.js'
import { useReceiptPreferences } from '../react/preferences.js'
import { ReceiptContext, useReceiptPresentation, type ReceiptIcons } from '../react/receiptContext.js'
import { useClientState } from '../react/useClientState.js'
import { useConversationFace } from '../react/useConversationFace.js'
import { useConversationFacts } from '../react/useConversationFacts.js'
import { useProfiles } from '../react/useProfile.js'
import { useTyping } from '../react/useTyping.js'
import { classNames } from './classNames.js'
import { ConnectionBanner } from './ConnectionBanner.js'
import { EmptyState } from './EmptyState.js'
import { besideEngine } from './lazyBesideEngine.js'
import { laterParts, LazyReadOnEntry } from './lazyParts.js'
import { RowPartsContext } from './rowPartsContext.js'
import { SourceList, type MessageListHandle } from './SourceList.js'
import { StorageBanner } from './StorageBanner.js'
import { TypingIndicator } from './TypingIndicator.js'
import { useAnnouncements } from './useAnnouncements.js'
import { useLazyModule } from './useLazyModule.js'
import { useMessageActions } from './useMessageActions.js'
import { WindowComposer } from './WindowComposer.js'
import { WindowDialogs, type WindowDialogsHandle } from './WindowDialogs.js'
import { WindowHeader } from './WindowHeader.js'

/** @public */
export interface ChatWindowProps extends Omit<HTMLAttributes<HTMLElement>, 'children' | 'onError'>, Pick<MessageRowProps, 'onLinkClick' | 'onOpenAttachment'> {
  readonly conversationId: ConversationId
  /** Text of the composer, controlled; the app then keeps it. Uncontrolled twin: `defaultDraft`; that one is kept in storage. */
  readonly draft?: string
  /** Default: what was stored, else ''. */
  readonly defaultDraft?: string
  readonly onDraftChange?: (draft: string) => void
  /** Looks at what is about to be sent: returns it, changed or not, or null to leave it in the composer. */
  readonly onBeforeSend?: (draft: OutgoingMessage) => OutgoingMessage | null | Promise<OutgoingMessage | null>
  /** Where the list opens. Default `firstUnread`. */
  readonly initialPosition?: SourceAnchor
  /** Emoji that the menu of a message offers; default `DEFAULT_QUICK_REACTIONS`. Keep it stable between renders. */
  readonly quickReactions?: readonly string[]
  /** "Message info" was chosen, or the badge pressed. Default: `<MessageInfo>` opens over the window. */
  readonly onMessageInfo?: (message: Message) => void
  /** Offers to remind those who have not read a message of mine; given all of them. Default: not offered. */
  readonly onRemind?: (userIds: readonly UserId[], message: Message) => void
  /** Something asked for here could not be done. Default: nothing; the state shows it. */
  readonly onError?: (error: unknown) => void
  /** Parts to replace in this window. */
  readonly components?: ChatComponents
  /** Receipt icons to replace in this window. */
  readonly icons?: ReceiptIcons
}

/** @public */
export interface ChatWindowHandle {
  /** Brings a message into view; resolves to whether there is one. */
  scrollTo(id: MessageId): Promise<boolean>
  /** Brings the first message at or after a time (epoch milliseconds) below the top; for a day, give its beginning. Resolves to whether there is one. */
  scrollToDate(time: number): Promise<boolean>
  scrollToNewest(): Promise<boolean>
  focusComposer(): void
  /** Opens who read a message, where the list holds it now; says whether it does. */
  showInfo(id: MessageId): boolean
  /** Opens who is told what I read in this conversation. */
  showReceiptSettings(): void
}

/**
 * One conversation, whole: header, messages, who is typing, composer. Fills its container; where that has no height, it takes its own. Adapts from 280 px.
 * @throws ChatError `part/outside` without a provider
 * @public
 */
export const ChatWindow = forwardRef<ChatWindowHandle, ChatWindowProps>(function ChatWindow({ components, icons, ...props }, ref) {
  const { userId } = useClient('<ChatWindow>')
  const parts = useParts(components)
  const outer = useReceiptPresentation()
  const receipts = useMemo(() => {
    const appIcons = { ...outer.appIcons, ...icons }
    // A look that the user chose goes before the app's icons, here as around.
    return { ...outer, appIcons, icons: outer.icons === outer.appIcons ? appIcons : outer.icons }
  }, [outer, icons])
  return (
    <PartsContext.Provider value={parts}>
      <ReceiptContext.Provider value={receipts}>
        <OpenConversation key={`${userId}\n${props.conversationId}`} {...props} handle={ref} />
      </ReceiptContext.Provider>
    </PartsContext.Provider>
  )
})

type OpenConversationProps = Omit<ChatWindowProps, 'components' | 'icons'> & { readonly handle: Ref<ChatWindowHandle> }

function OpenConversation(props: OpenConversationProps) {
  const { conversationId, draft, defaultDraft, onDraftChange, onBeforeSend, initialPosition, onLinkClick, onOpenAttachment, quickReactions, onMessageInfo, onRemind, onError = ignore, handle, className, ...rest } = props
  const client = useClient('<ChatWindow>')
  const { messages: words } = useLocale()
  const parts = useParts()
  const conversation = useConversationFacts(conversationId)
  const face = useConversationFace(conversationId, conversation)
  const connection = useClientState((state) => state.connection)
  const storage = useClientState((state) => state.storage)
  const source = useMemo(() => client.messages(conversationId), [client, conversationId])
  const readStates = useMemo(() => client.readStates(conversationId), [client, conversationId])
  // Until the back end has told, it may only be new to this device.
  const told = useClientState(({ caughtUp, connection: { status } }) => caughtUp || status === 'offline')
  const unknown = useIsUnknown(source)
  useAnnouncements(client, conversationId, conversation?.kind ?? 'direct', source, readStates)
  const [{ dwellMs }] = useReceiptPreferences()
  const policy = useMemo(() => (dwellMs === undefined ? client.policy : { ...client.policy, dwellMs }), [client, dwellMs])
  const list = useRef<MessageListHandle>(null)
  const input = useRef<HTMLTextAreaElement>(null)
  const section = useRef<HTMLElement>(null)
  const dialogs = useRef<WindowDialogsHandle>(null)
  const failed = useRef(onError)
  failed.current = onError
  const report = useCallback((error: unknown) => failed.current(error), [])

  useImperativeHandle(handle, () => ({
    scrollTo: (id) => list.current?.scrollTo(id) ?? Promise.resolve(false),
    scrollToDate: (time) => list.current?.scrollToDate(time) ?? Promise.resolve(false),
    scrollToNewest: () => list.current?.scrollToNewest() ?? Promise.resolve(false),
    focusComposer: () => input.current?.focus(),
    showInfo(id) {
      const message = source.getSnapshot().messages.find(({ ids }) => ids.includes(id))
      if (message !== undefined) dialogs.current?.showInfo(message)
      return message !== undefined
    },
    showReceiptSettings: () => dialogs.current?.showReceiptSettings(),
  }), [source])
  const onRead = useCallback(async (read: readonly Message[]) => {
    try {
      await client.markRead(read)
    } catch (error) {
      report(error)
      // The list is told as well: what storage did not take is read again.
      throw error
    }
  }, [client, report])
  const onView = useCallback((message: Message) => void client.markRead([message], 'viewed').catch(report), [client, report])
  const onRetry = useCallback((message: Message) => void client.retry(conversationId, message.localId).catch(report), [client, conversationId, report])
  const [mode, setMode] = useState<ComposerMode | null>(null)
  const actions = useMessageActions(client, conversationId, {
    onReply: (message) => setMode({ kind: 'reply', message }),
    onEdit: (message) => setMode({ kind: 'edit', message }),
    onInfo: (message) => (onMessageInfo === undefined ? dialogs.current?.showInfo(message) : onMessageInfo(message)),
    onError: report,
    quickReactions,
    leads: face.leads,
  })
  const editLast = () => {
    const last = client.capabilities.edit ? source.getSnapshot().messages.findLast((each) => isEditable(each, client.userId)) : undefined
    if (last !== undefined) setMode({ kind: 'edit', message: last })
  }
  useEffect(() => client.ports.clock.setTimer(() => void laterParts.preload(), PRELOAD_AFTER_MS), [client])
  const EmptyPart = parts.EmptyState ?? EmptyState
  return (
    <section ref={section} {...rest} className={classNames('rb-window', className)} aria-label={rest['aria-label'] ?? face.title}>
      <WindowHeader conversationId={conversationId} conversation={conversation} face={face} onReceipts={() => dialogs.current?.showReceiptSettings()} />
      <ConnectionBanner connection={connection} />
      <StorageBanner storage={storage} />
      {unknown && !told ? (
        <div className="rb-list" aria-busy="true">
          <div className="rb-list-loading" data-side="initial" aria-hidden="true" />
        </div>
      ) : unknown ? (
        <EmptyPart title={words.unknownConversationTitle} hint={words.unknownConversationHint(conversationId)} />
      ) : (
        <BesideEngine>
          <List
            ref={list}
            source={source}
            readStates={readStates}
            userId={client.userId}
            conversationKind={conversation?.kind ?? 'direct'}
            policy={policy}
            clock={client.ports.clock}
            visibility={client.ports.visibility}
            onRead={onRead}
            onView={onView}
            onRetry={onRetry}
            onError={report}
            actions={actions}
            {...(initialPosition === undefined ? {} : { initialPosition })}
            {...(onLinkClick === undefined ? {} : { onLinkClick })}
            {...(onOpenAttachment === undefined ? {} : { onOpenAttachment })}
          />
        </BesideEngine>
      )}
      {conversation !== null && !unknown && (client.policy.onOpen[conversation.kind] === 'all' || conversation.manualUnread.on) && <LazyReadOnEntry client={client} conversationId={conversationId} within={section} onError={report} />}
      <WindowDialogs ref={dialogs} conversationId={conversationId} readStates={readStates} onRemind={onRemind} onError={report} />
      <Typing conversationId={conversationId} kind={conversation?.kind ?? 'direct'} />
      {conversation !== null && !unknown && face.isRemoved && <p className="rb-window-ended">{words.noLongerMember}</p>}
      {conversation !== null && !unknown && !face.isRemoved && (
        <WindowComposer
          conversation={conversation}
          members={face.roster}
          draft={draft}
          defaultDraft={defaultDraft}
          onDraftChange={onDraftChange}
          onBeforeSend={onBeforeSend}
          mode={mode}
          onModeEnd={() => setMode(null)}
          onEditLast={editLast}
          onSent={() => void list.current?.scrollToNewest()}
          onError={report}
          inputRef={input}
        />
      )}
    </section>
  )
}

/** Gives the rows what came beside the engine; until then each fetches it. */
function BesideEngine({ children }: { readonly children: ReactNode }) {
  const beside = useLazyModule(besideEngine, true)
  return <RowPartsContext.Provider value={beside?.rowParts ?? null}>{children}</RowPartsContext.Provider>
}

/** What a window renders for itself changes nothing in the list. */
const List = memo(SourceList)

/** Whether there is no such conversation, as far as anybody here knows. */
function useIsUnknown(source: MessageSource): boolean {
  const subscribe = useCallback((listener: () => void) => source.subscribe(listener), [source])
  return useSyncExternalStore(subscribe, () => source.getSnapshot().status === 'unknown', () => source.getServerSnapshot().status === 'unknown')
}

/** Apart, so that typing renders one line and not the list. */
function Typing({ conversationId, kind }: { conversationId: ConversationId; kind: 'direct' | 'group' }) {
  const Part = useParts().TypingIndicator ?? TypingIndicator
  const names = useProfiles(useTyping(conversationId)).map(nameOf)
  return <Part names={names} conversationKind={kind} />
}

/** A message of mine whose words the back end has. */
function isEditable({ from, ids, body, recalledAt, deletedAt }: Message, me: UserId): boolean {
  return from === me && ids.length > 0 && body.kind === 'text' && recalledAt === undefined && deletedAt === undefined
}

/** When the first screen is there, and before anybody has thought of a menu, milliseconds. */
const PRELOAD_AFTER_MS = 1500

const ignore = () => {}

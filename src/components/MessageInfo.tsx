'use client'
import { forwardRef } from 'react'
import { isolate } from '../locales/isolate.js'
import type { Message, UserId } from '../model/index.js'
import { useOptionalClient } from '../react/clientContext.js'
import { useLocale } from '../react/localeContext.js'
import { nameOf } from '../react/parts.js'
import { useReceiptPresentation } from '../react/receiptContext.js'
import { useStatus } from '../react/readStatesContext.js'
import type { ReaderSource } from '../react/readerSource.js'
import { useLiveMessage } from '../react/useLiveMessage.js'
import { useProfile } from '../react/useProfile.js'
import { Dialog, type DialogProps } from './Dialog.js'
import { messagePreview } from './messagePreview.js'
import { ReaderList } from './ReaderList.js'
import { ReceiptIcon } from './ReceiptIcon.js'

/** @public */
export interface MessageInfoProps extends Omit<DialogProps, 'title' | 'children'> {
  readonly message: Message
  /** Closes it: the app unmounts the part. */
  readonly onClose: () => void
  /** As in `<ReaderList>`. */
  readonly onRemind?: (userIds: readonly UserId[]) => void
  /** As in `<ReaderList>`. */
  readonly source?: ReaderSource
}

/**
 * One message, when it was sent, what became of it (not of one that was recalled), and, once the back end has it, who read it: a modal dialog, open while it is mounted.
 * @public
 */
export const MessageInfo = forwardRef<HTMLDialogElement, MessageInfoProps>(function MessageInfo({ message: given, onClose, onRemind, source, ...rest }, ref) {
  const message = useLiveMessage(given)
  const locale = useLocale()
  const client = useOptionalClient()
  const { labels } = useReceiptPresentation()
  const status = useStatus(message)
  const name = nameOf(useProfile(message.from))
  const { messages, formatters } = locale
  const own = status !== null || message.from === client?.userId
  return (
    <Dialog ref={ref} {...rest} title={messages.messageInfo} onClose={onClose}>
      <div className="rb-info-message" data-direction={own ? 'own' : 'other'}>
        <p className="rb-info-words" dir="auto">{messagePreview(message, own, isolate(name), locale)}</p>
        <p className="rb-info-status">
          <time suppressHydrationWarning>{formatters.full(message.time)}</time>
          {status !== null && message.recalledAt === undefined && (
            <span className="rb-info-state">
              <ReceiptIcon status={status} aria-hidden="true" /> {labels[status]}
            </span>
          )}
        </p>
        {message.failure !== undefined && <p className="rb-info-failure" dir="auto">{message.failure.message}</p>}
      </div>
      {message.ids.length > 0 && <ReaderList message={message} {...(onRemind && { onRemind })} {...(source && { source })} />}
    </Dialog>
  )
})

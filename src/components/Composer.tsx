'use client'
import { forwardRef, useEffect, useId, useRef, useState, type ChangeEvent, type ClipboardEvent, type FormEvent, type KeyboardEvent, type SyntheticEvent } from 'react'
import { useLocale } from '../react/localeContext.js'
import type { ComposerProps } from '../react/parts.js'
import { useTypingSignal } from '../react/useTypingSignal.js'
import { classNames, flag } from './classNames.js'
import { filesIn } from './composerFiles.js'
import { glyph } from './glyph.js'
import { LazyComposerContext, LazyFilePreviews, LazyMentionList } from './lazyParts.js'
import { namedIn } from './named.js'
import { optionId } from './suggestedPeople.js'
import { useMentions } from './useMentions.js'
import { useComposerFiles } from './useComposerFiles.js'
import { useFileDrop } from './useFileDrop.js'

export type { ComposerProps }

/** What browsers say of a key that an input method has taken. Safari ends the composition before the key. */
const KEY_CODE_OF_INPUT_METHOD = 229

const attachGlyph = glyph('m15.5 9.5-5.6 5.6a3.3 3.3 0 0 1-4.7-4.7l6-6a2.2 2.2 0 0 1 3.1 3.1l-5.9 5.9a1.1 1.1 0 0 1-1.6-1.6L12 6.6')
const receiptGlyph = glyph('m2.5 10.5 3.25 3.25L12 7M9 13.25l.5.5L17.5 6')

/**
 * Where a message is written. Enter sends, Shift+Enter makes a line; Enter that confirms a word of an input method does neither.
 * Grows with its text up to `--rb-composer-max-size`, then scrolls. Controlled by `draft`, else keeps its own.
 *
 * Data attributes: `data-disabled`, `data-empty`, `data-mode` (reply, edit), `data-dropping`.
 * @public
 */
export const Composer = forwardRef<HTMLFormElement, ComposerProps>(function Composer(props, ref) {
  const {
    draft, defaultDraft = '', onDraftChange, onSend, onTyping, disabled = false, placeholder, label, autoFocus = false, mode, onCancelMode, onEditLast,
    acceptFiles = false, refuseFile, offerReceiptRequest = false, suggestMentions, inputRef, className, ...rest
  } = props
  const { messages } = useLocale()
  const fieldId = useId()
  const field = useRef<HTMLTextAreaElement | null>(null)
  const form = useRef<HTMLFormElement | null>(null)
  const [own, setOwn] = useState(defaultDraft)
  const [receiptRequested, requestReceipt] = useState(false)
  const text = draft ?? own
  const typing = useTypingSignal(onTyping)
  const sending = useRef(false)
  const takesFiles = acceptFiles && !disabled && mode?.kind !== 'edit'
  const files = useComposerFiles(refuseFile)
  const dropping = useFileDrop(form, takesFiles, files.add)
  const latest = useRef({ text, held: files.held })
  useEffect(() => {
    latest.current = { text, held: files.held }
  })

  const change = (next: string) => {
    setOwn(next)
    onDraftChange?.(next)
  }
  const mentions = useMentions(field, suggestMentions, change)
  const edited = mode?.kind === 'edit' && mode.message.body.kind === 'text' ? mode.message.body : null
  useEffect(() => {
    if (edited === null) return
    const before = mentions.begin(namedIn(edited.text, edited.mentions))
    return () => void mentions.begin(before)
    // oxlint-disable-next-line react/exhaustive-deps -- begun once for each text
  }, [edited])
  const isEmpty = text.trim() === '' && (files.held.length === 0 || mode?.kind === 'edit')
  const clear = () => {
    change('')
    mentions.begin([])
    files.clear()
    requestReceipt(false)
  }
  const send = async () => {
    if (isEmpty || disabled || sending.current) return
    sending.current = true
    typing.stopped()
    mentions.close()
    const before = latest.current
    try {
      const said = text.trim()
      const taken = onSend(said, { mentions: mentions.within(said), files: mode?.kind === 'edit' ? [] : files.held.map(({ file }) => file), receiptRequested: offerReceiptRequest && receiptRequested })
      if (typeof taken !== 'object') {
        if (taken !== false) clear()
        // What was written while the app was asked is not thrown away.
      } else if ((await taken) !== false && latest.current.text === before.text && latest.current.held === before.held) clear()
    } finally {
      sending.current = false
    }
  }
  const onChange = (event: ChangeEvent<HTMLTextAreaElement>) => {
    change(event.target.value)
    mentions.look(event.target.value, event.target.selectionStart)
    if (event.target.value === '') typing.stopped()
    else typing.typed()
  }
  const onSelect = ({ currentTarget: { value, selectionStart, selectionEnd } }: SyntheticEvent<HTMLTextAreaElement>) => {
    if (mentions.people.length > 0) mentions.look(value, selectionStart === selectionEnd ? selectionStart : null)
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    void send()
  }
  const onPaste = (event: ClipboardEvent) => {
    const pasted = takesFiles ? filesIn(event.clipboardData) : []
    if (pasted.length === 0) return
    event.preventDefault()
    files.add(pasted)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event) || mentions.onKeyDown(event)) return
    if (event.key === 'Escape' && mode !== undefined && onCancelMode !== undefined) {
      event.preventDefault()
      onCancelMode()
    } else if (event.key === 'ArrowUp' && text === '' && mode === undefined && onEditLast !== undefined) {
      event.preventDefault()
      onEditLast()
    } else if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault()
      void send()
    }
  }
  const suggesting = mentions.people.length > 0
  return (
    <form
      ref={(element) => {
        form.current = element
        assign(ref, element)
      }}
      {...rest}
      className={classNames('rb-composer', className)} data-disabled={flag(disabled)} data-empty={flag(isEmpty)} data-mode={mode?.kind} data-dropping={flag(dropping)}
      onSubmit={onSubmit}
    >
      <label className="rb-sr" htmlFor={fieldId}>{label ?? messages.composerLabel}</label>
      {suggesting && <LazyMentionList mentions={mentions} />}
      {mode !== undefined && <LazyComposerContext mode={mode} onCancel={onCancelMode} />}
      {takesFiles && files.held.length > 0 && <LazyFilePreviews files={files.held} onRemove={files.remove} />}
      {files.refused !== null && <p className="rb-composer-note" role="alert">{files.refused}</p>}
      <div className="rb-composer-line">
        {takesFiles && <AttachButton onFiles={files.add} />}
        {/* The mirror makes the field as high as its text, without measuring. */}
        <div className="rb-composer-field" data-mirror={`${text}\u200b`}>
          <textarea
            id={fieldId}
            ref={(element) => {
              field.current = element
              assign(inputRef, element)
            }}
            className="rb-composer-input"
            rows={1}
            dir="auto"
            value={text}
            placeholder={placeholder ?? messages.composerPlaceholder}
            disabled={disabled}
            autoFocus={autoFocus}
            enterKeyHint="send"
            {...(suggestMentions && { 'aria-autocomplete': 'list' as const })}
            {...(suggesting && { 'aria-controls': mentions.listId, 'aria-activedescendant': optionId(mentions.listId, mentions.chosen) })}
            onChange={onChange}
            onSelect={onSelect}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
            onBlur={() => {
              typing.stopped()
              mentions.close()
            }}
          />
        </div>
        {offerReceiptRequest && mode?.kind !== 'edit' && (
          <button
            type="button" role="switch" aria-checked={receiptRequested} className="rb-icon-button rb-composer-button" disabled={disabled}
            aria-label={messages.requestReceipt} title={receiptRequested ? messages.receiptRequested : messages.requestReceipt} onClick={() => requestReceipt(!receiptRequested)}
          >
            {receiptGlyph}
          </button>
        )}
        <SendButton disabled={disabled || isEmpty} saves={mode?.kind === 'edit'} />
      </div>
      {dropping && <div className="rb-drop" aria-hidden="true"><span>{messages.dropFiles}</span></div>}
    </form>
  )
})

function AttachButton({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const { messages } = useLocale()
  const input = useRef<HTMLInputElement>(null)
  const onChosen = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    onFiles([...(currentTarget.files ?? [])])
    // The same file may be chosen again.
    currentTarget.value = ''
  }
  return (
    <>
      <button type="button" className="rb-icon-button rb-composer-button" aria-label={messages.attach} title={messages.attach} onClick={() => input.current?.click()}>
        {attachGlyph}
      </button>
      <input ref={input} type="file" multiple hidden tabIndex={-1} aria-hidden="true" onChange={onChosen} />
    </>
  )
}

function SendButton({ disabled, saves }: { disabled: boolean; saves: boolean }) {
  const { messages } = useLocale()
  const name = saves ? messages.save : messages.send
  return (
    <button type="submit" className="rb-icon-button rb-send" disabled={disabled} aria-label={name} title={name}>
      <svg viewBox="0 0 20 20" width="20" height="20" fill={saves ? 'none' : 'currentColor'} stroke={saves ? 'currentColor' : 'none'} strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
        <path d={saves ? 'm4.5 10.5 3.75 3.75L15.5 6.5' : 'M10 3.2a1 1 0 0 1 .7.3l5 5a1 1 0 0 1-1.4 1.4L11 6.6V16a1 1 0 1 1-2 0V6.6L5.7 9.9a1 1 0 0 1-1.4-1.4l5-5a1 1 0 0 1 .7-.3'} />
      </svg>
    </button>
  )
}

/** The key belongs to an input method, which confirms or chooses a word with it. */
function isComposing(event: KeyboardEvent): boolean {
  return event.nativeEvent.isComposing || event.keyCode === KEY_CODE_OF_INPUT_METHOD
}

function assign<T>(ref: React.Ref<T> | undefined, value: T | null): void {
  if (typeof ref === 'function') ref(value)
  else if (ref) ref.current = value
}

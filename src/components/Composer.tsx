'use client'
import { forwardRef, useEffect, useId, useRef, useState, type ChangeEvent, type FormEvent, type KeyboardEvent } from 'react'
import { useLocale } from '../react/localeContext.js'
import type { ComposerProps } from '../react/parts.js'
import { useTypingSignal } from '../react/useTypingSignal.js'
import { classNames, flag } from './classNames.js'

export type { ComposerProps }

/** What browsers say of a key that an input method has taken. Safari ends the composition before the key. */
const KEY_CODE_OF_INPUT_METHOD = 229

/**
 * Where a message is written. Enter sends, Shift+Enter makes a line; Enter that confirms a word of an input method does neither.
 * Grows with its text up to `--rb-composer-max-size`, then scrolls. Controlled by `draft`, else keeps its own.
 * @public
 */
export const Composer = forwardRef<HTMLFormElement, ComposerProps>(function Composer(props, ref) {
  const { draft, defaultDraft = '', onDraftChange, onSend, onTyping, disabled = false, placeholder, label, autoFocus = false, inputRef, className, ...rest } = props
  const { messages } = useLocale()
  const fieldId = useId()
  const [own, setOwn] = useState(defaultDraft)
  const text = draft ?? own
  const typing = useTypingSignal(onTyping)
  const sending = useRef(false)
  const latest = useRef(text)
  useEffect(() => {
    latest.current = text
  })

  const change = (next: string) => {
    setOwn(next)
    onDraftChange?.(next)
  }
  const send = async () => {
    const trimmed = text.trim()
    if (trimmed === '' || disabled || sending.current) return
    sending.current = true
    typing.stopped()
    try {
      const taken = onSend(trimmed)
      if (typeof taken !== 'object') {
        if (taken !== false) change('')
        // What was typed while the app was asked is not thrown away.
      } else if ((await taken) !== false && latest.current === text) change('')
    } finally {
      sending.current = false
    }
  }
  const onChange = (event: ChangeEvent<HTMLTextAreaElement>) => {
    change(event.target.value)
    if (event.target.value === '') typing.stopped()
    else typing.typed()
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    void send()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isSendKey(event)) return
    event.preventDefault()
    void send()
  }
  return (
    <form ref={ref} {...rest} className={classNames('rb-composer', className)} data-disabled={flag(disabled)} data-empty={flag(text.trim() === '')} onSubmit={onSubmit}>
      <label className="rb-sr" htmlFor={fieldId}>{label ?? messages.composerLabel}</label>
      {/* The mirror makes the field as high as its text, without measuring. */}
      <div className="rb-composer-field" data-mirror={`${text}\u200b`}>
        <textarea
          id={fieldId}
          ref={inputRef}
          className="rb-composer-input"
          rows={1}
          dir="auto"
          value={text}
          placeholder={placeholder ?? messages.composerPlaceholder}
          disabled={disabled}
          autoFocus={autoFocus}
          enterKeyHint="send"
          onChange={onChange}
          onKeyDown={onKeyDown}
          onBlur={typing.stopped}
        />
      </div>
      <button type="submit" className="rb-send" disabled={disabled || text.trim() === ''} aria-label={messages.send} title={messages.send}>
        <svg viewBox="0 0 20 20" width="20" height="20" fill="currentColor" aria-hidden="true">
          <path d="M10 3.2a1 1 0 0 1 .7.3l5 5a1 1 0 0 1-1.4 1.4L11 6.6V16a1 1 0 1 1-2 0V6.6L5.7 9.9a1 1 0 0 1-1.4-1.4l5-5a1 1 0 0 1 .7-.3" />
        </svg>
      </button>
    </form>
  )
})

function isSendKey(event: KeyboardEvent): boolean {
  if (event.key !== 'Enter' || event.shiftKey || event.altKey) return false
  return !event.nativeEvent.isComposing && event.keyCode !== KEY_CODE_OF_INPUT_METHOD
}

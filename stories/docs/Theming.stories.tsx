import type { Meta, StoryObj } from '@storybook/react-vite'
import { ChatProvider, ChatWindow, type ReceiptPreferences, useTheme } from 'readback'
import { useState, type CSSProperties } from 'react'
import { CONVERSATIONS, MEMBERS, MESSAGES, standingClient } from '../fixtures/standingClient.js'
import './theming.css'
import tokens from './tokens.json'

const client = standingClient({ members: MEMBERS, messages: MESSAGES, state: { conversations: CONVERSATIONS } })

const meta = {
  title: 'Docs/Theming',
  parameters: { layout: 'fullscreen' },
} satisfies Meta

export default meta
type Story = StoryObj<typeof meta>

interface Token {
  readonly name: string
  readonly group: string
  readonly value: string
  readonly light?: string
  readonly dark?: string
}

type Changes = Readonly<Record<string, string>>

/** Every token, changed as you type, and the CSS to paste. */
export const TokenEditor: Story = { render: () => <Editor /> }

/** The same on a dark ground. */
export const TokenEditorDark: Story = { ...TokenEditor, globals: { theme: 'dark' } }

/** A brand of its own: a few tokens, no component replaced. */
export const ABrand: Story = { globals: { theme: 'light' }, render: () => <Editor initial={FOREST} look="shapes" /> }

const FOREST: Changes = {
  '--rb-accent': '#1f7a4d',
  '--rb-accent-text': '#17633d',
  '--rb-background': '#f3f1ea',
  '--rb-field': '#f0eee6',
  '--rb-border': '#e0dccd',
  '--rb-radius': '10px',
  '--rb-radius-joint': '3px',
  '--rb-receipt-read-color': '#17633d',
  '--rb-font': 'Georgia, "Noto Serif", serif',
}

function Editor({ initial = {}, look = 'icons' }: { initial?: Changes; look?: NonNullable<ReceiptPreferences['look']> }) {
  const { theme } = useTheme()
  const [changes, setChanges] = useState(initial)
  const change = (name: string, value: string | null) => setChanges(({ [name]: _, ...rest }) => (value === null ? rest : { ...rest, [name]: value }))
  return (
    <div className="theming">
      <form className="theming-tokens" aria-label="Tokens" onSubmit={(event) => event.preventDefault()}>
        {[...new Set(tokens.map(({ group }) => group))].map((group) => (
          <fieldset key={group} className="theming-group">
            <legend>{group}</legend>
            {(tokens as readonly Token[]).filter((token) => token.group === group).map((token) => (
              <Field key={token.name} token={token} dark={theme === 'dark'} value={changes[token.name]} onChange={change} />
            ))}
          </fieldset>
        ))}
      </form>
      <ChatProvider client={client} preferences={{ look }} style={changes as CSSProperties} className="theming-preview">
        <ChatWindow conversationId="garden" />
      </ChatProvider>
      <section className="theming-code" aria-label="CSS to paste">
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls, and must by keyboard */}
        <pre tabIndex={0}>{codeOf(changes)}</pre>
        <button type="button" onClick={() => setChanges({})} disabled={Object.keys(changes).length === 0}>Start over</button>
      </section>
    </div>
  )
}

interface FieldProps {
  readonly token: Token
  readonly dark: boolean
  readonly value: string | undefined
  readonly onChange: (name: string, value: string | null) => void
}

/** A colour, or any text. Emptied, the token is the kit's again. */
function Field({ token, dark, value, onChange }: FieldProps) {
  // Colour fields want six digits.
  const original = ((dark ? token.dark : token.light) ?? token.value).replace(/^#([0-9a-f])([0-9a-f])([0-9a-f])$/i, '#$1$1$2$2$3$3')
  const isColour = /^#[0-9a-f]{6}$/i.test(original)
  return (
    <label className="theming-field" data-changed={value === undefined ? undefined : ''}>
      <span>{token.name.replace('--rb-', '')}</span>
      <input type={isColour ? 'color' : 'text'} value={value ?? (isColour ? original : '')} placeholder={original} onChange={(event) => onChange(token.name, event.target.value === '' ? null : event.target.value)} />
    </label>
  )
}

function codeOf(changes: Changes): string {
  const lines = Object.entries(changes).map(([name, value]) => `  ${name}: ${value};`)
  return lines.length === 0 ? '/* Change a token on the left. */' : `:root {\n${lines.join('\n')}\n}`
}

import type { Meta, StoryObj } from '@storybook/react-vite'
import { useDwellRead } from 'readback'
import { expect, waitFor, within } from 'storybook/test'

interface LinesProps {
  /** How many lines there are to read. */
  readonly count: number
  /** Milliseconds that each must be visible. */
  readonly dwellMs: number
  readonly enabled: boolean
  /** Height of each line, CSS pixels. */
  readonly heightPx: number
}

const COLOURS = { unseen: 'transparent', dwelling: '#fff3c4', read: '#d7f5dd' } as const

function Line({ id, dwellMs, enabled, heightPx }: { id: string } & Omit<LinesProps, 'count'>) {
  const { ref, state, reasons } = useDwellRead({ id, dwellMs, enabled })
  return (
    <li ref={ref} data-state={state} style={{ minHeight: heightPx, boxSizing: 'border-box', padding: 8, borderBottom: '1px solid #767676', background: COLOURS[state], color: '#1a1a1a' }}>
      {id} · {state}
      {state === 'unseen' && ` · ${reasons.join(', ')}`}
    </li>
  )
}

function Lines({ count, ...line }: LinesProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard
    <section aria-label="Lines to read" tabIndex={0} style={{ width: 340, height: 400, overflowY: 'auto', background: '#fff' }}>
      <ol style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {Array.from({ length: count }, (_, index) => (
          <Line key={index} id={`Line ${index + 1}`} {...line} />
        ))}
      </ol>
    </section>
  )
}

/** Whether a person has read an element: scroll slowly and lines turn green; rush, or look at another window, and they do not. */
const meta = {
  title: 'Hooks/useDwellRead',
  component: Lines,
  args: { count: 40, dwellMs: 800, enabled: true, heightPx: 48 },
} satisfies Meta<typeof Lines>

export default meta
type Story = StoryObj<typeof meta>

/** Each line says how far it got, and why it is not read yet. */
export const LineByLine: Story = {}

/** A text of many screens is read too: it need not show half of itself, only fill half of what can be seen. */
export const TallerThanTheScreen: Story = { args: { count: 2, heightPx: 3000 } }

/** Switched off, nothing is gathered. */
export const Disabled: Story = { args: { enabled: false } }

/** What is on screen has been read; what is below it has not. */
export const AfterADwell: Story = {
  args: { dwellMs: 100 },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    // A page whose focused frame went away has no focus until somebody gives it one, and nobody reads there.
    canvas.getByRole('region', { name: 'Lines to read' }).focus()
    // The text says why when it is not.
    await waitFor(() => expect(canvas.getByText(/^Line 1 /).textContent).toBe('Line 1 · read'), { timeout: 10_000 })
    await expect(canvas.getByText(/^Line 40 /)).toHaveAttribute('data-state', 'unseen')
  },
}

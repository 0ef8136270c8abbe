'use client'
import { Component, type ReactNode } from 'react'

interface RowBoundaryProps {
  /** A new value tries again: the message changed. */
  readonly resetKey: unknown
  readonly fallback: ReactNode
  readonly children: ReactNode
}

/** Keeps what throws inside its own row: the rest of the list goes on. */
export class RowBoundary extends Component<RowBoundaryProps, { readonly seenKey: unknown; readonly failed: boolean }> {
  override readonly state = { failed: false, seenKey: undefined as unknown }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  static getDerivedStateFromProps(props: RowBoundaryProps, state: { failed: boolean; seenKey: unknown }) {
    if (props.resetKey === state.seenKey) return null
    return { failed: false, seenKey: props.resetKey }
  }

  override render() {
    return this.state.failed ? this.props.fallback : this.props.children
  }
}

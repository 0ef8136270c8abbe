import type { ReactNode } from 'react'
import './scenarios.css'

/** A phone on the stage: whose it is, its screen, and what is set up beside it. */
export function Phone({ owner, looking = true, controls, children }: { owner: string; looking?: boolean; controls?: ReactNode; children: ReactNode }) {
  return (
    <section className="phone" aria-label={`Phone of ${owner}`}>
      <div className="phone__owner">{owner}</div>
      <div className="phone__screen" data-looking={looking}>{children}</div>
      {controls !== undefined && <div className="phone__switches">{controls}</div>}
    </section>
  )
}

export function Switch({ label, on, onChange }: { label: string; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <label className="switch">
      <input type="checkbox" role="switch" checked={on} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  )
}

/** A figure that changes while one looks, and what it counts. */
export function Figure({ name, value, label }: { name: string; value: number | string; label: string }) {
  return (
    <div className="figure" data-figure={name}>
      <output className="figure__value">{value}</output>
      <span className="figure__label">{label}</span>
    </div>
  )
}

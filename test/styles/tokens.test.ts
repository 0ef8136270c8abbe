import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../tools/entries.mjs'
import { listed, readTokens } from '../tools/tokens.mjs'

describe('the list of tokens', () => {
  it('is what the stylesheet declares; `node test/tools/tokens.mjs` writes it anew', () => {
    expect(listed()).toEqual(readTokens())
  })
  it('has every token once', () => {
    const names = readTokens().map(({ name }) => name)
    expect(names.length).toBeGreaterThan(40)
    expect(new Set(names).size).toBe(names.length)
  })
  it('has no token that nothing uses', () => {
    const parts = join(root, 'src/styles')
    const css = readdirSync(parts, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.css')).map((name) => readFileSync(join(parts, name), 'utf8')).join('\n')
    expect(readTokens().map(({ name }) => name).filter((name) => !css.includes(`var(${name}`))).toEqual([])
  })
})

describe('the colour-safe preset', () => {
  it('has the contrast of text in both themes, also on bubbles of mine', () => {
    const preset = readTokens(readFileSync(join(root, 'src/styles/parts/presets.css'), 'utf8')).filter(({ light }) => light !== undefined)
    const surface = readTokens().find(({ name }) => name === '--rb-surface')!
    expect(preset.length).toBeGreaterThanOrEqual(5)
    for (const { name, light, dark } of preset) {
      expect(contrast(light!, surface.light!), `${name} light`).toBeGreaterThanOrEqual(4.5)
      expect(contrast(dark!, surface.dark!), `${name} dark`).toBeGreaterThanOrEqual(4.5)
    }
    const luminances = (theme: 'light' | 'dark') => ['sent', 'delivered', 'read'].map((status) => luminance(preset.find(({ name }) => name === `--rb-receipt-${status}-color`)![theme]!))
    // Also in shades of grey no two neighbours are the same.
    for (const theme of ['light', 'dark'] as const) expect(new Set(luminances(theme).map((value) => value.toFixed(2))).size).toBe(3)
  })
})

const contrast = (a: string, b: string) => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

/** WCAG 2.2, "relative luminance". */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

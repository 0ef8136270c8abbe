import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, Rule, type Root } from 'postcss'
import { describe, expect, it } from 'vitest'

const FOLDER = join(import.meta.dirname, '../../src/styles')
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.css'))
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
const all = files.map((name) => [name, read(name)] as const)
const matches = (css: string, pattern: RegExp) => [...css.matchAll(pattern)].map(([, found = '']) => found)

/** Where what moves is stilled. */
const STILL = 'parts/motion.css'

const declared = new Set(all.flatMap(([, css]) => matches(css, /(--rb-[a-z-]+)\s*:/g)))

describe('styles', () => {
  it('are all imported by the entry, each into the layer', () => {
    const imported = matches(read('styles.css'), /@import '\.\/([^']+)' layer\(readback\.[a-z]+\)/g)
    expect(imported.sort()).toEqual(files.filter((name) => name !== 'styles.css').sort())
  })
  it.each(all)('%s knows no left and right, so that it mirrors', (_, css) => {
    expect(matches(css, /[;{\s]((?:margin|padding|border)-(?:left|right)|left|right|text-align:\s*(?:left|right)|float:\s*(?:left|right)|border-(?:top|bottom)-(?:left|right)-radius)\s*[:;]/g)).toEqual([])
  })
  it.each(all)('%s loads nothing and forces nothing', (_, css) => {
    expect(matches(css, /(url\(|!important|@import\s+url|https?:)/g)).toEqual([])
  })
  it.each(all)('%s uses no token that is neither declared nor has something to fall back to', (_, css) => {
    expect(matches(css, /var\((--rb-[a-z-]+)\)/g).filter((token) => !declared.has(token))).toEqual([])
  })
  it('move nothing for those who asked for stillness: all that moves is stilled by the same words, and last', () => {
    const moves = (sheet: Root, still: boolean) => {
      const found: string[] = []
      sheet.walkDecls(/^(animation|transition)$/, ({ prop, value, parent }) => {
        if ((value === 'none') === still && parent instanceof Rule) found.push(...parent.selectors.map((selector) => `${prop} of ${selector}`))
      })
      return found.sort()
    }
    const moving = all.filter(([name]) => name !== STILL).flatMap(([, css]) => moves(parse(css), false))
    expect(moving.length).toBeGreaterThan(10)
    expect(moves(parse(read(STILL)), true)).toEqual(moving.sort())
    expect(read(STILL).trim()).toMatch(/^@media \(prefers-reduced-motion: reduce\) \{[^@]*\}$/)
    expect(read('styles.css').trim().split('\n').slice(-2)).toEqual(['motion', 'contrast'].map((name) => `@import './parts/${name}.css' layer(readback.parts);`))
  })
  it('declare the tokens that the design promises', () => {
    const promised = [...['sending', 'sent', 'delivered', 'read', 'failed'].map((status) => `--rb-receipt-${status}-color`), '--rb-receipt-size', '--rb-receipt-gap']
    expect(promised.filter((token) => !declared.has(token))).toEqual([])
  })
})

describe('colours', () => {
  const tokens = new Map([...read('tokens.css').matchAll(/(--rb-[a-z-]+):\s*light-dark\((#[0-9a-f]{3,6}), (#[0-9a-f]{3,6})\)/g)].map(([, name = '', light = '', dark = '']) => [name, [light, dark]]))
  const contrast = (a: string, b: string) => {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
    return (high + 0.05) / (low + 0.05)
  }
  /** WCAG 2.2, "relative luminance". */
  function luminance(hex: string): number {
    const full = hex.length === 4 ? hex.replace(/[0-9a-f]/g, '$&$&') : hex
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(full.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  it.each([
    ['text', 'surface'], ['text', 'background'], ['text', 'field'], ['text', 'hover'], ['text-muted', 'surface'], ['text-muted', 'background'], ['text-muted', 'field'], ['text-muted', 'hover'],
    ['accent-text', 'surface'], ['accent-text', 'background'], ['danger', 'surface'], ['danger', 'background'], ['warning-text', 'warning-background'], ['info-text', 'info-background'],
    ['receipt-read-color', 'surface'], ['receipt-read-color', 'background'], ['receipt-sent-color', 'surface'], ['receipt-failed-color', 'surface'],
  ])('%s on %s has the contrast of text (4.5) in both themes', (ink, paper) => {
    for (const theme of [0, 1]) expect(contrast(tokens.get(`--rb-${ink}`)?.[theme] ?? '', tokens.get(`--rb-${paper}`)?.[theme] ?? ''), `theme ${theme}`).toBeGreaterThanOrEqual(4.5)
  })
})

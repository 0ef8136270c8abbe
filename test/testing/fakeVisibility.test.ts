import { createFakeVisibility } from 'readback/testing'
import { expect, it } from 'vitest'

it('createFakeVisibility tells of every change, and a hidden page has no focus', () => {
  const visibility = createFakeVisibility()
  const seen: [boolean, boolean][] = []
  const stop = visibility.subscribe(() => seen.push([visibility.isVisible(), visibility.hasFocus()]))
  visibility.setFocus(false)
  visibility.setFocus(true)
  visibility.setVisible(false)
  visibility.setVisible(true)
  visibility.pagehide()
  stop()
  visibility.setVisible(true)
  expect(seen).toEqual([[true, false], [true, true], [false, false], [true, true], [false, false]])
})

// @vitest-environment jsdom
import { act, render } from '@testing-library/react'
import { expect, it } from 'vitest'
import { lazyModule } from '../../src/components/lazyModule.js'
import { lazyPart } from '../../src/components/lazyPart.js'

it('[RD14] a part whose code did not come is drawn as soon as it is here, whoever asked for it: what watches the rows comes with it, and an empty bubble would be read', async () => {
  let offline = true
  const module = lazyModule(async () => {
    if (offline) throw new Error('offline')
    return { Picture: () => <i>a picture</i> }
  })
  const Lazy = lazyPart(module, ({ Picture }) => Picture)
  const { container } = render(<Lazy />)
  await act(async () => module.preload())
  expect(container.textContent).toBe('')
  offline = false
  await act(async () => void (await module.load()))
  expect(container.textContent).toBe('a picture')
})

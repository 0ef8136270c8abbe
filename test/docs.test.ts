import remarkGfm from 'remark-gfm'
import { expect, it } from 'vitest'
import storybook from '../.storybook/main.js'

/** Their tables were text with bars in it: Markdown alone knows none, and no test looks at pages that are not stories. */
it('pages of the docs are read as Markdown with tables', () => {
  const docs = storybook.addons?.find((addon) => typeof addon !== 'string' && addon.name === '@storybook/addon-docs')
  expect(docs).toMatchObject({ options: { mdxPluginOptions: { mdxCompileOptions: { remarkPlugins: [remarkGfm] } } } })
})

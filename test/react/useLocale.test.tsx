import { useLocale } from 'readback'
import { en } from 'readback/locales/en'
import { zhCN } from 'readback/locales/zh-CN'
import { renderToString } from 'react-dom/server'
import { expect, it } from 'vitest'
import { LocaleContext, useFirstLocale } from '../../src/react/localeContext.js'

it('is all of English where nobody chose; what a window loads first has part of the same words', () => {
  const seen: unknown[] = []
  const See = () => {
    seen.push(useLocale(), useFirstLocale().messages)
    return null
  }
  renderToString(<See />)
  const [locale, first] = seen as [typeof en, object]
  expect(locale).toBe(en)
  expect(Object.keys(en.messages).sort()).toEqual(Object.keys(zhCN.messages).sort())
  expect(Object.keys(en.messages)).toEqual(expect.arrayContaining(Object.keys(first)))
  expect(first).not.toHaveProperty('visibilityHints')
})

it('is the one that was chosen, whole, for every part', () => {
  const seen: unknown[] = []
  const See = () => {
    seen.push(useLocale(), useFirstLocale())
    return null
  }
  renderToString(<LocaleContext.Provider value={zhCN}><See /></LocaleContext.Provider>)
  expect(seen).toEqual([zhCN, zhCN])
})

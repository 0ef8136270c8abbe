import { createFormatters, createLocale, type Locale } from 'readback'
import { en, enDefinition } from 'readback/locales/en'
import { ar } from '../../src/locales/ar.js'
import { pseudoLocale } from '../../src/locales/pseudo.js'
import { zhCN } from 'readback/locales/zh-CN'
import { describe, expect, it } from 'vitest'

const locales: readonly Locale[] = [en, zhCN, ar, pseudoLocale(en)]
const DAY = 86_400_000
const NOON = Date.UTC(2026, 10, 19, 12)

/** Dotted names of everything in a catalogue, with its kind. */
function shape(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, word]) => (typeof word === 'object' ? shape(word as object, `${prefix}${key}.`) : [`${prefix}${key}: ${typeof word}`])).sort()
}

describe.each(locales)('catalogue $tag ($dir)', (locale) => {
  it('has the same words as English', () => {
    expect(shape(locale.messages)).toEqual(shape(en.messages))
  })
  it('leaves no word empty', () => {
    const words = Object.values(locale.messages).filter((word) => typeof word === 'string')
    expect(words.filter((word) => word.trim() === '')).toEqual([])
  })
  it('puts the number into every plural', () => {
    const { messages } = locale
    // Arabic has words of its own for one and two.
    for (const count of locale.tag === 'ar' ? [3, 11, 21, 100] : [1, 2, 11, 21]) {
      for (const sentence of [messages.newMessages(count), messages.memberCount(count), messages.unreadCount(count, true), messages.unreadCount(count, false), messages.badge.some(count, 40), messages.badge.long(count, 40)]) {
        expect(sentence).toContain(createFormatters(locale.tag).number(count))
        expect(sentence).not.toContain('#')
      }
    }
  })
})

describe('English', () => {
  it('tells one from many', () => {
    expect([0, 1, 2, 1234].map((count) => en.messages.newMessages(count))).toEqual(['0 new messages', '1 new message', '2 new messages', '1,234 new messages'])
  })
  it('tells one from many also where there may be more', () => {
    expect([1, 3].map((count) => en.messages.unreadCount(count, false))).toEqual(['At least 1 unread message', 'At least 3 unread messages'])
  })
  it('names who is typing, up to three', () => {
    expect(en.messages.typing(['Ada'], true)).toBe('Ada is typing…')
    expect(en.messages.typing(['Ada', 'Bo'], false)).toBe('Ada and Bo are typing…')
    expect(en.messages.typing(['Ada', 'Bo', 'Cy', 'Di'], false)).toBe('Several people are typing…')
  })
})

describe('Chinese', () => {
  it('says 对方正在输入… in a direct conversation and names people in a group', () => {
    expect(zhCN.messages.typing(['陈美玲'], true)).toBe('对方正在输入…')
    expect(zhCN.messages.typing(['陈美玲', 'Ada'], false)).toBe('陈美玲和Ada正在输入…')
  })
  it('does not say of whom no receipt has come that the message did not reach them: not every wire tells', () => {
    expect(zhCN.messages.readerGroups.waiting).toBe('尚无回执')
  })
  it('says 已读', () => {
    expect(zhCN.messages.receipts.read).toBe('已读')
    expect(zhCN.messages.badge.some(3, 12)).toBe('3人已读')
  })
})

describe('Arabic', () => {
  it('counts in its six ways', () => {
    expect([0, 1, 2, 3, 11, 100].map((count) => ar.messages.memberCount(count))).toEqual(['لا أعضاء (٠)', 'عضو واحد', 'عضوان', '٣ أعضاء', '١١ عضوًا', '١٠٠ عضو'].map((words) => words.replace(/[٠-٩]/g, (digit) => ar.formatters.number('٠١٢٣٤٥٦٧٨٩'.indexOf(digit)))))
  })
  it('counts so also where there may be more', () => {
    expect([1, 2, 11].map((count) => ar.messages.unreadCount(count, false))).toEqual([1, 2, 11].map((count) => `${ar.messages.unreadCount(count, true)} على الأقل`))
  })
  it('runs from right to left', () => {
    expect(ar.dir).toBe('rtl')
  })
})

describe('the pseudo-locale', () => {
  it('marks every word and every format, and draws them out', () => {
    const pseudo = pseudoLocale(en, 'rtl')
    expect([pseudo.messages.send, pseudo.messages.newMessages(2), pseudo.formatters.number(7), pseudo.messages.receipts.read, pseudo.dir]).toEqual(['⟦Send··⟧', '⟦2 new messages·····⟧', '⟦7·⟧', '⟦Read··⟧', 'rtl'])
  })
})

describe('formatters', () => {
  const { formatters } = createLocale(enDefinition, { timeZone: 'UTC' })
  it('names near days, then dates', () => {
    expect([0, 1, 2, 6, 7, 400].map((ago) => formatters.day(NOON - ago * DAY, NOON))).toEqual(['Today', 'Yesterday', 'Tuesday', 'Friday', 'November 12', 'October 15, 2025'])
  })
  it('counts calendar days, not spans of 24 hours', () => {
    expect(formatters.day(Date.UTC(2026, 10, 18, 23, 59), Date.UTC(2026, 10, 19, 0, 1))).toBe('Yesterday')
  })
  it('is short in lists', () => {
    expect([0, 1, 3, 30, 400].map((ago) => formatters.dayOrTime(NOON - ago * DAY, NOON))).toEqual(['12:00 PM', 'Yesterday', 'Mon', 'Oct 20', '10/15/25'])
  })
  it('keeps quiet about times that no calendar has', () => {
    for (const time of [NaN, Infinity, 9e15]) expect([formatters.time(time), formatters.day(time, NOON), formatters.full(time), formatters.dayOrTime(time, NOON)]).toEqual(['', '', '', ''])
  })
  it('shows sizes and lengths', () => {
    expect([0, 900, 71_204, 2_500_000].map((size) => formatters.bytes(size))).toEqual(['0 bytes', '900 bytes', '71.2 kB', '2.5 MB'])
    expect([0, 5_000, 61_000, 3_725_000, NaN].map((ms) => formatters.duration(ms))).toEqual(['0:00', '0:05', '1:01', '1:02:05', ''])
  })
})

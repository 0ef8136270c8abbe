// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react'
import { ChatProvider, ReadBadge, ReceiptIcon, textIcons, type MessageStatus } from 'readback'
import { zhCN } from 'readback/locales/zh-CN'
import { afterEach, describe, expect, it } from 'vitest'

afterEach(cleanup)

const STATUSES: readonly MessageStatus[] = ['sending', 'sent', 'delivered', 'read', 'failed']

describe('ReceiptIcon', () => {
  it.each(STATUSES)('%s has a name, a drawing and its status in the DOM, without a provider', (status) => {
    render(<ReceiptIcon status={status} />)
    const icon = screen.getByRole('img')
    expect(icon.getAttribute('aria-label')).toBe({ sending: 'Sending', sent: 'Sent', delivered: 'Delivered', read: 'Read', failed: 'Not sent' }[status])
    expect(icon.dataset['status']).toBe(status)
    expect(icon.querySelector('path')?.getAttribute('d')).toBeTruthy()
  })
  it('does not tell delivered from read by colour alone', () => {
    const width = (status: MessageStatus) => render(<ReceiptIcon status={status} />).container.querySelector('svg')?.getAttribute('stroke-width')
    expect(width('read')).not.toBe(width('delivered'))
  })
  it('is named by its label, else in the language of the provider', () => {
    render(<ChatProvider locale={zhCN}><ReceiptIcon status="read" /><ReceiptIcon status="sent" label="posted" /></ChatProvider>)
    expect(screen.getAllByRole('img').map((icon) => icon.getAttribute('aria-label'))).toEqual(['已读', 'posted'])
  })
  it('takes a size as pixels or as a CSS length', () => {
    const size = (value: number | string) => (render(<ReceiptIcon status="sent" size={value} />).container.firstChild as HTMLElement).style.getPropertyValue('--rb-receipt-size')
    expect([size(24), size('2em')]).toEqual(['24px', '2em'])
  })
  it('gives a replacement the status, the label and the size', () => {
    render(<ReceiptIcon status="read" size={20} icons={{ read: (given) => <i>{JSON.stringify(given)}</i> }} />)
    expect(JSON.parse(screen.getByRole('img').textContent ?? '')).toEqual({ status: 'read', label: 'Read', size: 20 })
  })
  it('can be words', () => {
    const { container } = render(<ChatProvider locale={zhCN} icons={textIcons}>{STATUSES.map((status) => <ReceiptIcon key={status} status={status} />)}</ChatProvider>)
    expect([...container.querySelectorAll('.rb-receipt')].map((icon) => icon.textContent)).toEqual(['发送中', '已发送', '已送达', '已读', '发送失败'])
  })
})

describe('ReadBadge', () => {
  const shown = (props: { read: number; total: number; tracked?: boolean }) => {
    const { container } = render(<ReadBadge {...props} />)
    const badge = container.firstElementChild as HTMLElement
    return [badge.dataset['read'], badge.querySelector('[aria-hidden]')?.textContent ?? '', badge.querySelector('.rb-sr')?.textContent ?? '']
  }
  it('says all, some, nobody', () => {
    expect(shown({ read: 12, total: 12 })).toEqual(['all', 'All read', 'Read by 12 of 12'])
    expect(shown({ read: 3, total: 12 })).toEqual(['some', '3 read', 'Read by 3 of 12'])
    expect(shown({ read: 0, total: 12 })).toEqual(['nobody', 'Not read yet', 'Read by 0 of 12'])
  })
  it('[RS8] says no more than all and no less than nobody, whatever an app counted', () => {
    expect(shown({ read: 5, total: 3 })).toEqual(['all', 'All read', 'Read by 3 of 3'])
    expect(shown({ read: -1, total: 3 })).toEqual(['nobody', 'Not read yet', 'Read by 0 of 3'])
    expect(shown({ read: NaN, total: 3 })).toEqual(['nobody', 'Not read yet', 'Read by 0 of 3'])
  })
  it.each([{ read: 0, total: 0 }, { read: 0, total: NaN }, { read: 5, total: 12, tracked: false }])('keeps an empty place for %o', (props) => {
    expect(shown(props)).toEqual(['untracked', '', ''])
  })
})

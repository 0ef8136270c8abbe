import { cleanup, render } from '@testing-library/react'
import { createRef, type ComponentType } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, describe, expect, it } from 'vitest'

/**
 * What holds for every part: one node, to which class, ref and data attributes are forwarded; and it renders without a window.
 * `props` are the least it needs.
 */
export function describePart<P extends object>(name: string, Part: ComponentType<P>, props: P, around: (part: React.ReactNode) => React.ReactNode = (part) => part): void {
  // oxlint-disable-next-line typescript/no-explicit-any -- ref types differ from part to part
  const Any = Part as ComponentType<any>
  describe(`${name}, as every part,`, () => {
    afterEach(cleanup)
    it('forwards className, data attributes and ref to its one node', () => {
      const ref = createRef<HTMLElement>()
      const { container } = render(around(<Any {...props} ref={ref} className="mine" data-mine="yes" />))
      const node = container.querySelector('.mine')
      expect(node).not.toBeNull()
      expect(ref.current).toBe(node)
      expect(node?.className).toMatch(/^rb-[a-z-]+ mine$/)
      expect(node?.getAttribute('data-mine')).toBe('yes')
      expect(container.querySelectorAll('.mine')).toHaveLength(1)
      expect(node?.parentElement === container || node?.parentElement?.classList.contains('rb-root')).toBe(true)
    })
    it('has its own class alone when it is given none', () => {
      const { container } = render(around(<Any {...props} data-mine="" />))
      expect(container.querySelector('[data-mine]')?.className).toMatch(/^rb-[a-z-]+$/)
    })
    it('renders to a string', () => {
      expect(renderToString(around(<Any {...props} className="mine" />))).toContain('mine')
    })
  })
}

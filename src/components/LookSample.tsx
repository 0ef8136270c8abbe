'use client'
import type { ReceiptLook } from '../locales/catalogue.js'
import { LOOK_ICONS } from '../react/receiptLooks.js'
import { ReceiptContext, useReceiptPresentation } from '../react/receiptContext.js'
import { ReceiptIcon } from './ReceiptIcon.js'

/** What a look makes of sent, delivered and read. Decorative: the choice has a name. */
export function LookSample({ look }: { look: ReceiptLook }) {
  const presentation = useReceiptPresentation()
  const shown = look === 'text' ? (['read'] as const) : (['sent', 'delivered', 'read'] as const)
  return (
    <ReceiptContext.Provider value={{ ...presentation, icons: LOOK_ICONS[look] ?? presentation.appIcons }}>
      <span className="rb-look-sample" data-rb-look={look} aria-hidden="true">
        {shown.map((status) => <ReceiptIcon key={status} status={status} />)}
      </span>
    </ReceiptContext.Provider>
  )
}

import type { ReactNode } from 'react'
import 'readback/styles.css'

export const metadata = { title: 'Quick start', icons: 'data:,' }

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body style={{ margin: 0 }}>{children}</body>
    </html>
  )
}

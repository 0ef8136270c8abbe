/** React and nothing else: what every contestant's size is counted from. */
import { createRoot } from 'react-dom/client'
import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'

const Nothing = memo(function Nothing() {
  const [state] = useState(0)
  const ref = useRef(null)
  const made = useMemo(() => state, [state])
  const call = useCallback(() => made, [made])
  useEffect(() => void call(), [call])
  useLayoutEffect(() => {}, [])
  return <div ref={ref} />
})
createRoot(document.getElementById('root')!).render(<Nothing />)

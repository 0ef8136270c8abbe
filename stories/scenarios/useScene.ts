import { useEffect, useState } from 'react'

/** Something made when a story is mounted and disposed of after; null before. Made in an effect, so that StrictMode's second mount gets a new one. `make` has to be stable. */
export function useScene<T>(make: () => T, dispose: (scene: T) => void): T | null {
  const [scene, setScene] = useState<T | null>(null)
  useEffect(() => {
    const made = make()
    setScene(made)
    return () => {
      setScene(null)
      dispose(made)
    }
  }, [make, dispose])
  return scene
}

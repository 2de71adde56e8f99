/** A value once it has stopped changing, for work that is too slow for each key. */
import { useEffect, useState } from 'preact/hooks'

export function useSettled<T>(value: T, ms = 150): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}

/** Keeps what is being written: whenever the writer pauses, and when the page is left or closed, unless it was finished. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { useSettled } from './use-settled.ts'

interface KeptWriting {
  /** Whether the storage took it. */
  readonly isKept: boolean
  /** To be called when what was written is published or given up: from then on it is not kept. */
  readonly finish: () => void
}

/** @param keep returns whether there was room; the same function each time */
export function useKept<T>(written: T, keep: (written: T) => boolean): KeptWriting {
  const settled = useSettled(written)
  const [isKept, setIsKept] = useState(true)
  const isFinished = useRef(false)
  const newest = useRef(written)
  newest.current = written
  useEffect(() => {
    if (!isFinished.current) setIsKept(keep(settled))
  }, [settled, keep])
  useEffect(() => {
    const keepNewest = () => !isFinished.current && keep(newest.current)
    addEventListener('pagehide', keepNewest)
    return () => {
      removeEventListener('pagehide', keepNewest)
      keepNewest()
    }
  }, [keep])
  return {
    isKept,
    finish: () => {
      isFinished.current = true
    },
  }
}

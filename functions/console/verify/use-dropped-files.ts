/** Takes files that are dropped anywhere on the page. Without it the browser would leave the page and open the file. */
import { useEffect, useRef } from 'preact/hooks'

export function useDroppedFiles(take: (files: readonly File[]) => void): void {
  const newest = useRef(take)
  newest.current = take
  useEffect(() => {
    const isOfFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false
    const over = (event: DragEvent) => {
      if (isOfFiles(event)) event.preventDefault()
    }
    const drop = (event: DragEvent) => {
      if (!isOfFiles(event)) return
      event.preventDefault()
      newest.current([...(event.dataTransfer?.files ?? [])])
    }
    addEventListener('dragover', over)
    addEventListener('drop', drop)
    return () => {
      removeEventListener('dragover', over)
      removeEventListener('drop', drop)
    }
  }, [])
}

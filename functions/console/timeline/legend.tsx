/** What the shapes of the marks mean. */
import { useWords } from '../shell/language.ts'
import { MarkShape } from './mark-shape.tsx'
import { markSize } from './pixels.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

const size = markSize + 6

export function Legend() {
  const words = useWords(english, swedish)
  return (
    <ul class="legend" aria-label={words('legend')}>
      {(['yes', 'no', 'neither', 'mixed'] as const).map((tone) => (
        <li key={tone}>
          <svg width={size} height={size} viewBox={`${-size / 2} ${-size / 2} ${size} ${size}`} aria-hidden="true">
            <MarkShape tone={tone} {...(tone === 'mixed' && { number: '12' })} />
          </svg>
          {words(`legend-${tone}`)}
        </li>
      ))}
    </ul>
  )
}

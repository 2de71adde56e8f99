/** Named values, one under the other. Rows without a value are left out. */
import type { ComponentChildren } from 'preact'

export interface FactsProps {
  readonly rows: readonly (readonly [term: string, value: ComponentChildren])[]
}

export function Facts({ rows }: FactsProps) {
  return (
    <dl class="facts">
      {rows
        .filter(([, value]) => value !== undefined)
        .map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

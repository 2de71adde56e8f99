/** One endpoint, opened at a part: what was sent to it, sending again, a new secret, or its settings. */
import type { MadeEndpoint } from '../../../shared/server/wire.ts'
import { OpenedSection } from '../confirmation/opened-section.tsx'
import { useWords } from '../shell/language.ts'
import { DeliveryList } from './delivery-list.tsx'
import { EndpointForm } from './endpoint-form.tsx'
import { RedeliveryForm } from './redelivery-form.tsx'
import { SecretForm } from './secret-form.tsx'
import type { Endpoint } from './standing.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export const parts = ['deliveries', 'again', 'secret', 'settings'] as const

export type Part = (typeof parts)[number]

export interface OpenedEndpointProps {
  readonly endpoint: Endpoint
  readonly part: Part
  readonly onChanged: (endpoint: MadeEndpoint) => void
  readonly onClose: () => void
}

export function OpenedEndpoint({ endpoint, part, onChanged, onClose }: OpenedEndpointProps) {
  const words = useWords(english, swedish)
  return (
    <OpenedSection title={words(`title-${part}`, { endpoint: endpoint.endpoint })}>
      {part === 'deliveries' && <DeliveryList endpoint={endpoint} />}
      {part === 'again' && <RedeliveryForm endpoint={endpoint} />}
      {part === 'secret' && <SecretForm endpoint={endpoint} onDone={onChanged} />}
      {part === 'settings' && <EndpointForm endpoint={endpoint} onDone={onChanged} />}
      <p>
        <button type="button" class="quiet" onClick={onClose}>
          {words('close')}
        </button>
      </p>
    </OpenedSection>
  )
}

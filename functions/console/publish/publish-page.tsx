/** Policies: all of the controller's, and the desk of the one that the address names. */
import { useState } from 'preact/hooks'
import { localText } from '../../../shared/consent/language.ts'
import { type PolicyHistory, type PolicyVersion, succession } from '../../../shared/consent/policy.ts'
import { DataTable } from '../components/data-table.tsx'
import { Outcome } from '../components/outcome.tsx'
import type { Topics } from '../question/topics.ts'
import { forgetTopics, useTopics } from '../question/use-topics.ts'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { addressOf, useRoute } from '../shell/route.ts'
import { NewPolicyForm } from './new-policy-form.tsx'
import { PolicyDesk } from './policy-desk.tsx'
import { Published, type PublishedAct } from './published.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function PublishPage() {
  const { ledger } = useSession()
  const { parameters } = useRoute()
  const policyId = parameters.get('policy')
  const [topics, fetchAgain] = useTopics(0)
  const [act, setAct] = useState<PublishedAct>()
  const done = (next: PublishedAct) => {
    setAct(next)
    forgetTopics(ledger)
    fetchAgain()
  }
  return (
    <>
      {act?.policyId === policyId && act && <Published act={act} />}
      <Outcome work={topics} retry={fetchAgain}>
        {(found) =>
          policyId === null ? (
            <AllPolicies topics={found} />
          ) : (
            <PolicyDesk key={policyId} policyId={policyId} topics={found} act={act} onDone={done} />
          )
        }
      </Outcome>
    </>
  )
}

function AllPolicies({ topics }: { readonly topics: Topics }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const language = useLanguage()
  const now = new Date().toISOString()
  const dated = (version: PolicyVersion | undefined) =>
    version ? words('versionFrom', { version: version.version, date: formats.day(version.notBefore) }) : words('none')
  const row = (history: PolicyHistory) => {
    const inOrder = succession(history)
    const current = inOrder.findLast(({ notBefore }) => notBefore <= now)
    const title = localText((current ?? inOrder.at(-1))?.title ?? {}, language)
    return [
      <a key="open" href={addressOf('publish', { policy: history.policyId })}>
        {title || history.policyId}
      </a>,
      <code key="id">{history.policyId}</code>,
      dated(current),
      dated(inOrder.find(({ notBefore }) => notBefore > now)),
    ]
  }
  return (
    <>
      <p>{words('introduction')}</p>
      <DataTable
        caption={words('policies')}
        columns={[words('policy'), words('id'), words('inForce'), words('scheduled')]}
        rows={topics.policies.map(row)}
        empty={words('noPolicies')}
      />
      <NewPolicyForm taken={topics.policies.map((each) => each.policyId)} />
    </>
  )
}

/** Groups of operations in the OpenAPI document, by who calls them. */
import type { Access } from '../../shared/api/routes.ts'

export const tagOf: Readonly<Record<Access, string>> = {
  public: 'Anyone',
  site: 'Frontends',
  subject: 'People',
  audit: 'Auditors',
  check: 'Controllers',
  statistics: 'Controllers',
  export: 'Controllers',
  administration: 'Controllers',
  erasure: 'Controllers',
  hold: 'Controllers',
  operator: 'Controllers',
  mandate: 'Controllers',
  import: 'Controllers',
  ledger: 'Operators',
}

/** Operations of a further protocol are under its name. */
export const tags = [
  { name: 'Frontends', description: 'Record what people decide, with the publishable key of a site.' },
  { name: 'People', description: 'See, change, take and erase what is recorded about oneself.' },
  { name: 'Auditors', description: 'Ask about a person, with a token of scope `consent.audit` and a grant.' },
  { name: 'Controllers', description: 'Publish and administer, with a token of the controller’s identity provider.' },
  { name: 'Operators', description: 'Create controllers, with a token of scope `ledger.admin`.' },
  { name: 'Anyone', description: 'Policies, the log, pages and letters.' },
  { name: 'c15t', description: 'The protocol of c15t’s clients.' },
]

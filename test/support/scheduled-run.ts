/** The event of a scheduled run, as the rules of `infra/consent-ledger/job-triggers.ts` send it. */
export const bySchedule = { startedBy: 'schedule' }

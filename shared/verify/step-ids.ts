/** The steps of a verification. */

/** In the order in which a consent proof is checked; those from `record` on are of receipts. */
const stepIds = [
  'form',
  'checkpoint',
  'known-at',
  'leaves',
  'inclusion',
  'disclosures',
  'identity',
  'times',
  'backdating',
  'publications',
  'links',
  'answer',
  'texts',
  'completions',
  'limits',
  'pending',
  'joint',
  'record',
  'receipts',
  'promise',
  'promise-kept',
] as const
/** Name of a step of the verification. README.md says what each shows. */
export type StepId = (typeof stepIds)[number]

/** The English words of the page Ask. */
export const english = {
  introduction: 'Ask whether a person had consented to a purpose, or accepted a policy, at any instant.',
  ask: 'Ask',
  nothing: 'The ledger answered without a status for this.',
  earlier: 'The answer below is about your previous question.',
  seeTimeline: 'See the whole history',
  getProof: 'Get a proof of this answer',
} as const

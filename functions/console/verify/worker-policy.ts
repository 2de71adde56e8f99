/** Name of the only policy of Trusted Types that the console may make: the one by which it starts its verifier. */
export const workerPolicyName = 'consent-verifier'

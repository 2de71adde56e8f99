/** A site's banner. `remembering` is on beforehand, as it may not be. */
export const config = {
  acceptAll: true,
  services: [
    { name: 'session', purposes: ['functional'], required: true },
    { name: 'remembering', purposes: ['comfort'], default: true },
    { name: 'matomo', purposes: ['analytics'] },
    { name: 'pixel', purposes: ['marketing'] },
  ],
  groupByPurpose: false,
  translations: { zz: { privacyPolicyUrl: '/privacy' } },
}

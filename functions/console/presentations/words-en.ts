/** The English words of the page Presentations. */
export const english = {
  introduction:
    'A presentation is what people see first: the words, what they can switch on, and the way to say no. It is recorded with each answer, so a published one never changes.',
  policy: 'Policy',
  noPolicies: 'Publish a policy first.',
  noVersion: 'This policy has no version in force, so there is nothing to ask about yet.',
  presentations: 'Published presentations',
  id: 'Id',
  since: 'Published',
  wording: 'Text',
  controls: 'Can be switched on',
  refusal: 'Saying no',
  layer: '{layer, plural, =1 {On the first layer} other {On layer #}}',
  none: 'No presentation of this policy is published. The banner asks in its own words.',
  newPresentation: 'A new presentation',
  continued: 'This is what you had written before. It is kept in this tab until you publish it.',
  beginAnew: 'Begin anew',
  notKept: 'This tab cannot keep what you write. Publish it before you leave.',
  preview: 'As people see it',
  readerLanguage: 'A reader of',
  previewHint:
    'This is the banner itself, as it asks somebody who has not answered. In this preview nothing is recorded.',
  pressed: 'Here the answer would be recorded. In this preview nothing is.',
  notUsed:
    'The banner will not use this: it takes a presentation that has controls, all of them off at first, and whose refusal is on layer 1. Pages of your own may use it.',
  publish: 'Publish the presentation',
  review: 'Check and publish',
  faults: '{count, plural, one {# thing to mend, marked above} other {# things to mend, marked above}}',
  publishMeans:
    'It is published for ever. Of several that fit, the banner takes the one with the most controls, then the newest.',
  published: 'The presentation {id} is published',
  publishedNext: 'Banners show it within a minute or so to people who have not answered.',
} as const

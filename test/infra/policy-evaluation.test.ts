/** The tests' own evaluator of policies decides as IAM's documentation has it, and refuses to decide what it does not know. */
import { describe, expect, it } from 'vitest'
import { type Answer, evaluate, type Request } from '../support/policy-evaluation.ts'
import type { Json } from '../support/synthesised.ts'

const request = (more: Partial<Request> = {}): Request => ({
  ...{ action: 's3:GetObject', resource: 'arn:aws:s3:::b/a/1', principal: 'role', context: {} },
  ...more,
})
const allow = (more: object = {}) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...more })
const deny = (more: object = {}) => ({ ...allow(more), Effect: 'Deny' })
const when = (operator: string, key: string, ...values: string[]) => ({ Condition: { [operator]: { [key]: values } } })
const partitions = (...names: string[]) => ({ context: { 'dynamodb:LeadingKeys': names } })

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and _multi-value-conditions */
it.each<[string, Json[], Partial<Request>, Answer]>([
  ['nothing is allowed by silence', [], {}, 'not denied'],
  ['a Deny stands above every Allow', [allow(), deny()], {}, 'Deny'],
  ['a Deny of another action does not', [allow(), deny({ Action: 's3:PutObject' })], {}, 'Allow'],
  ['actions are the same in any case', [allow({ Action: 'S3:getobject' })], {}, 'Allow'],
  ['resources are not', [allow({ Resource: 'arn:aws:s3:::B/*' })], {}, 'not denied'],
  ['a pattern crosses slashes', [allow({ Resource: 'arn:aws:s3:::b/*' })], {}, 'Allow'],
  ['NotResource is all others', [deny({ Resource: undefined, NotResource: 'arn:aws:s3:::b/c/*' })], {}, 'Deny'],
  ['NotResource spares its own', [deny({ Resource: undefined, NotResource: 'arn:aws:s3:::b/a/*' })], {}, 'not denied'],
  ['another principal', [allow({ Principal: { Service: 'logging.s3.amazonaws.com' } })], {}, 'not denied'],
  ['a key that is missing', [allow(when('StringEquals', 'k', 'a'))], {}, 'not denied'],
  ['a key that is missing, negated', [deny(when('StringNotLike', 'k', 'a'))], {}, 'Deny'],
  ['a key that is missing, of a number', [deny(when('NumericLessThan', 's3:TlsVersion', '1.2'))], {}, 'not denied'],
  ['Null of a key that is missing', [deny(when('Null', 'k', 'true'))], {}, 'Deny'],
  ['Null of one that is there', [deny(when('Null', 'k', 'true'))], { context: { k: '' } }, 'not denied'],
  [
    'every key of an operator',
    [allow({ Condition: { StringEquals: { k: 'a', l: 'b' } } })],
    { context: { k: 'a' } },
    'not denied',
  ],
  [
    'names of keys in any case',
    [deny(when('StringEquals', 'AWS:principalorgid', 'o'))],
    { context: { 'aws:PrincipalOrgID': 'o' } },
    'Deny',
  ],
  ['all values of none', [allow(when('ForAllValues:StringLike', 'dynamodb:LeadingKeys', 'a#*'))], {}, 'Allow'],
  [
    'all values',
    [allow(when('ForAllValues:StringLike', 'dynamodb:LeadingKeys', 'a#*'))],
    partitions('a#1', 'b#1'),
    'not denied',
  ],
  ['any value of none', [deny(when('ForAnyValue:StringLike', 'dynamodb:LeadingKeys', '*'))], {}, 'not denied'],
  [
    'any value',
    [deny(when('ForAnyValue:StringLike', 'dynamodb:LeadingKeys', 'b#*'))],
    partitions('a#1', 'b#1'),
    'Deny',
  ],
  [
    'any value, negated',
    [deny(when('ForAnyValue:StringNotLike', 'dynamodb:LeadingKeys', 'a#*', 'b#*'))],
    partitions('a#1', 'b#1'),
    'not denied',
  ],
  [
    'any value, negated, of one that fits none',
    [deny(when('ForAnyValue:StringNotLike', 'dynamodb:LeadingKeys', 'a#*'))],
    partitions('a#1', 'b#1'),
    'Deny',
  ],
])('%s', (_, statements, more, expected) => {
  expect(evaluate(statements, request(more))).toBe(expected)
})

describe('is not decided', () => {
  it.each<[string, Json]>([
    ['NotAction', deny({ Action: undefined, NotAction: 's3:PutObject' })],
    ['NotPrincipal', allow({ NotPrincipal: { AWS: '*' } })],
    ['an operator that is not known, also where its key is missing', allow(when('StringEqualsIfExists', 'k', 'a'))],
    ['a variable', allow({ Resource: ['arn:aws:s3:::b/', '{aws:username}'].join('$') })],
  ])('%s', (_, statement) => {
    expect(() => evaluate([statement], request())).toThrow('is not known here')
  })
})

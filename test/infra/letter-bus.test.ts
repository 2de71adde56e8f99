/** Where letters go on AWS: to a bus that is passed in, by the one function that makes them; without one, nowhere. */
import { EventBus } from 'aws-cdk-lib/aws-events'
import { expect, it } from 'vitest'
import { grantsOfRoles } from '../support/grants.ts'
import { alone } from '../support/synthesised.ts'

const bus = 'arn:aws:events:eu-west-1:111122223333:event-bus/letters'

it.each<[string, ReturnType<typeof alone>, string, readonly unknown[]]>([
  [
    'with a bus',
    alone((stack) => ({ letterBus: EventBus.fromEventBusArn(stack, 'Bus', bus) })),
    bus,
    [['letters', [bus]]],
  ],
  ['without one', alone(), 'none', []],
])('%s', (_, made, variable, rights) => {
  const puts = grantsOfRoles(made).filter(({ actions }) => actions.some((each) => each.startsWith('events:')))
  expect(puts.flatMap(({ actions }) => actions)).toEqual(rights.map(() => 'events:PutEvents'))
  expect(puts.map(({ holder, resources }) => [holder, resources])).toEqual(rights)
  const variables = made
    .of('AWS::Lambda::Function')
    .map(({ properties }) => properties.Environment?.Variables?.LETTER_BUS)
    .filter((each) => each !== undefined)
  expect(variables).toEqual([variable])
})

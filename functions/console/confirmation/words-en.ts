/** The English words of a typed confirmation. */
export const english = {
  type: 'Type {name} to confirm',
  wrong: 'Nothing was done: “{typed}” is not {name}.',
  cancel: 'Cancel',
} as const

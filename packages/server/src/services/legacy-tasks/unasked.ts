/** What no legacy client can ask for of a batch task. */
export const unasked = {
  mode: undefined,
  needConfirm: false,
  extInfo: undefined,
  targetsFilter: undefined,
  policy: {},
} as const;

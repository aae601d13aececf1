/** v5 1, `app_id`, and likewise the other ids of bodies: an empty text is an absent one. */
export function given(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** The same as an id. */
export function givenId<Id extends string>(text: string | undefined): Id | undefined {
  return given(text) as Id | undefined;
}

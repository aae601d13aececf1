import fc from 'fast-check';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
/** Into a value: keys of objects and places in lists. */
export type Path = readonly (string | number)[];

/** Where a value holds something that is no list and no object. */
export function leavesOf(value: Json, path: Path = []): readonly Path[] {
  if (Array.isArray(value)) return value.flatMap((item: Json, at) => leavesOf(item, [...path, at]));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, member]) => leavesOf(member, [...path, key]));
}

export function withValue(value: Json, [head, ...rest]: Path, leaf: Json): Json {
  if (head === undefined) return leaf;
  if (Array.isArray(value)) return value.map((item: Json, at) => (at === head ? withValue(item, rest, leaf) : item));
  const object = value as { readonly [key: string]: Json };
  return { ...object, [head]: withValue(object[head] ?? null, rest, leaf) };
}

export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key], value);

const meaningful = ['\0', '\\u0000', '\\', "'", '"', '{', '}', ',', '%', '?', '$1', ';--', '\ud83d\ude00', 'a', '\n'];

/** Any sequence of UTF-16 units: NUL, control characters, halves of surrogate pairs and whole ones, and what SQL and JSON give a meaning. */
export const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...meaningful),
      fc.nat(0xffff).map((unit) => String.fromCharCode(unit)),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(''));

const longText = fc
  .tuple(hostileText, fc.integer({ min: 100, max: 20_000 }))
  .map(([part, count]) => part.repeat(count));

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(2 ** 31, 2 ** 53, 2 ** 63, 2 ** 64, -(2 ** 63), 1e30, -1e30, -1, -0, 0.5),
);

/** A value that no client means well. */
export const hostileValue: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: hostileText },
  { weight: 1, arbitrary: longText },
  { weight: 2, arbitrary: number },
);

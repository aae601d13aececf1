import { Problem } from '../../domain/problem.ts';
import type { V5Route } from './route.ts';

/** Canonical name of one member -> the name on this wire, where snake case alone does not give it. */
export type FieldNames = Readonly<Record<string, string>>;

/** `desired[0].values` with `{desired: 'shadow', values: 'desired'}` -> `shadow[0].desired`. */
function wireFieldName(field: string, names: FieldNames): string {
  return field.replace(/[A-Za-z]\w*/g, (name) =>
    Object.hasOwn(names, name)
      ? (names[name] ?? name)
      : name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`),
  );
}

/** The same problem, its field under the name that the client sent. Everything else that is thrown stays as it is. */
function inWireNames(error: unknown, names: FieldNames): unknown {
  if (!(error instanceof Problem) || error.problem !== 'invalidInput' || error.field === undefined) return error;
  const mark = `${error.field}: `;
  const at = error.message.indexOf(mark);
  if (at === -1) return error;
  const field = wireFieldName(error.field, names);
  return new Problem('invalidInput', { field, args: [`${field}: ${error.message.slice(at + mark.length)}`] });
}

/** Routes whose problems speak of the wire's fields. */
export function withFieldNames(names: FieldNames, routes: readonly V5Route[]): V5Route[] {
  return routes.map((route) => ({
    ...route,
    handle: async (call) => {
      try {
        return await route.handle(call);
      } catch (error) {
        throw inWireNames(error, names);
      }
    },
  }));
}

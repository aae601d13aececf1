import type { SqlContext } from './sql-context.ts';

/** A few projects' worth of them. */
const keptMax = 5000;

/** What was parsed once is kept by its text; what was stored was parsed before, and parses again. */
export function kept<Parsed>(known: Map<string, Parsed>, text: string, parse: (text: string) => Parsed): Parsed {
  const before = known.get(text);
  if (before !== undefined) return before;
  const parsed = parse(text);
  if (known.size >= keptMax) known.clear();
  known.set(text, parsed);
  return parsed;
}

/** What a process keeps of parsed texts, when it starts. */
export const nothingKept = (): Pick<SqlContext, 'models' | 'rules' | 'selections' | 'conditions'> => ({
  models: new Map(),
  rules: new Map(),
  selections: new Map(),
  conditions: new Map(),
});

import type { App } from '../../domain/app.ts';
import { Problem } from '../../domain/problem.ts';
import type { NamedGroup, TargetStore } from '../../ports/store/target-store.ts';

/** The static groups of an application that a client has named in `field`. Problems: groupNotFound, with the first that is unknown. */
export async function requireGroups(
  targets: TargetStore,
  { owner, field }: { readonly owner: App; readonly field: string },
  by: Parameters<TargetStore['findGroups']>[1],
): Promise<readonly NamedGroup[]> {
  const found = await targets.findGroups(owner, by);
  const known = new Set<string>(found.map(({ groupId, name }) => ('names' in by ? name : groupId)));
  const named = ('names' in by ? by.names : by.ids).find((one) => !known.has(one));
  if (named !== undefined) throw new Problem('groupNotFound', { field, named });
  return found;
}

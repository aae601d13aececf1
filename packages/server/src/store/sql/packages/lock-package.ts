import type { PackageId, ProjectId } from '../../../domain/ids.ts';
import { locked } from '../locks.ts';
import { first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

/** Whoever names a package in a task and whoever deletes it come one after the other. False: the project has no such package. */
export function* lockPackage(ctx: SqlContext, projectId: ProjectId, packageId: PackageId): Program<boolean> {
  const packages = ctx.db.selectFrom('packages').select('package_id').where('package_id', '=', packageId);
  return (yield* first(locked(ctx, packages.where('project_id', '=', projectId)))) !== undefined;
}

import { asId, type PackageFileId, type PackageId, type ProjectId } from '../../../domain/ids.ts';
import type { NewPackage, OtaPackage, PackageFile } from '../../../domain/package.ts';
import type { Page, PageRequest } from '../../../domain/paging.ts';
import { Problem } from '../../../domain/problem.ts';
import type { PackageMetaStore } from '../../../ports/store/catalogue-stores.ts';
import { selectPage } from '../page.ts';
import { holdModule } from '../modules/module-store.ts';
import { findProduct } from '../products/product-store.ts';
import { all, change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { changeUnique } from '../unique.ts';
import { isUnfinished } from '../unfinished.ts';
import { fileOf, packageOf, rowOfPackage } from './package-codec.ts';

const versionTaken = {
  key: { table: 'packages', columns: ['app_id', 'product_id', 'type', 'module_name', 'version'] },
  problem: () => new Problem('packageExists'),
};

export function createPackageMetaStore({ read, write }: Runner, ctx: SqlContext): PackageMetaStore {
  return {
    insertFile: (file) => write(() => insertFile(ctx, file)),
    findFreeFile: (projectId, fileId) => read(() => findFreeFile(ctx, projectId, fileId)),
    takeStaleFiles: (uploadedBefore, limit) => write(() => takeStaleFiles(uploadedBefore, limit)),
    insert: (pkg) => write(() => insertPackage(ctx, pkg)),
    find: (projectId, packageId) => read(() => findPackage(ctx, projectId, packageId)),
    list: (filter, page) => read(() => listPackages(ctx, filter, page)),
    delete: (projectId, packageId) => write(() => deletePackage(ctx, projectId, packageId)),
  };
}

function* insertFile(ctx: SqlContext, file: PackageFile): Program<void> {
  const { fileId, projectId, fileName, size, sha256, uploadedAt } = file;
  yield* change(
    ctx.db.insertInto('package_files').values({
      file_id: fileId,
      project_id: projectId,
      file_name: fileName,
      size,
      sha256,
      uploaded_at: uploadedAt,
    }),
  );
}

function* findFreeFile(ctx: SqlContext, projectId: ProjectId, fileId: PackageFileId): Program<PackageFile | undefined> {
  const row = yield* first(
    ctx.db
      .selectFrom('package_files')
      .selectAll()
      .where('file_id', '=', fileId)
      .where('project_id', '=', projectId)
      .where('package_id', 'is', null),
  );
  return row && fileOf(row);
}

function* takeStaleFiles(uploadedBefore: number, limit: number): Program<readonly PackageFileId[]> {
  const rows = yield* all<{ file_id: string }>({
    sql: `DELETE FROM package_files WHERE file_id IN
      (SELECT file_id FROM package_files WHERE package_id IS NULL AND uploaded_at < ? ORDER BY uploaded_at LIMIT ?)
      RETURNING file_id`,
    parameters: [uploadedBefore, limit],
  });
  return rows.map((row) => asId<PackageFileId>(row.file_id));
}

function* insertPackage(ctx: SqlContext, pkg: NewPackage): Program<OtaPackage> {
  const { projectId, productId, appId, location } = pkg;
  const product = yield* findProduct(ctx, { projectId, productId, appId });
  if (product === undefined) throw new Problem('productNotFound', { field: 'productId' });
  yield* holdModule(ctx, pkg);
  yield* changeUnique(ctx, ctx.db.insertInto('packages').values(rowOfPackage(pkg)), [versionTaken]);
  if (location.kind === 'file') yield* takeFile(ctx, pkg, location.file.fileId);
  const stored = yield* findPackage(ctx, projectId, pkg.packageId);
  if (stored === undefined) throw new Error('The package that was just stored is missing.');
  return stored;
}

/** A file serves one package: whoever comes second finds it taken, or its removal begun. */
function* takeFile(ctx: SqlContext, { projectId, packageId }: NewPackage, fileId: PackageFileId): Program<void> {
  const taken = yield* change(
    ctx.db
      .updateTable('package_files')
      .set({ package_id: packageId })
      .where('file_id', '=', fileId)
      .where('project_id', '=', projectId)
      .where('package_id', 'is', null),
  );
  if (taken === 0) {
    throw new Problem('packageFileUnusable', { field: 'location', args: ['It does not exist or is used already.'] });
  }
}

const packagesWithFile = (ctx: SqlContext, projectId: ProjectId) =>
  ctx.db
    .selectFrom('packages')
    .leftJoin('products', (join) =>
      join.onRef('products.app_id', '=', 'packages.app_id').onRef('products.product_id', '=', 'packages.product_id'),
    )
    .leftJoin('package_files', 'package_files.package_id', 'packages.package_id')
    .selectAll('packages')
    .select((eb) => eb.ref('products.name').$notNull().as('product_name'))
    .select(['file_id', 'file_name', 'size', 'sha256', 'uploaded_at'])
    .where('packages.project_id', '=', projectId);

function* findPackage(ctx: SqlContext, projectId: ProjectId, packageId: PackageId): Program<OtaPackage | undefined> {
  const row = yield* first(packagesWithFile(ctx, projectId).where('packages.package_id', '=', packageId));
  return row && packageOf(row);
}

function* listPackages(
  ctx: SqlContext,
  filter: Parameters<PackageMetaStore['list']>[0],
  page: PageRequest,
): Program<Page<OtaPackage>> {
  const { appId, productId, version } = filter;
  let base = packagesWithFile(ctx, filter.projectId).where('packages.type', '=', filter.type);
  if (appId !== undefined) base = base.where('packages.app_id', '=', appId);
  if (productId !== undefined) base = base.where('packages.product_id', '=', productId);
  if (version !== undefined) base = base.where('packages.version', '=', version);
  return yield* selectPage(base, { key: 'packages.record_id', page, decode: packageOf });
}

/** The row of its file goes with it; the bytes are the caller's to remove. */
function* deletePackage(ctx: SqlContext, projectId: ProjectId, packageId: PackageId): Program<OtaPackage> {
  const pkg = yield* findPackage(ctx, projectId, packageId);
  if (pkg === undefined) throw new Problem('packageNotFound');
  const user = yield* first(
    ctx.db.selectFrom('tasks').select('task_no').where('package_id', '=', packageId).where(isUnfinished).limit(1),
  );
  if (user !== undefined) throw new Problem('packageInUse');
  yield* change(ctx.db.deleteFrom('packages').where('package_id', '=', packageId).where('project_id', '=', projectId));
  return pkg;
}

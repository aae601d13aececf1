import { asId, type PackageFileId, type PackageId, type ProjectId } from '../../../domain/ids.ts';
import type { IncomingFile, NewPackage, OtaPackage, PackageFile } from '../../../domain/package.ts';
import type { Page, PageRequest } from '../../../domain/paging.ts';
import { Problem } from '../../../domain/problem.ts';
import type { PackageFilter, PackageKey, PackageMetaStore } from '../../../ports/store/catalogue-stores.ts';
import { selectPage } from '../page.ts';
import { holdModule } from '../modules/module-store.ts';
import { findProduct } from '../products/product-store.ts';
import { traitColumns } from '../products/trait-columns.ts';
import { all, change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { changeUnique } from '../unique.ts';
import { isUnfinished } from '../unfinished.ts';
import { lockPackage } from './lock-package.ts';
import { fileOf, packageOf, rowOfPackage } from './package-codec.ts';

const versionTaken = {
  key: { table: 'packages', columns: ['app_id', 'product_id', 'type', 'module_name', 'version'] },
  problem: () => new Problem('packageExists'),
};

export function createPackageMetaStore({ read, write }: Runner, ctx: SqlContext): PackageMetaStore {
  return {
    insertFile: (file) => write(() => insertFile(ctx, file)),
    findFreeFile: (projectId, fileId) => read(() => findFreeFile(ctx, projectId, fileId)),
    keepFile: (file) => write(() => keepFile(ctx, file)),
    dropFile: (fileId) => write(() => dropFile(ctx, fileId)),
    dropStaleFiles: (uploadedBefore, limit) => write(() => dropStaleFiles(uploadedBefore, limit)),
    forgetFiles: (fileIds) => write(() => forgetFiles(ctx, fileIds)),
    exists: (pkg) => read(() => packageExists(ctx, pkg)),
    insert: (pkg) => write(() => insertPackage(ctx, pkg)),
    find: (projectId, packageId) => read(() => findPackage(ctx, projectId, packageId)),
    list: (filter, page) => read(() => listPackages(ctx, filter, page)),
    delete: (projectId, packageId) => write(() => deletePackage(ctx, projectId, packageId)),
  };
}

function* insertFile(ctx: SqlContext, file: IncomingFile | PackageFile): Program<void> {
  const { fileId, projectId, fileName, uploadedAt } = file;
  const whole = 'sha256' in file ? file : undefined;
  yield* change(
    ctx.db.insertInto('package_files').values({
      file_id: fileId,
      project_id: projectId,
      file_name: fileName,
      size: whole?.size ?? 0,
      sha256: whole?.sha256 ?? '',
      uploaded_at: uploadedAt,
      state: whole === undefined ? 'incoming' : 'kept',
    }),
  );
}

function* keepFile(ctx: SqlContext, { fileId, size, sha256, uploadedAt }: PackageFile): Program<boolean> {
  const kept = yield* change(
    ctx.db
      .updateTable('package_files')
      .set({ size, sha256, uploaded_at: uploadedAt, state: 'kept' })
      .where('file_id', '=', fileId)
      .where('state', '=', 'incoming'),
  );
  return kept === 1;
}

function* dropFile(ctx: SqlContext, fileId: PackageFileId): Program<void> {
  yield* change(
    ctx.db
      .updateTable('package_files')
      .set({ state: 'dropped' })
      .where('file_id', '=', fileId)
      .where('package_id', 'is', null),
  );
}

function* findFreeFile(ctx: SqlContext, projectId: ProjectId, fileId: PackageFileId): Program<PackageFile | undefined> {
  const row = yield* first(
    ctx.db
      .selectFrom('package_files')
      .selectAll()
      .where('file_id', '=', fileId)
      .where('project_id', '=', projectId)
      .where('package_id', 'is', null)
      .where('state', '=', 'kept'),
  );
  return row && fileOf(row);
}

function* dropStaleFiles(uploadedBefore: number, limit: number): Program<readonly PackageFileId[]> {
  const rows = yield* all<{ file_id: string }>({
    sql: `UPDATE package_files SET state = 'dropped' WHERE package_id IS NULL AND file_id IN
      (SELECT file_id FROM package_files WHERE package_id IS NULL AND (state = 'dropped' OR uploaded_at < ?)
       ORDER BY uploaded_at LIMIT ?)
      RETURNING file_id`,
    parameters: [uploadedBefore, limit],
  });
  return rows.map((row) => asId<PackageFileId>(row.file_id));
}

function* forgetFiles(ctx: SqlContext, fileIds: readonly PackageFileId[]): Program<void> {
  if (fileIds.length === 0) return;
  yield* change(ctx.db.deleteFrom('package_files').where('state', '=', 'dropped').where('file_id', 'in', fileIds));
}

function* packageExists(ctx: SqlContext, pkg: PackageKey): Program<boolean> {
  const row = yield* first(
    ctx.db
      .selectFrom('packages')
      .select('package_id')
      .where('app_id', '=', pkg.appId)
      .where('product_id', '=', pkg.productId)
      .where('type', '=', pkg.type)
      .where('module_name', '=', pkg.moduleName ?? '')
      .where('version', '=', pkg.version),
  );
  return row !== undefined;
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
      .where('package_id', 'is', null)
      .where('state', '=', 'kept'),
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
    .innerJoin('product_traits', (join) =>
      join
        .onRef('product_traits.app_id', '=', 'packages.app_id')
        .onRef('product_traits.product_id', '=', 'packages.product_id'),
    )
    .selectAll('packages')
    .select((eb) => eb.ref('products.name').$notNull().as('product_name'))
    .select(['device_type', 'model', 'manufacturer_name', 'manufacturer_id', 'protocol_type'])
    .select(['file_id', 'file_name', 'size', 'sha256', 'uploaded_at'])
    .where('packages.project_id', '=', projectId);

function* findPackage(ctx: SqlContext, projectId: ProjectId, packageId: PackageId): Program<OtaPackage | undefined> {
  const row = yield* first(packagesWithFile(ctx, projectId).where('packages.package_id', '=', packageId));
  return row && packageOf(row);
}

function* listPackages(ctx: SqlContext, filter: PackageFilter, page: PageRequest): Program<Page<OtaPackage>> {
  const { appId, productId, version, traits = {} } = filter;
  const [type, ...others] = filter.types;
  let base = packagesWithFile(ctx, filter.projectId);
  // One alone is a part of the index's order; of several SQLite would sort.
  if (type !== undefined && others.length === 0) base = base.where('packages.type', '=', type);
  else base = base.where('packages.type', 'in', filter.types);
  if (appId !== undefined) base = base.where('packages.app_id', '=', appId);
  if (productId !== undefined) base = base.where('packages.product_id', '=', productId);
  if (version !== undefined) base = base.where('packages.version', '=', version);
  for (const [column, value] of traitColumns(traits)) base = base.where(column, '=', value);
  return yield* selectPage(base, { key: 'packages.record_id', page, decode: packageOf });
}

/** Its file is dropped: the row stays until the caller, or the sweeper, has removed the bytes. */
function* deletePackage(ctx: SqlContext, projectId: ProjectId, packageId: PackageId): Program<OtaPackage> {
  yield* lockPackage(ctx, projectId, packageId);
  const pkg = yield* findPackage(ctx, projectId, packageId);
  if (pkg === undefined) throw new Problem('packageNotFound');
  const user = yield* first(
    ctx.db.selectFrom('tasks').select('task_no').where('package_id', '=', packageId).where(isUnfinished).limit(1),
  );
  if (user !== undefined) throw new Problem('packageInUse');
  const drop = { package_id: null, state: 'dropped' } as const;
  yield* change(ctx.db.updateTable('package_files').set(drop).where('package_id', '=', packageId));
  yield* change(ctx.db.deleteFrom('packages').where('package_id', '=', packageId).where('project_id', '=', projectId));
  return pkg;
}

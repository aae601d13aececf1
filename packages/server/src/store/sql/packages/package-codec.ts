import type { Insertable, Selectable } from 'kysely';
import {
  type AppId,
  asId,
  type PackageFileId,
  type PackageId,
  type ProductId,
  type ProjectId,
  type RecordId,
} from '../../../domain/ids.ts';
import type { NewPackage, OtaPackage, PackageFile, PackageLocation, PackageType } from '../../../domain/package.ts';
import { type TraitRow, traitsOfRow } from '../products/trait-columns.ts';
import type { PackageFilesTable, PackagesTable } from '../tables.ts';

type ObjectLocation = Extract<PackageLocation, { kind: 'object' }>;

/** The column `fields`. `object` is absent where a file of package_files holds the package. */
interface StoredFields {
  readonly sourceVersions: readonly string[];
  readonly description?: string;
  readonly customInfo?: string;
  readonly object?: StoredObject;
}

type StoredObject = Omit<ObjectLocation, 'kind' | 'sign'> & { readonly sign?: string };

/** A package with its product's name and its file; the file's columns are null for objects. */
export type PackageRow = Selectable<PackagesTable> & {
  readonly product_name: string;
} & TraitRow & {
    readonly [Column in 'file_id' | 'file_name' | 'size' | 'sha256' | 'uploaded_at']: PackageFilesTable[Column] | null;
  };

export function packageOf(row: PackageRow): OtaPackage {
  const fields = JSON.parse(row.fields) as StoredFields;
  return {
    recordId: asId<RecordId>(row.record_id),
    packageId: asId<PackageId>(row.package_id),
    projectId: asId<ProjectId>(row.project_id),
    appId: asId<AppId>(row.app_id),
    productId: asId<ProductId>(row.product_id),
    productName: row.product_name,
    traits: traitsOfRow(row),
    type: row.type as PackageType,
    moduleName: row.module_name === '' ? undefined : row.module_name,
    version: row.version,
    sourceVersions: fields.sourceVersions,
    description: fields.description,
    customInfo: fields.customInfo,
    location: locationOf(row, fields),
    createdAt: row.created_at,
  };
}

function locationOf(row: PackageRow, { object }: StoredFields): PackageLocation {
  if (object !== undefined) return { ...object, kind: 'object', sign: object.sign };
  const { file_id, file_name, size, sha256, uploaded_at } = row;
  if (file_id === null || file_name === null || size === null || sha256 === null || uploaded_at === null) {
    throw new Error(`Package ${row.package_id} has lost its file.`);
  }
  return { kind: 'file', file: fileOf({ file_id, file_name, size, sha256, uploaded_at, project_id: row.project_id }) };
}

export function fileOf(row: Omit<PackageFilesTable, 'package_id' | 'state'>): PackageFile {
  return {
    fileId: asId<PackageFileId>(row.file_id),
    projectId: asId<ProjectId>(row.project_id),
    fileName: row.file_name,
    size: row.size,
    sha256: row.sha256,
    uploadedAt: row.uploaded_at,
  };
}

export function rowOfPackage(pkg: NewPackage): Insertable<PackagesTable> {
  return {
    record_id: pkg.recordId,
    package_id: pkg.packageId,
    project_id: pkg.projectId,
    app_id: pkg.appId,
    product_id: pkg.productId,
    type: pkg.type,
    // Part of the unique key, where NULL would equal nothing.
    module_name: pkg.moduleName ?? '',
    version: pkg.version,
    fields: JSON.stringify(fieldsOf(pkg)),
    created_at: pkg.createdAt,
  };
}

function fieldsOf({ sourceVersions, description, customInfo, location }: NewPackage): StoredFields {
  return {
    sourceVersions,
    ...(description === undefined ? {} : { description }),
    ...(customInfo === undefined ? {} : { customInfo }),
    ...(location.kind === 'file' ? {} : { object: objectFieldsOf(location) }),
  };
}

function objectFieldsOf({ kind: _, sign, ...place }: ObjectLocation): StoredObject {
  return { ...place, ...(sign === undefined ? {} : { sign }) };
}

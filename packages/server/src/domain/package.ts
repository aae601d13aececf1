import type { AppId, PackageFileId, PackageId, ProductId, ProjectId, RecordId } from './ids.ts';
import type { ProductTraits } from './product.ts';

export const packageTypes = ['softwarePackage', 'firmwarePackage', 'modulePackage'] as const;
export type PackageType = (typeof packageTypes)[number];

/** A file that Muster keeps (v5 10, package-files). */
export interface PackageFile {
  readonly fileId: PackageFileId;
  readonly projectId: ProjectId;
  readonly fileName: string;
  /** Bytes, 1 to 1 GiB. */
  readonly size: number;
  /** Lower hex. */
  readonly sha256: string;
  readonly uploadedAt: number;
}

/** An object in an S3-compatible store (v5 10, obs_location). */
export interface PackageObject {
  /** Which of the operator's stores. */
  readonly region: string;
  readonly bucket: string;
  readonly key: string;
  /** SHA-256 of the object in lower hex, as its owner says. */
  readonly sign: string | undefined;
  /** Bytes, when the package was created. */
  readonly size: number;
}

/** A file of which the bytes are still coming. */
export type IncomingFile = Omit<PackageFile, 'size' | 'sha256'>;

export type PackageLocation =
  | { readonly kind: 'file'; readonly file: PackageFile }
  | ({ readonly kind: 'object' } & PackageObject);

export interface NewPackage {
  readonly recordId: RecordId;
  readonly packageId: PackageId;
  readonly projectId: ProjectId;
  readonly appId: AppId;
  readonly productId: ProductId;
  readonly type: PackageType;
  readonly moduleName: string | undefined;
  readonly version: string;
  /** Empty: any version may be upgraded. */
  readonly sourceVersions: readonly string[];
  readonly description: string | undefined;
  /** Handed to the device as it is, at most 4096 characters. */
  readonly customInfo: string | undefined;
  readonly location: PackageLocation;
  readonly createdAt: number;
}

export interface OtaPackage extends NewPackage {
  readonly productName: string;
  /** Of its product. */
  readonly traits: ProductTraits;
}

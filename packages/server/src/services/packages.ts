import type { Readable } from 'node:stream';
import { type AppId, asId, type PackageFileId, type PackageId, type ProductId, type ProjectId } from '../domain/ids.ts';
import type {
  NewPackage,
  OtaPackage,
  PackageFile,
  PackageLocation,
  PackageObject,
  PackageType,
} from '../domain/package.ts';
import type { Page, PageRequest } from '../domain/paging.ts';
import { Problem, invalid } from '../domain/problem.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ObjectStores } from '../ports/object-stores.ts';
import type { PackageStore } from '../ports/package-store.ts';
import type { Random } from '../ports/random.ts';
import type { AppStore, PackageFilter, PackageMetaStore, ProductStore } from '../ports/store/catalogue-stores.ts';
import { checkAppFilter, requireApp } from './app-scope.ts';
import { removeDropped } from './package-removal.ts';
import { checkPackageFileName } from './package-file-name.ts';

export interface CreatePackage {
  readonly appId: AppId;
  readonly productId: ProductId;
  readonly type: PackageType;
  readonly moduleName: string | undefined;
  readonly version: string;
  readonly sourceVersions: readonly string[];
  readonly description: string | undefined;
  readonly customInfo: string | undefined;
  readonly location: WishedLocation;
}

/** A file that was uploaded before, or an object of a store that the operator has configured. */
export type WishedLocation =
  | { readonly kind: 'file'; readonly fileId: PackageFileId }
  | ({ readonly kind: 'object' } & Omit<PackageObject, 'size'>);

/** Upgrade packages and their files (v5 10). */
export interface PackageService {
  /**
   * Streams `body` to its end and keeps it; whatever must still be checked behind the last byte (a signature) is checked by letting
   * `body` fail. Problems: packageFileUnusable (name, size), and what `body` fails with.
   */
  upload(projectId: ProjectId, fileName: string, body: Readable): Promise<PackageFile>;
  /** Problems: appNotFound, productNotFound, moduleNotFound, packageExists, packageFileUnusable, invalidInput (`moduleName`). */
  create(projectId: ProjectId, command: CreatePackage): Promise<{ pkg: OtaPackage; warnings: readonly string[] }>;
  /** Problems: appNotFound. */
  list(filter: PackageFilter, page: PageRequest): Promise<Page<OtaPackage>>;
  /** Problems: packageNotFound. */
  get(place: PackagePlace): Promise<OtaPackage>;
  /** Problems: packageNotFound, packageInUse. */
  delete(place: PackagePlace): Promise<void>;
}

export interface PackagePlace {
  readonly projectId: ProjectId;
  readonly packageId: PackageId;
  /** Of this application alone, if one is named. */
  readonly appId?: AppId;
  /** Of these types alone, if any are named. */
  readonly types?: readonly PackageType[];
}

export interface PackageServiceParts {
  readonly store: {
    readonly apps: AppStore;
    readonly products: ProductStore;
    readonly packages: PackageMetaStore;
  };
  readonly files: PackageStore;
  readonly objects: Pick<ObjectStores, 'look'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** MUSTER_PACKAGE_FILE_MAX_BYTES; of objects, too. */
  readonly fileBytesMax: number;
}

export function createPackageService(parts: PackageServiceParts): PackageService {
  const { store } = parts;
  const get = async ({ projectId, packageId, appId, types }: PackagePlace): Promise<OtaPackage> => {
    const pkg = await store.packages.find(projectId, packageId);
    const isMeant = (appId ?? pkg?.appId) === pkg?.appId && (pkg === undefined || types?.includes(pkg.type) !== false);
    if (pkg === undefined || !isMeant) throw new Problem('packageNotFound');
    return pkg;
  };
  return {
    upload: (projectId, fileName, body) => upload(parts, { projectId, fileName, body }),
    create: (projectId, command) => create(parts, projectId, command),
    list: async (filter, page) => {
      await checkAppFilter(store.apps, filter.projectId, filter.appId);
      return store.packages.list(filter, page);
    },
    get,
    delete: async (place) => {
      // A package stays in its application.
      const { projectId, packageId } = await get(place);
      const { location } = await store.packages.delete(projectId, packageId);
      // v5 10: the object in a store stays, a local file goes.
      if (location.kind === 'file') await removeDropped(parts, [location.file.fileId]);
    },
  };
}

/** The row comes before the bytes and goes after them: nothing is left behind wherever this stops. */
async function upload(
  parts: PackageServiceParts,
  { projectId, fileName, body }: { projectId: ProjectId; fileName: string; body: Readable },
): Promise<PackageFile> {
  const { store, files, clock, random, fileBytesMax } = parts;
  checkPackageFileName(fileName);
  const fileId = asId<PackageFileId>(random.uuid());
  const incoming = { fileId, projectId, fileName, uploadedAt: clock.now() };
  await store.packages.insertFile(incoming);
  try {
    const written = await files.put(fileId, body, fileBytesMax);
    // Device 8.3: packages have at least one byte.
    if (written.size === 0) throw new Problem('packageFileUnusable', { field: 'file', args: ['It is empty.'] });
    const file: PackageFile = { ...incoming, ...written, uploadedAt: clock.now() };
    if (!(await store.packages.keepFile(file))) throw new Error(`The upload ${fileId} was given up while it came.`);
    return file;
  } catch (error) {
    await store.packages.dropFile(fileId);
    await removeDropped(parts, [fileId]);
    throw error;
  }
}

async function create(
  parts: PackageServiceParts,
  projectId: ProjectId,
  command: CreatePackage,
): Promise<{ pkg: OtaPackage; warnings: readonly string[] }> {
  const { store, clock, random } = parts;
  checkModuleName(command);
  const { location: wished, ...fields } = command;
  await requireApp(store.apps, projectId, fields.appId);
  const product = await store.products.find(projectId, fields.productId, fields.appId);
  if (product === undefined) throw new Problem('productNotFound', { field: 'productId' });
  // Whoever sends a package again names the file that the first has taken: that is not what is wrong.
  if (await store.packages.exists(fields)) throw new Problem('packageExists');
  const packageId = asId<PackageId>(random.orderedId());
  const location = await findLocation(parts, projectId, wished);
  const fresh: NewPackage = {
    ...fields,
    recordId: asId(packageId),
    packageId,
    projectId,
    location,
    createdAt: clock.now(),
  };
  const pkg = await store.packages.insert(fresh);
  return { pkg, warnings: warningsOf(location) };
}

/** v5 10: required for, and only for, `modulePackage`. */
function checkModuleName({ type, moduleName }: CreatePackage): void {
  if (type === 'modulePackage' && moduleName === undefined)
    throw invalid('moduleName', 'is required for modulePackage');
  if (type !== 'modulePackage' && moduleName !== undefined) throw invalid('moduleName', 'is for modulePackage only');
}

async function findLocation(
  parts: PackageServiceParts,
  projectId: ProjectId,
  wished: WishedLocation,
): Promise<PackageLocation> {
  if (wished.kind === 'object') return { ...wished, size: await findObject(parts, wished) };
  const file = await parts.store.packages.findFreeFile(projectId, wished.fileId);
  if (file === undefined || !(await parts.files.has(file.fileId))) {
    throw unusable('It does not exist or is used already.');
  }
  return { kind: 'file', file };
}

/** Its size. v5 10: unknown region, missing object, more than 1 GB. */
async function findObject(
  { objects, fileBytesMax }: PackageServiceParts,
  wished: Omit<PackageObject, 'size'>,
): Promise<number> {
  const look = await objects.look(wished);
  if (look.kind === 'unusable') throw unusable(look.reason);
  if (look.size === 0) throw unusable('It is empty.');
  if (look.size > fileBytesMax) throw unusable(`It exceeds ${fileBytesMax} bytes.`);
  return look.size;
}

const unusable = (reason: string): Problem => new Problem('packageFileUnusable', { field: 'location', args: [reason] });

/** The length buffer of the official C device SDK holds nine digits (device 8.3). */
const sizeForEveryDeviceMax = 999_999_999;

function warningsOf(location: PackageLocation): readonly string[] {
  const { size } = location.kind === 'file' ? location.file : location;
  if (size <= sizeForEveryDeviceMax) return [];
  return [
    `The file has ${size} bytes: devices with the official C SDK cannot load more than ${sizeForEveryDeviceMax}.`,
  ];
}

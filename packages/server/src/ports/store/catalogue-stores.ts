import type { App } from '../../domain/app.ts';
import type { DeviceGroup, GroupMember, GroupType, StoredGroup } from '../../domain/group.ts';
import type {
  AppId,
  DeviceId,
  GroupId,
  ModuleId,
  PackageFileId,
  PackageId,
  ProductId,
  ProjectId,
} from '../../domain/ids.ts';
import type { NewOtaModule, OtaModule, OtaModuleFields } from '../../domain/ota-module.ts';
import type { IncomingFile, NewPackage, OtaPackage, PackageFile, PackageType } from '../../domain/package.ts';
import type { EitherEnd, Page, PageRequest } from '../../domain/paging.ts';
import type { NewProduct, Product, ProductFields, ProductTraits } from '../../domain/product.ts';

export interface AppStore {
  /** Problems: appNameTaken, appLimit. */
  insert(app: App, appsMax: number): Promise<void>;
  find(projectId: ProjectId, appId: AppId): Promise<App | undefined>;
  findDefault(projectId: ProjectId): Promise<App | undefined>;
  list(projectId: ProjectId, isDefault?: boolean): Promise<readonly App[]>;
  /** Problems: appNotFound, appNameTaken. */
  rename(projectId: ProjectId, appId: AppId, name: string): Promise<App>;
  /** Problems: appNotFound, appInUse. */
  delete(projectId: ProjectId, appId: AppId): Promise<void>;
}

export interface ProductStore {
  /** Problems: productExists, productLimit. */
  insert(product: NewProduct, productsMax: number): Promise<Product>;
  /** Without `appId`: that of the default application, else the oldest of that id (v5 5). */
  find(projectId: ProjectId, productId: ProductId, appId?: AppId): Promise<Product | undefined>;
  list(filter: { projectId: ProjectId; appId?: AppId; name?: string }, page: PageRequest): Promise<Page<Product>>;
  /** Those of an application with all of these traits, exact; the oldest first, at most `limit`. */
  listByTraits(
    app: Pick<App, 'projectId' | 'appId'>,
    traits: Partial<ProductTraits>,
    limit: number,
  ): Promise<readonly ProductId[]>;
  /** Problems: productNotFound. */
  update(
    product: Pick<Product, 'projectId' | 'appId' | 'productId'>,
    changes: Partial<ProductFields>,
  ): Promise<Product>;
  /** Its OTA modules go with it. Problems: productNotFound, productInUse. */
  delete(product: Pick<Product, 'projectId' | 'appId' | 'productId'>): Promise<void>;
}

/** Devices of one application. */
export interface DeviceSet {
  readonly deviceIds: readonly DeviceId[];
  readonly appId: AppId;
}

export interface GroupStore {
  /**
   * With these devices of its application. Problems: groupNameTaken, groupNotFound (super group), groupType (super group), groupLimit
   * (depth, count), invalidSql; deviceNotFound, groupFull.
   */
  insert(group: DeviceGroup, members?: readonly DeviceId[]): Promise<StoredGroup>;
  find(projectId: ProjectId, groupId: GroupId): Promise<StoredGroup | undefined>;
  list(
    filter: { projectId: ProjectId; appId?: AppId; name?: string; type?: GroupType; modifiedAfter?: number },
    page: EitherEnd,
  ): Promise<Page<StoredGroup>>;
  /** Problems: groupNotFound, groupNameTaken. */
  update(
    projectId: ProjectId,
    groupId: GroupId,
    changes: { name?: string; description?: string; maxDevices?: number; modifiedAt: number },
  ): Promise<StoredGroup>;
  /** Problems: groupNotFound, groupNotEmpty. */
  delete(projectId: ProjectId, groupId: GroupId): Promise<void>;
  /** Its devices stay. Problems: groupNotFound, groupNotEmpty (subgroups). */
  dissolve(projectId: ProjectId, groupId: GroupId): Promise<void>;
  /** Adding twice succeeds. Problems: groupNotFound, groupType (dynamic), deviceNotFound, groupFull (members, groups of the device). */
  addMember(projectId: ProjectId, groupId: GroupId, deviceId: DeviceId): Promise<void>;
  /** Many at once, for imports and seeding; unknown devices are left out. Returns how many are new. */
  addMembers(projectId: ProjectId, groupId: GroupId, deviceIds: readonly DeviceId[]): Promise<number>;
  /** All of them, of the group's application, or none; returns how many are new. Problems: as addMember. */
  addAll(projectId: ProjectId, groupId: GroupId, devices: DeviceSet): Promise<number>;
  /** All of them, of the group's application, or none. Problems: groupNotFound, groupType (dynamic), deviceNotFound. */
  removeAll(projectId: ProjectId, groupId: GroupId, devices: DeviceSet): Promise<void>;
  /** Problems: groupNotFound, groupType (dynamic). */
  removeMember(projectId: ProjectId, groupId: GroupId, deviceId: DeviceId): Promise<void>;
  /** Of a dynamic group: the devices that its rule matches now, newest first alone. */
  listMembers(projectId: ProjectId, groupId: GroupId, page: EitherEnd): Promise<Page<GroupMember>>;
  /** Static groups, and dynamic ones whose rule matches the device now; none where the project has no such device. */
  listOf(projectId: ProjectId, deviceId: DeviceId): Promise<readonly DeviceGroup[]>;
}

/** What makes a package one of its kind. */
export type PackageKey = Pick<NewPackage, 'appId' | 'productId' | 'type' | 'moduleName' | 'version'>;

export interface PackageFilter {
  readonly projectId: ProjectId;
  readonly types: readonly PackageType[];
  readonly appId?: AppId;
  readonly productId?: ProductId;
  readonly version?: string;
  /** Of the product, exact. */
  readonly traits?: Partial<ProductTraits>;
}

export interface PackageMetaStore {
  /** One that is still coming is nobody's to use until `keepFile`. */
  insertFile(file: IncomingFile | PackageFile): Promise<void>;
  /** All of it has come. False: it was given up meanwhile. */
  keepFile(file: PackageFile): Promise<boolean>;
  /** One that came to nothing. */
  dropFile(fileId: PackageFileId): Promise<void>;
  /** Undefined also where a package uses it already: a file serves one package. */
  findFreeFile(projectId: ProjectId, fileId: PackageFileId): Promise<PackageFile | undefined>;
  /** Files that no package took within the time, and those dropped before: at most `limit` are dropped and returned for removal. */
  dropStaleFiles(uploadedBefore: number, limit: number): Promise<readonly PackageFileId[]>;
  /** The bytes of these dropped files are gone. */
  forgetFiles(fileIds: readonly PackageFileId[]): Promise<void>;
  /** Whether its product, type, module and version have a package. */
  exists(pkg: PackageKey): Promise<boolean>;
  /** Problems: productNotFound, moduleNotFound, packageExists, packageFileUnusable (file taken meanwhile). */
  insert(pkg: NewPackage): Promise<OtaPackage>;
  find(projectId: ProjectId, packageId: PackageId): Promise<OtaPackage | undefined>;
  list(filter: PackageFilter, page: PageRequest): Promise<Page<OtaPackage>>;
  /** Returns what was deleted; its file is dropped. Problems: packageNotFound, packageInUse. */
  delete(projectId: ProjectId, packageId: PackageId): Promise<OtaPackage>;
}

export interface ModuleStore {
  /** Problems: productNotFound, moduleNameTaken, moduleLimit. */
  insert(module: NewOtaModule, modulesMax: number): Promise<OtaModule>;
  find(projectId: ProjectId, moduleId: ModuleId): Promise<OtaModule | undefined>;
  list(
    filter: { projectId: ProjectId; appId: AppId; productId?: ProductId },
    page: PageRequest,
  ): Promise<Page<OtaModule>>;
  /** Problems: moduleNotFound. */
  update(projectId: ProjectId, moduleId: ModuleId, changes: OtaModuleFields): Promise<OtaModule>;
  /** Problems: moduleNotFound, moduleInUse (a package is of it). */
  delete(projectId: ProjectId, moduleId: ModuleId): Promise<void>;
}

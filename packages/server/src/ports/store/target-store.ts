import type { App } from '../../domain/app.ts';
import type { DeviceId, GroupId, ProductId } from '../../domain/ids.ts';
import type { PackageType } from '../../domain/package.ts';
import type { ProductTraits } from '../../domain/product.ts';

export type AppScope = Pick<App, 'projectId' | 'appId'>;

/** What an operation says of its package. */
export interface PackageBrief {
  readonly type: PackageType;
  readonly productId: ProductId;
  readonly version: string;
  readonly traits: ProductTraits;
}

export interface NamedGroup {
  readonly groupId: GroupId;
  readonly name: string;
}

/** What legacy clients name targets by, within one application, in sets; what is not there is left out. */
export interface TargetStore {
  /** Static groups, by names or by ids. */
  findGroups(
    scope: AppScope,
    by: { readonly names: readonly string[] } | { readonly ids: readonly string[] },
  ): Promise<readonly NamedGroup[]>;
  /** Of which product each of the devices is. */
  findProductsOf(scope: AppScope, deviceIds: readonly string[]): Promise<ReadonlyMap<string, ProductId>>;
  /** Which node each of the devices is. */
  findNodesOf(scope: AppScope, deviceIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Devices of this node, in whatever product; at most 100. */
  findByNode(scope: AppScope, nodeId: string): Promise<readonly DeviceId[]>;
  findPackages(scope: AppScope, packageIds: readonly string[]): Promise<ReadonlyMap<string, PackageBrief>>;
  /** Those that were deleted, too, as they were: while a task names them. */
  findTaskPackages(scope: AppScope, packageIds: readonly string[]): Promise<ReadonlyMap<string, PackageBrief>>;
}

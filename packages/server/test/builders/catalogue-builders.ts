import type { StoredGroup } from '../../src/domain/group.ts';
import {
  asId,
  type GroupId,
  type ModuleId,
  type PackageFileId,
  type PackageId,
  type ProductId,
} from '../../src/domain/ids.ts';
import type { NewOtaModule } from '../../src/domain/ota-module.ts';
import type { NewPackage, PackageFile } from '../../src/domain/package.ts';
import type { NewProduct } from '../../src/domain/product.ts';
import { builtAt, random, recordId, uniqueName } from './chance.ts';

export function aProduct(over: Partial<NewProduct> & Pick<NewProduct, 'projectId' | 'appId'>): NewProduct {
  const id = random.orderedId();
  return {
    recordId: recordId(),
    productId: asId<ProductId>(id),
    createdAt: builtAt,
    name: uniqueName('product'),
    deviceType: 'Press',
    protocolType: 'MQTT',
    dataFormat: 'json',
    capabilities: [],
    ...over,
  };
}

export function aGroup(over: Partial<StoredGroup> & Pick<StoredGroup, 'projectId' | 'appId'>): StoredGroup {
  return {
    recordId: recordId(),
    groupId: asId<GroupId>(random.uuid()),
    name: uniqueName('group'),
    description: undefined,
    superGroupId: undefined,
    rule: undefined,
    maxDevices: 0,
    creator: undefined,
    deviceCount: 0,
    createdAt: builtAt,
    modifiedAt: over.createdAt ?? builtAt,
    ...over,
  };
}

export function aPackageFile(over: Partial<PackageFile> & Pick<PackageFile, 'projectId'>): PackageFile {
  return {
    fileId: asId<PackageFileId>(random.uuid()),
    fileName: 'press-1.2.bin',
    size: 1024,
    sha256: 'ab'.repeat(32),
    uploadedAt: builtAt,
    ...over,
  };
}

/** In an object store, unless `location` says otherwise: that needs no uploaded file. */
export function aPackage(
  over: Partial<NewPackage> & Pick<NewPackage, 'projectId' | 'appId' | 'productId'>,
): NewPackage {
  return {
    recordId: recordId(),
    packageId: asId<PackageId>(random.orderedId()),
    type: 'firmwarePackage',
    moduleName: undefined,
    version: uniqueName('v'),
    sourceVersions: [],
    description: undefined,
    customInfo: undefined,
    location: { kind: 'object', region: 'here', bucket: 'files', key: 'fw.bin', sign: undefined, size: 1024 },
    createdAt: builtAt,
    ...over,
  };
}

export function anOtaModule(
  over: Partial<NewOtaModule> & Pick<NewOtaModule, 'projectId' | 'appId' | 'productId'>,
): NewOtaModule {
  return {
    recordId: recordId(),
    moduleId: asId<ModuleId>(random.orderedId()),
    name: uniqueName('module'),
    createdAt: builtAt,
    ...over,
  };
}

/** Services with properties that can be written, and one that cannot. */
export const motorAndLamp: NewProduct['capabilities'] = [
  {
    service_id: 'Motor',
    service_type: 'Motor',
    properties: [
      { property_name: 'speed', data_type: 'int', method: 'RW' },
      { property_name: 'mode', data_type: 'jsonObject', method: 'RWE' },
      { property_name: 'temperature', data_type: 'decimal', method: 'RE' },
    ],
  },
  {
    service_id: 'Lamp',
    service_type: 'Lamp',
    properties: [{ property_name: 'on', data_type: 'boolean', method: 'W' }],
  },
];

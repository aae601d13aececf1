import { asId, type AppId, type ProductId, type ProjectId } from '../../packages/server/src/domain/ids.ts';
import type { SecretBox } from '../../packages/server/src/ports/secret-box.ts';
import { parseMasterKey } from '../../packages/server/src/system/master-key.ts';
import { createSecretBox } from '../../packages/server/src/system/secret-box.ts';

/** What is the same in every database that a bench makes, so that seeding, server and clients need not tell each other. */
export const installation = {
  projectId: asId<ProjectId>('0'.repeat(32)),
  appId: asId<AppId>('1'.repeat(32)),
  productId: asId<ProductId>('bench'),
  accessKey: 'bench',
  secretKey: 'bench',
  /** Of every seeded device. */
  deviceSecret: '0123456789abcdef',
  /** 32 bytes: a seeded database must open in a server process, too. */
  masterKey: Buffer.alloc(32, 'bench').toString('base64'),
} as const;

export const installationBox = (): SecretBox =>
  createSecretBox(parseMasterKey(installation.masterKey), 'stored-secrets');

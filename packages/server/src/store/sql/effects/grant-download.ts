import { insertRows } from '../insert-rows.ts';
import type { EffectProgram } from './apply-effects.ts';

const columns = {
  token_hash: 'text',
  task_no: 'int',
  seq: 'int',
  attempt: 'int',
  device_id: 'text',
  package_id: 'text',
  expires_at: 'int',
} as const;

/** Device 8.2: a repeated offer makes another token; the older ones of the attempt stay good until their own expiry. */
export const grantDownloads: EffectProgram<'grantDownload'> = function* (ctx, _projectId, effects) {
  const rows = effects.map(({ grant }) => [
    grant.tokenHash,
    grant.taskNo,
    grant.seq,
    grant.attempt,
    grant.deviceId,
    grant.packageId,
    grant.expiresAt,
  ]);
  yield* insertRows(ctx, { into: 'download_grants', columns, rows });
  return {};
};

import { changeEach } from '../program.ts';
import type { EffectProgram } from './apply-effects.ts';

/** Device 8.2: a repeated offer makes another token; the older ones of the attempt stay good until their own expiry. */
export const grantDownloads: EffectProgram<'grantDownload'> = function* (_ctx, _projectId, effects) {
  yield* changeEach(
    `INSERT INTO download_grants (token_hash, task_no, seq, attempt, device_id, package_id, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    effects.map(({ grant }) => [
      grant.tokenHash,
      grant.taskNo,
      grant.seq,
      grant.attempt,
      grant.deviceId,
      grant.packageId,
      grant.expiresAt,
    ]),
  );
  return {};
};

import type { LegacyBatchFile } from '@muster/contract/legacy';
import type { BatchFile } from '../../../domain/batch-file.ts';
import { asId } from '../../../domain/ids.ts';
import { toBasicTime } from '../../../domain/time.ts';
import type { BatchFileService } from '../../../services/batch-files.ts';
import type { LegacyCodes } from '../problems.ts';
import { type LegacyRoute, legacyRoute } from '../route.ts';

const codes: LegacyCodes = { batchFileNotFound: '101001' };

/** Legacy 3.3: the files that the application has uploaded here. */
export function createBatchFileRoutes(files: BatchFileService): LegacyRoute[] {
  return [
    legacyRoute('UploadLegacyBatchFile', {
      handle: async ({ owner, receiveFile }) =>
        encodeFile(await receiveFile((fileName, body) => files.upload(owner, fileName, body))),
    }),
    legacyRoute('ListLegacyBatchFiles', {
      handle: async ({ owner }) => {
        const found = await files.list(owner);
        return { totalCount: found.length, files: found.map(encodeFile) };
      },
    }),
    legacyRoute('DeleteLegacyBatchFile', {
      codes,
      handle: ({ owner, param }) => files.delete(owner, asId(param('fileId'))),
    }),
  ];
}

const encodeFile = ({ fileId, fileName, uploadedAt }: BatchFile): LegacyBatchFile => ({
  ...{ fileId, fileName, uploadTime: toBasicTime(uploadedAt) },
});

import { describe, expect, it } from 'vitest';
import { batchFilesMax } from '../../../src/domain/batch-file.ts';
import { type AppId, asId, type BatchFileId, type RecordId } from '../../../src/domain/ids.ts';
import type { Store } from '../../../src/ports/store/store.ts';
import { builtAt, random } from '../../builders/chance.ts';
import type { Scope } from '../../builders/given.ts';
import { expectProblem, type MakeStore, useStore } from './store-fixture.ts';

type Owner = Pick<Scope, 'projectId'> & { readonly appId?: AppId };

async function upload(store: Store, owner: Owner, fileName: string): Promise<BatchFileId> {
  const file = {
    fileId: asId<BatchFileId>(random.uuid()),
    recordId: asId<RecordId>(random.orderedId()),
    ...{ ...owner, fileName, uploadedAt: builtAt, expiresAt: builtAt + 1000 },
  };
  await store.batchFiles.begin(file);
  await store.batchFiles.finish({ ...file, columns: ['device_id'] }, builtAt);
  return file.fileId;
}

export function describeBatchFiles(makeStore: MakeStore): void {
  describe('batch files', () => {
    const fixture = useStore(makeStore);

    it('of an application and of the project are told apart, and the project has them all', async () => {
      const { store, given, scope } = fixture();
      const { projectId, appId } = scope;
      const project = { projectId };
      const own = { projectId, appId };
      const theirs = { projectId, appId: (await given.app(scope)).appId };
      const ids = [
        await upload(store, project, 'a.csv'),
        await upload(store, own, 'a.csv'),
        await upload(store, theirs, 'a.csv'),
      ] as const;
      const listed = async (asker: Owner) => (await store.batchFiles.list(asker, builtAt)).map(({ fileId }) => fileId);
      expect(await listed(project)).toEqual(ids.toReversed());
      expect([await listed(own), await listed(theirs)]).toEqual([[ids[1]], [ids[2]]]);
      const found = await Promise.all(ids.map((fileId) => store.batchFiles.find(projectId, fileId, builtAt)));
      expect(found.map((file) => file?.appId)).toEqual([undefined, appId, theirs.appId]);

      await expectProblem(upload(store, own, 'a.csv'), 'batchFileNameTaken');
      await expectProblem(store.batchFiles.delete(own, ids[0], builtAt), 'batchFileNotFound');
      await expectProblem(store.batchFiles.delete(own, ids[2], builtAt), 'batchFileNotFound');
      await store.batchFiles.delete(own, ids[1], builtAt);
      await store.batchFiles.delete(project, ids[2], builtAt);
      expect(await listed(project)).toEqual([ids[0]]);
    });

    it('are counted by owner', async () => {
      const { store, scope } = fixture();
      const { projectId, appId } = scope;
      for (let n = 0; n < batchFilesMax; n++) await upload(store, scope, `${n}.csv`);
      await expectProblem(upload(store, { projectId, appId }, 'more.csv'), 'batchFileLimit');
      await expectProblem(store.batchFiles.checkRoom({ ...scope, fileName: 'more.csv' }, builtAt), 'batchFileLimit');
      await upload(store, { projectId }, 'more.csv');
    });
  });
}

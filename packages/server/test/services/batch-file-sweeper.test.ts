import { describe, expect, it, onTestFinished } from 'vitest';
import { asId, type BatchFileId, type RecordId } from '../../src/domain/ids.ts';
import { createBatchFileSweeper } from '../../src/services/batch-file-sweeper.ts';
import { random } from '../builders/chance.ts';
import { createGiven } from '../builders/given.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { openTestStore } from '../support/test-store.ts';

const hour = 3_600_000;
const nextLook = 10_000;
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, child: () => log };

async function openUploads() {
  const store = await openTestStore();
  onTestFinished(() => store.stop());
  const clock = createManualClock();
  const { projectId } = await createGiven(store).scope();
  return {
    clock,
    /** Begins now; two of its rows are stored. */
    async begin(fileName: string) {
      const now = clock.now();
      const file = {
        ...{
          fileId: asId<BatchFileId>(random.uuid()),
          recordId: asId<RecordId>(random.orderedId()),
          projectId,
          fileName,
        },
        ...{ uploadedAt: now, expiresAt: now + 1000 * hour },
      };
      await store.batchFiles.begin(file);
      const rows = ['one', 'two'].map((cell, index) => ({ rowNo: index + 2, cells: [cell] }));
      await store.batchFiles.addRows(file.fileId, 0, rows);
      return {
        rowsLeft: async () => (await store.batchFiles.listRows(file.fileId, 0, 10)).length,
        finish: () => store.batchFiles.finish({ ...file, columns: ['device_id'] }, clock.now()),
      };
    },
    startSweeper(isAlone: boolean): void {
      const sweeper = createBatchFileSweeper({ store, clock, log, isAlone });
      onTestFinished(() => sweeper.stop());
      sweeper.start();
    },
  };
}

describe('Rows of an upload that its process did not finish', () => {
  it('go at the next start of the only one, and those of its own uploads stay', async () => {
    const { clock, begin, startSweeper } = await openUploads();
    const left = await begin('left.csv');
    await clock.advance(1);
    startSweeper(true);
    const own = await begin('own.csv');
    await clock.advance(nextLook);
    expect([await left.rowsLeft(), await own.rowsLeft()]).toEqual([0, 2]);
    clock.set(clock.now() + 500 * hour);
    await clock.advance(nextLook);
    await own.finish();
  });

  it('go where there are others once no upload lasts so long', async () => {
    const { clock, begin, startSweeper } = await openUploads();
    const left = await begin('left.csv');
    await clock.advance(1);
    startSweeper(false);
    await clock.advance(nextLook);
    clock.set(clock.now() + 2 * hour);
    const other = await begin('other.csv');
    await clock.advance(nextLook);
    expect([await left.rowsLeft(), await other.rowsLeft()]).toEqual([2, 2]);
    clock.set(clock.now() + hour);
    await clock.advance(nextLook);
    expect([await left.rowsLeft(), await other.rowsLeft()]).toEqual([0, 2]);
    await other.finish();
  });
});

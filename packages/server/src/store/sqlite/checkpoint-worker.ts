import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { CheckpointMessage, CheckpointWork } from './checkpoints.ts';

/** Folding fewer at a time would write the same hot pages into the file again and again. */
const pagesMin = 1000;

const { path } = workerData as CheckpointWork;
const database = new DatabaseSync(path);
const look = database.prepare('PRAGMA wal_checkpoint(NOOP)');
const fold = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');

parentPort?.on('message', (message: CheckpointMessage) => {
  if (message === 'stop') {
    database.close();
    parentPort?.close();
    return;
  }
  try {
    const state = look.get();
    if (Number(state?.['log']) - Number(state?.['checkpointed']) >= pagesMin) fold.get();
  } catch {
    // A full disk, most likely: whoever writes is told so. Nothing is lost in the log, and the next commit brings another look.
  }
  parentPort?.postMessage('looked');
});

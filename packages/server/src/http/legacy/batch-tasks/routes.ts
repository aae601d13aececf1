import {
  CreateLegacyBatchTaskRequest,
  ListLegacyBatchTasksQuery,
  ListLegacySubtasksQuery,
  ShowLegacyBatchTaskQuery,
} from '@muster/contract/legacy';
import type { LegacyBatchService, SubtaskView } from '../../../services/legacy-tasks/legacy-batch-service.ts';
import { answerList, decodeNewestFirst } from '../page.ts';
import type { LegacyCodes } from '../problems.ts';
import { type LegacyRoute, legacyRoute } from '../route.ts';
import { decodeBatchFilter, decodeNewBatch, decodeSubtaskFilter, missingInNewBatch } from './decode.ts';
import { encodeBatch, encodeSubtask } from './encode.ts';

/** Legacy 3. */
const codes: LegacyCodes = {
  taskNotFound: '105005',
  taskNameTaken: '105002',
  groupNotFound: '101001',
  batchFileNotFound: '101001',
};

/** `rowsMax`: of a list that is not paged. */
export function createBatchTaskRoutes(batches: LegacyBatchService, rowsMax: number): LegacyRoute[] {
  return [
    legacyRoute('CreateLegacyBatchTask', {
      ...{ body: CreateLegacyBatchTaskRequest, missing: missingInNewBatch, codes },
      handle: async (call) => {
        const taskId = await batches.create(decodeNewBatch(call, call.body));
        return { taskID: taskId, taskId };
      },
    }),
    legacyRoute('ListLegacyBatchTasks', {
      ...{ query: ListLegacyBatchTasksQuery, codes },
      handle: async ({ owner, query }) => {
        const page = await batches.list(owner, decodeBatchFilter(query), decodeNewestFirst(query));
        const tasks = page.items.map((view) => encodeBatch(view, { withTags: true }));
        return { totalCount: page.count, pageNo: query.pageNo, pageSize: query.pageSize, tasks };
      },
    }),
    legacyRoute('ShowLegacyBatchTask', {
      ...{ query: ShowLegacyBatchTaskQuery, codes },
      handle: async ({ owner, query, param }) =>
        encodeBatch(await batches.show({ owner, taskId: param('taskId') }), { withTags: query.select === 'tag' }),
    }),
    legacyRoute('ListLegacySubtasks', {
      ...{ query: ListLegacySubtasksQuery, queryAliases: { taskID: 'taskId' }, codes },
      handle: async ({ owner, query }) => {
        const view = await batches.show({ owner, taskId: query.taskId });
        const filter = decodeSubtaskFilter(query);
        return answerList(query, {
          ...{ member: 'taskDetails', rowsMax, encode: (subtask: SubtaskView) => encodeSubtask(view, subtask) },
          read: (page) => batches.listSubtasks(view.task, filter, page),
        });
      },
    }),
    legacyRoute('StopLegacyBatchTask', {
      codes: { ...codes, taskState: '105802' },
      handle: ({ owner, param }) => batches.stop({ owner, taskId: param('taskId') }),
    }),
    legacyRoute('DeleteLegacyBatchTask', {
      codes: { ...codes, taskState: '105801' },
      handle: ({ owner, param }) => batches.delete({ owner, taskId: param('taskId') }),
    }),
  ];
}

import type { LegacyBatchParam } from '@muster/contract/legacy';
import type { JsonObject } from '../../../domain/json.ts';
import { isJsonObject } from '../../../domain/json.ts';
import type { LegacyBatchView } from '../../../services/legacy-tasks/legacy-batch-service.ts';

/** Legacy 10.5: what `param` would have been of a task that was made through v5. */
export function paramOfCore(view: LegacyBatchView): LegacyBatchParam {
  const { task, batchType } = view;
  return batchType === 'DeviceCmd' ? { ...sourceOf(view), command: commandOf(task.document ?? {}) } : sourceOf(view);
}

function sourceOf({ task, targets }: LegacyBatchView): LegacyBatchParam {
  switch (task.sourceKind) {
    case 'devices':
      return { type: 'DeviceList', deviceList: [...targets] };
    case 'groups':
      return { type: 'GroupIdList', groupList: groupIdsOf(task.echo) };
    case 'file':
      return task.fileId === undefined ? {} : { fileId: task.fileId };
  }
}

function groupIdsOf({ targets_filter: filter }: JsonObject): string[] {
  const groupIds = isJsonObject(filter) ? filter['group_ids'] : undefined;
  return Array.isArray(groupIds) ? groupIds.map(String) : [];
}

function commandOf({ service_id, command_name, paras }: JsonObject): NonNullable<LegacyBatchParam['command']> {
  return {
    serviceId: typeof service_id === 'string' ? service_id : '',
    method: typeof command_name === 'string' ? command_name : '',
    ...(isJsonObject(paras) ? { paras: { ...paras } } : {}),
  };
}

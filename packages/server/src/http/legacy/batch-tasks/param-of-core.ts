import type { LegacyBatchParam } from '@muster/contract/legacy';
import type { JsonObject } from '../../../domain/json.ts';
import { isJsonObject } from '../../../domain/json.ts';
import type { LegacyBatchView } from '../../../services/legacy-tasks/legacy-batch-service.ts';

/** Legacy 10.5: what `param` would have been of a task that was made through v5. */
export function paramOfCore({ task, batchType, targets }: LegacyBatchView): LegacyBatchParam {
  if (batchType !== 'DeviceCmd') return task.sourceKind === 'file' ? {} : { deviceList: [...targets] };
  const { document = {} } = task;
  return { ...targetsOf(task.echo, targets), command: commandOf(document) };
}

function targetsOf(echo: JsonObject, targets: readonly string[]): LegacyBatchParam {
  const filter = echo['targets_filter'];
  const groupIds = isJsonObject(filter) ? filter['group_ids'] : undefined;
  if (Array.isArray(groupIds)) return { type: 'GroupIdList', groupList: groupIds.map(String) };
  return { type: 'DeviceList', deviceList: [...targets] };
}

function commandOf({ service_id, command_name, paras }: JsonObject): NonNullable<LegacyBatchParam['command']> {
  return {
    serviceId: typeof service_id === 'string' ? service_id : '',
    method: typeof command_name === 'string' ? command_name : '',
    ...(isJsonObject(paras) ? { paras: { ...paras } } : {}),
  };
}

import type { Downlink } from '../domain/downlink.ts';
import type { JsonObject } from '../domain/json.ts';
import type { OtaPackage } from '../domain/package.ts';
import { isChild, type Run, type RunDevice } from '../domain/run.ts';
import type { Task } from '../domain/task.ts';
import type { TaskContext } from '../ports/task-type.ts';

export function queryDownlink(run: Run, device: RunDevice, task: Task): Downlink {
  return event(device, 'version_query', { ...gatewayParas(run, device, task), ...extParas(task) });
}

export interface Offer {
  readonly pkg: OtaPackage;
  readonly token: string;
  /** `firmware_upgrade` or `software_upgrade`. */
  readonly eventType: string;
}

/** Device 7.3, v1: for files that Muster stores. */
export function offerDownlink(
  { run, device, ctx }: { readonly run: Run; readonly device: RunDevice; readonly ctx: TaskContext },
  offer: Offer,
): Downlink {
  const { pkg, token } = offer;
  if (pkg.location.kind !== 'file') throw new Error(`Package ${pkg.packageId} has no file of ours.`);
  const { file } = pkg.location;
  const path = `applications/${device.appId}/devices/${device.deviceId}/packages/${pkg.packageId}`;
  return event(device, offer.eventType, {
    version: pkg.version,
    url: `${ctx.downloadBase}/iodm/dev/v2.0/upgradefile/${path}`,
    file_size: file.size,
    file_name: file.fileName,
    access_token: token,
    expires: Math.floor(ctx.timers.otaTokenMs / 1000),
    sign: file.sha256,
    ...(pkg.customInfo === undefined ? {} : { custom_info: pkg.customInfo }),
    ...extParas(ctx.task),
    ...gatewayParas(run, device, ctx.task),
  });
}

function event({ deviceId, rootId }: RunDevice, eventType: string, paras: JsonObject): Downlink {
  return { deviceId, rootId, content: { kind: 'event', serviceId: '$ota', eventType, paras } };
}

/** Device 7.5: children in gateway mode are told what belongs together; nobody else is. */
function gatewayParas(run: Run, device: RunDevice, task: Task): JsonObject {
  return task.gatewayMode && isChild(device) ? { task_id: task.taskId, sub_device_count: run.siblings } : {};
}

const extParas = (task: Task): JsonObject => (task.extInfo === undefined ? {} : { task_ext_info: task.extInfo });

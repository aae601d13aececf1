import type { Downlink } from '../domain/downlink.ts';
import type { JsonObject } from '../domain/json.ts';
import type { OtaPackage, PackageFile, PackageObject } from '../domain/package.ts';
import { isChild, type Run, type RunDevice } from '../domain/run.ts';
import type { Task } from '../domain/task.ts';
import type { SignedUrl, TaskContext } from '../ports/task-type.ts';

export function queryDownlink(run: Run, device: RunDevice, task: Task): Downlink {
  return event(device, 'version_query', { ...gatewayParas(run, device, task), ...extParas(task) });
}

/** What is offered to whom. */
export interface Offering {
  readonly run: Run;
  readonly device: RunDevice;
  readonly ctx: TaskContext;
  readonly pkg: OtaPackage;
  /** `firmware_upgrade` or `software_upgrade`. */
  readonly eventType: string;
}

/** Device 7.3, v1: a file that Muster stores. */
export function fileOffer(offering: Offering, file: PackageFile, token: string): Downlink {
  const { ctx, device, pkg } = offering;
  const path = `applications/${device.appId}/devices/${device.deviceId}/packages/${pkg.packageId}`;
  return offer(offering, offering.eventType, {
    url: `${ctx.downloadBase}/iodm/dev/v2.0/upgradefile/${path}`,
    file_size: file.size,
    file_name: file.fileName,
    access_token: token,
    expires: Math.floor(ctx.timers.otaTokenMs / 1000),
    sign: file.sha256,
  });
}

/** Device 7.3, v2: an object in a store; its URL is signed and needs no token. */
export function objectOffer(offering: Offering, object: PackageObject, { url, seconds }: SignedUrl): Downlink {
  return offer(offering, `${offering.eventType}_v2`, {
    url,
    file_size: object.size,
    file_name: object.key.slice(object.key.lastIndexOf('/') + 1),
    expires: seconds,
    ...(object.sign === undefined ? {} : { sign: object.sign }),
  });
}

function offer({ run, device, ctx, pkg }: Offering, eventType: string, paras: JsonObject): Downlink {
  return event(device, eventType, {
    version: pkg.version,
    ...paras,
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

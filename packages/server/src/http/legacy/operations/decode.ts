import type { Decoded } from '@muster/contract';
import type { CreateOperationRequest, ListOperationsQuery } from '@muster/contract/legacy';
import type { App } from '../../../domain/app.ts';
import type { JsonObject } from '../../../domain/json.ts';
import { present } from '../../../domain/present.ts';
import { parseBasicTime } from '../../../domain/time.ts';
import type {
  CreateOperation,
  OperationFilter,
  OperationPolicy,
  OperationType,
} from '../../../services/legacy-tasks/legacy-operation-service.ts';
import { LegacyError } from '../legacy-error.ts';

type Body = Decoded<typeof CreateOperationRequest>;
type Policy = NonNullable<Body['policy']>;

const targetsMax = 256;
/** Clocks differ (legacy 4.2, 123033). */
const startToleranceMs = 60_000;

export interface OperationCall {
  readonly caller: App;
  readonly owner: App;
  readonly type: OperationType;
  /** ms since epoch. */
  readonly now: number;
}

/** Legacy 4.2, in the order of its table as far as the request alone tells. */
export function decodeNewOperation({ caller, owner, type, now }: OperationCall, body: Body): CreateOperation {
  const { deviceGroups = [], devices = [], deviceType, model, manufacturerName } = body.targets;
  if (deviceGroups.length === 0 && devices.length === 0) throw new LegacyError('123022');
  if (deviceGroups.length > 0 && devices.length > 0) throw new LegacyError('123023');
  if (deviceGroups.length > targetsMax || devices.length > targetsMax) throw new LegacyError('123024');
  if (deviceGroups.length > 0) {
    requirePresent(manufacturerName, '123019');
    requirePresent(deviceType, '123020');
    requirePresent(model, '123021');
  }
  const policy = body.policy === undefined ? undefined : decodePolicy(body.policy, now);
  const traits = present({ deviceType, model, manufacturerName });
  return {
    ...{ owner, operator: caller.appId, type, packageId: body.fileId, traits },
    targets: devices.length > 0 ? { deviceIds: devices } : { groupNames: deviceGroups },
    policy: policy?.core ?? { executeType: 'now', retries: 0 },
    shown: present({
      targets: present({
        deviceGroups: deviceGroups.length === 0 ? undefined : deviceGroups,
        devices: devices.length === 0 ? undefined : [...new Set(devices)],
        ...traits,
      }),
      policy: policy?.shown,
    }) as unknown as JsonObject,
  };
}

function requirePresent(value: string | undefined, code: string): void {
  if (value === undefined || value === '') throw new LegacyError(code);
}

interface DecodedPolicy {
  readonly core: OperationPolicy;
  readonly shown: object;
}

function decodePolicy(policy: Policy, now: number): DecodedPolicy {
  const { executeType = 'now', retryType = false } = policy;
  const window = decodeWindow(executeType, policy, now);
  const retries = retryType ? decodeRetries(policy.retryTimes) : 0;
  const { startTime = null, endTime = null } = window === undefined ? {} : policy;
  const shown = { executeType, startTime, endTime, retryType, retryTimes: retries };
  if (window !== undefined) return { core: { executeType: 'custom', retries, ...window }, shown };
  return { core: { executeType: executeType === 'device_online' ? 'device_online' : 'now', retries }, shown };
}

/** Undefined: it has none. */
function decodeWindow(executeType: string, { startTime, endTime }: Policy, now: number) {
  if (executeType === 'now' || executeType === 'device_online') return undefined;
  if (executeType !== 'custom') throw new LegacyError('123025', { detail: 'It must be now, device_online or custom.' });
  const [startAt, endAt] = [startTime, endTime].map((text) => (text === undefined ? undefined : parseBasicTime(text)));
  if (startAt === undefined || endAt === undefined) throw new LegacyError('123026');
  if (startAt >= endAt) throw new LegacyError('123032');
  if (startAt < now - startToleranceMs) throw new LegacyError('123033');
  return { startAt, endAt };
}

function decodeRetries(times: number | undefined): number {
  if (times === undefined || times < 1 || times > 5) throw new LegacyError('123028', { detail: 'It must be 1 to 5.' });
  return times;
}

export function decodeOperationFilter(query: Decoded<typeof ListOperationsQuery>): OperationFilter {
  const { operationType, operationStatus: state, deviceType, manufacturerName, model, deviceId } = query;
  return present({
    type: operationType === undefined ? undefined : typeOf[operationType],
    state,
    traits: present({ deviceType, manufacturerName, model }),
    deviceId,
  });
}

const typeOf = { firmware_upgrade: 'firmwareUpgrade', software_upgrade: 'softwareUpgrade' } as const;

import type { JsonObject } from '../json.ts';
import type { UpgradeNotifyType } from '../legacy-subscription.ts';
import type { TaskTypeName } from '../task.ts';
import { type UpgradeFacts, type UpgradePhase, upgradePhases } from '../upgrade/upgrade-facts.ts';

/** What becomes of one sub-operation with one verdict. */
export interface UpgradeOccasion {
  readonly deviceId: string;
  readonly appId: string;
  readonly operationId: string;
  readonly subOperationId: string;
  readonly facts: UpgradeFacts;
  /** It is over, after its last retry; undefined: it is not. */
  readonly end: { readonly isSuccess: boolean; readonly message: string } | undefined;
  /** That the device has now; undefined: it never said. */
  readonly currentVersion: string | undefined;
}

export interface UpgradeMessage extends JsonObject {
  readonly notifyType: UpgradeNotifyType;
}

interface UpgradeMessages {
  readonly types: readonly UpgradeNotifyType[];
  state(phase: UpgradePhase): UpgradeMessage;
  result(result: Result): UpgradeMessage;
}

/** All text (legacy 9.2). */
interface Result {
  readonly curVersion: string;
  readonly targetVersion: string;
  readonly sourceVersion: string;
  readonly status: 'SUCCESS' | 'FAIL';
  readonly description: string;
  readonly errorCode: string;
  readonly upgradeTime: string;
}

const software = (ids: JsonObject): UpgradeMessages => ({
  types: ['swUpgradeStateChangeNotify', 'swUpgradeResultNotify'],
  state: (phase) => ({ notifyType: 'swUpgradeStateChangeNotify', ...ids, swUpgradeState: phase }),
  result: ({ curVersion, targetVersion, sourceVersion, status, description, errorCode, upgradeTime }) => ({
    ...{ notifyType: 'swUpgradeResultNotify', ...ids, curVersion, targetVersion, sourceVersion },
    ...{ swUpgradeResult: status, upgradeTime, resultDesc: description, errorCode, description },
  }),
});

const firmware = (ids: JsonObject): UpgradeMessages => ({
  types: ['fwUpgradeStateChangeNotify', 'fwUpgradeResultNotify'],
  state: (phase) => ({
    ...{ notifyType: 'fwUpgradeStateChangeNotify', ...ids },
    ...{ step: String(upgradePhases.indexOf(phase)), stepDesc: phase.toUpperCase() },
  }),
  result: ({ curVersion, targetVersion, sourceVersion, status, description, upgradeTime }) => ({
    ...{ notifyType: 'fwUpgradeResultNotify', ...ids, curVersion, targetVersion, sourceVersion },
    ...{ status, statusDesc: description, upgradeTime },
  }),
});

const messagesOf: Readonly<Partial<Record<TaskTypeName, (ids: JsonObject) => UpgradeMessages>>> = {
  softwareUpgrade: software,
  firmwareUpgrade: firmware,
};

/** Which types tell of a task's subtasks; none: it is no upgrade that has a name here. */
export const upgradeTypesOf = (type: TaskTypeName): readonly UpgradeNotifyType[] => messagesOf[type]?.({}).types ?? [];

/** In the order in which they go out: the phases passed, then the result. */
export function upgradeMessages(type: TaskTypeName, occasion: UpgradeOccasion): readonly UpgradeMessage[] {
  const { deviceId, appId, operationId, subOperationId, facts, end } = occasion;
  const messages = messagesOf[type]?.({ deviceId, appId, operationId, subOperationId });
  if (messages === undefined) return [];
  const states = facts.phases.map((phase) => messages.state(phase));
  return end === undefined ? states : [...states, messages.result(resultOf(occasion, end))];
}

function resultOf(
  { facts, currentVersion }: UpgradeOccasion,
  { isSuccess, message }: NonNullable<UpgradeOccasion['end']>,
): Result {
  const { targetVersion = '', sourceVersion = '', seconds, resultCode } = facts;
  return {
    curVersion: (isSuccess ? targetVersion : currentVersion) ?? '',
    targetVersion,
    sourceVersion,
    status: isSuccess ? 'SUCCESS' : 'FAIL',
    description: isSuccess ? 'SUCCESS' : message,
    errorCode: isSuccess ? '0' : textOf(resultCode),
    upgradeTime: textOf(seconds),
  };
}

const textOf = (value: number | undefined): string => (value === undefined ? '' : String(value));

import type { PolicyId, ProjectId, RecordId } from './ids.ts';

interface PolicyBase {
  readonly recordId: RecordId;
  readonly policyId: PolicyId;
  readonly projectId: ProjectId;
  readonly name: string | undefined;
  readonly description: string | undefined;
}

/** v5 15.4: how much may wait in a project, and how long. 0: nothing is kept after its first try. */
export interface BacklogLimits {
  readonly bytesMax: number;
  readonly ageSecondsMax: number;
}

export interface BacklogPolicy extends PolicyBase, BacklogLimits {}

/** Of a project without a policy. */
export const defaultBacklog: BacklogLimits = { bytesMax: 1_073_741_823, ageSecondsMax: 86_399 };

/** v5 15.4: what a flow control policy limits: everything of the project, a channel, a rule or an action. */
export const flowScopes = ['USER', 'CHANNEL', 'RULE', 'ACTION'] as const;
export type FlowScope = (typeof flowScopes)[number];

export interface FlowPolicy extends PolicyBase {
  readonly scope: FlowScope;
  /** The channel, rule id or action id; empty for USER. */
  readonly scopeValue: string;
  /** Notifications per second, 1 to 1000. */
  readonly limit: number;
}

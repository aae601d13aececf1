import type { ProjectId, QueueId, RecordId } from './ids.ts';

/** v5 15.6: where AMQP consumers of a project take their notifications from. */
export interface Queue {
  readonly recordId: RecordId;
  readonly queueId: QueueId;
  readonly projectId: ProjectId;
  /** Unique in its project. */
  readonly name: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** v5 15.6: exists in every project, from its start. */
export const defaultQueueName = 'DefaultQueue';

/** v5 15.6: what an access code opens. */
export const accessCodeTypes = ['AMQP', 'MQTT'] as const;
export type AccessCodeType = (typeof accessCodeTypes)[number];

/** One for each project and type. Who signs in shows the code; what is kept of it is enough to know it again. */
export interface AccessCode {
  readonly projectId: ProjectId;
  readonly type: AccessCodeType;
  /** 8 characters, unique in the installation. */
  readonly accessKey: string;
  /** Lower hex SHA-256 of the code, which is random and long. */
  readonly codeHash: string;
  readonly createdAt: number;
}

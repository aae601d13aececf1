import type { PolicyId, ProjectId } from '../../../domain/ids.ts';
import { Problem } from '../../../domain/problem.ts';
import { change, first, type Program, type SqlValue } from '../program.ts';

/** Both kinds of policies are found, changed and deleted alike (v5 15.4). */
export type PolicyTable = 'backlog_policies' | 'flow_policies';

export interface PolicyKey {
  readonly projectId: ProjectId;
  readonly policyId: PolicyId;
}

const ofKey = 'WHERE policy_id = ? AND project_id = ?';

export const findPolicyRow = <Row extends object>(
  table: PolicyTable,
  { projectId, policyId }: PolicyKey,
): Program<Row | undefined> =>
  first<Row>({ sql: `SELECT * FROM ${table} ${ofKey}`, parameters: [policyId, projectId] });

/** Columns without a value stay as they are. Problems: policyNotFound. */
export function* changePolicyRow<Row extends object>(
  table: PolicyTable,
  key: PolicyKey,
  columns: Readonly<Record<string, SqlValue | undefined>>,
): Program<Row> {
  const given = Object.entries(columns).filter((entry): entry is [string, SqlValue] => entry[1] !== undefined);
  if (given.length > 0) {
    yield* change({
      sql: `UPDATE ${table} SET ${given.map(([column]) => `${column} = ?`).join(', ')} ${ofKey}`,
      parameters: [...given.map(([, value]) => value), key.policyId, key.projectId],
    });
  }
  const row = yield* findPolicyRow<Row>(table, key);
  if (row === undefined) throw new Problem('policyNotFound');
  return row;
}

/** Problems: policyNotFound. */
export function* deletePolicyRow(table: PolicyTable, { projectId, policyId }: PolicyKey): Program<void> {
  const deleted = yield* change({ sql: `DELETE FROM ${table} ${ofKey}`, parameters: [policyId, projectId] });
  if (deleted === 0) throw new Problem('policyNotFound');
}

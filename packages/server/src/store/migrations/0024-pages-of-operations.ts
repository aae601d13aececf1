/**
 * Legacy clients page through the upgrades of an application with filters, counted, however deep (legacy 4.4), and through sub-tasks that
 * failed by time or otherwise (legacy 3.5): what is skipped or counted is read off these indexes. The codes are those of `timeCauses`.
 */
const upgrades = (carried: string): string => `
CREATE INDEX tasks_upgrades ON tasks (app_id, project_id, task_id, type, status, package_id${carried})
  WHERE type IN ('firmwareUpgrade', 'softwareUpgrade');
CREATE INDEX subtasks_late ON subtasks (task_no, seq, error_code)
  WHERE state = 'Fail' AND error_code IN ('014111', '014592', '014593', '014136', '014591', '014563');
`;

/** Every index has the key of its table there. */
export const pagesOfOperations = upgrades('');

export const pagesOfOperationsOfPostgres = upgrades(', task_no');

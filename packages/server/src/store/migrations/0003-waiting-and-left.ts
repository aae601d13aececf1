/**
 * Every subtask is written as Waitting, and most leave that state once: an index of all states had two entries written and one taken away
 * for each, beside the one of what is ready. Now three indexes share the states (sql/subtasks/state-places.ts), and each row is in one.
 */
export const waitingAndLeft = `
DROP INDEX subtasks_state;
CREATE INDEX subtasks_held ON subtasks (task_no, hold, seq) WHERE state = 'Waitting' AND hold IS NOT NULL;
CREATE INDEX subtasks_left ON subtasks (task_no, state, seq) WHERE state <> 'Waitting';
`;

/**
 * Every subtask is written as Waitting, and most leave that state once: an index of all states had two entries written and one taken away
 * for each, beside the one of what is ready. Now two indexes share the states (sql/subtasks/state-places.ts).
 */
export const waitingAndLeft = `
DROP INDEX subtasks_state;
DROP INDEX subtasks_ready;
CREATE INDEX subtasks_waiting ON subtasks (task_no, hold, seq) WHERE state = 'Waitting';
CREATE INDEX subtasks_left ON subtasks (task_no, state, seq) WHERE state <> 'Waitting';
`;

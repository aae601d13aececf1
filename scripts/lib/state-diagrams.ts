import { subtaskTransitions } from '../../packages/server/src/domain/subtask-state.ts';
import { isFinalTask, taskTransitions, type TaskStatus } from '../../packages/server/src/domain/task-state.ts';

/** Where the diagrams stand in the repository. */
export const stateMachinesPage = 'docs/state-machines.md';

/** The page of state diagrams, drawn from the tables that the server itself goes by. */
export function renderStateMachines(): string {
  return `# State machines

Drawn by \`node scripts/generate-diagrams.ts\` from the transition tables in \`packages/server/src/domain\`. Triggers and conditions are in the contract, v5 13.1 and 13.2; those of an upgrade's steps in the device page, section 12.

## Batch task

${diagram([...taskEdges()])}

## Subtask

A database-only type passes through \`Processing\` within one transaction. \`dispatch\` is S3, \`remove\` S4, \`succeed\` S5, \`fail-and-wait\` S6, \`fail\` S7, \`start-retry\` S8, \`retry\` S9, \`stop\` S10 and S11.

${diagram([...subtaskEdges()])}
`;
}

function* taskEdges(): Generator<string> {
  yield '[*] --> Initializing';
  for (const [from, targets] of Object.entries(taskTransitions)) {
    for (const to of targets) yield `${from} --> ${to}`;
    if (isFinalTask(from as TaskStatus)) yield `${from} --> [*]: delete`;
  }
}

function* subtaskEdges(): Generator<string> {
  yield '[*] --> Waitting';
  yield '[*] --> Fail: bad row';
  for (const [from, moves] of Object.entries(subtaskTransitions)) {
    for (const [move, to] of Object.entries(moves)) yield `${from} --> ${to}: ${move}`;
  }
}

function diagram(edges: readonly string[]): string {
  return ['```mermaid', 'stateDiagram-v2', ...edges.map((edge) => `  ${edge}`), '```'].join('\n');
}

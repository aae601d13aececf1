import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { renderStateMachines, stateMachinesPage } from '../scripts/lib/state-diagrams.ts';

it('the committed state diagrams are those of the transition tables', () => {
  const committed = readFileSync(new URL(`../${stateMachinesPage}`, import.meta.url), 'utf8');
  expect(committed).toBe(renderStateMachines());
});

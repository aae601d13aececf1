import { writeFileSync } from 'node:fs';
import { renderStateMachines, stateMachinesPage } from './lib/state-diagrams.ts';

/** `node scripts/generate-diagrams.ts`: draws the state machines anew; a test compares what is committed. */
writeFileSync(new URL(`../${stateMachinesPage}`, import.meta.url), renderStateMachines());

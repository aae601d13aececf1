import { tableOf } from './display.ts';
import type { DemoOptions } from './options.ts';
import type { ScenarioEnd } from './scenario.ts';
import type { TaskAccount } from './task-account.ts';

export interface Outcome extends ScenarioEnd {
  readonly pushes: number;
  readonly options: DemoOptions;
  readonly seconds: number;
}

/** Prints table and summary; returns whether every device ended as its script says. */
export function report(outcome: Outcome): boolean {
  const { accounts, pushSurprises, pushes, options, seconds } = outcome;
  const surprises = [...accounts.flatMap((account) => account.surprises), ...pushSurprises];
  const ok = surprises.length === 0;
  for (const { task, rows } of accounts) {
    console.error(`\n${task.type}: ${task.status}. ${task.description}`.trimEnd());
    const cells = rows.map((row) => [row.script, String(row.devices), String(row.asScripted), row.wanted]);
    console.error(tableOf(['script', 'devices', 'as expected', 'expected'], cells));
  }
  console.error(`\n${pushes} notifications received, ${seconds.toFixed(1)} s in all.`);
  for (const surprise of surprises.slice(0, 20)) console.error(`UNEXPECTED ${surprise}`);
  console.error(ok ? 'Everything ended as scripted.' : `${surprises.length} things did not end as scripted.`);
  if (options.json) console.log(JSON.stringify(summaryOf(outcome, ok)));
  return ok;
}

function summaryOf({ accounts, pushes, options, seconds }: Outcome, ok: boolean) {
  return { ok, devices: options.devices, tasks: accounts.map(taskSummary), notifications: pushes, seconds };
}

function taskSummary({ task: { id, type, status, total, counts }, expected }: TaskAccount) {
  return { task_id: id, task_type: type, status, total, ...counts, expected };
}

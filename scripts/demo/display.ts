import type { BatchTask } from '@muster/sdk';

/** Tells a person what happens: one line that is rewritten on a terminal, a line per change of status elsewhere. */
export interface Display {
  say(text: string): void;
  progress(task: BatchTask): void;
}

const barWidth = 24;

/** Writes to standard error, so that standard output holds the summary alone. */
export function createDisplay(): Display {
  const { stderr } = process;
  let open = false;
  let lastStatus = '';
  const closeLine = (): void => {
    if (open) stderr.write('\n');
    open = false;
  };
  return {
    say(text) {
      closeLine();
      stderr.write(`${text}\n`);
    },
    progress(task) {
      const line = progressLine(task);
      if (stderr.isTTY) {
        stderr.write(`\r\x1b[K${line}`);
        open = true;
      } else if (task.status !== lastStatus) {
        stderr.write(`${line}\n`);
      }
      lastStatus = task.status;
    },
  };
}

function progressLine({ task_type, status, task_progress: p }: BatchTask): string {
  const done = p.success + p.fail + p.stopped + p.removed;
  const filled = p.total === 0 ? 0 : Math.floor((done / p.total) * barWidth);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
  const counts = `${p.success} ok, ${p.fail} failed, ${p.processing} running, ${p.fail_wait_retry} to retry, ${p.waitting} waiting`;
  return `  ${task_type.padEnd(15)} ${bar} ${done}/${p.total}  ${status}: ${counts}`;
}

/** A table with left-aligned columns. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const lineOf = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [lineOf(head), lineOf(widths.map((width) => '─'.repeat(width))), ...rows.map(lineOf)].join('\n');
}

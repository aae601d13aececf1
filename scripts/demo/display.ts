/** How far a task is, in the words of the API that it was asked for by. */
export interface Progress {
  readonly name: string;
  readonly status: string;
  readonly total: number;
  readonly done: number;
  /** Its counters, in words. */
  readonly counts: string;
}

/** Tells a person what happens: one line that is rewritten on a terminal, a line per change of status elsewhere. */
export interface Display {
  say(text: string): void;
  progress(progress: Progress): void;
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
    progress(progress) {
      const line = progressLine(progress);
      if (stderr.isTTY) {
        stderr.write(`\r\x1b[K${line}`);
        open = true;
      } else if (progress.status !== lastStatus) {
        stderr.write(`${line}\n`);
      }
      lastStatus = progress.status;
    },
  };
}

function progressLine({ name, status, total, done, counts }: Progress): string {
  const filled = total === 0 ? 0 : Math.floor((done / total) * barWidth);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
  return `  ${name.padEnd(16)} ${bar} ${done}/${total}  ${status}: ${counts}`;
}

const ruleMax = 40;

/** A table with left-aligned columns. The last one may be of long texts: a narrow terminal breaks those alone. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const lineOf = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const rules = widths.map((width) => '─'.repeat(Math.min(width, ruleMax)));
  return [lineOf(head), lineOf(rules), ...rows.map(lineOf)].join('\n');
}

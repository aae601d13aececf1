import { type SettingName, type Settings, settings, variableOf } from './settings.ts';

const entries = Object.entries(settings) as [SettingName, (typeof settings)[SettingName]][];

const usage = [
  ['', 'runs the server'],
  ['-- migrate', 'brings the database up to this version'],
  ['-- backup FILE', 'writes a snapshot of the SQLite database, also while a server runs on it'],
  ['-- move postgres://…', 'copies a stopped installation from SQLite into an empty PostgreSQL database'],
  ['-- --print-config', 'prints what a start would use, secrets masked'],
  ['-- --help', 'prints this'],
] as const;

/** What `--help` prints: commands, and every setting with default and meaning. */
export function listSettings(): string {
  const lines = entries.map(([name, { defaultText, meaning }]) => {
    return `  ${variableOf(name)}=${defaultText.replaceAll('`', '')}\n      ${meaning}`;
  });
  return [
    'Usage:',
    ...usage.map(([rest, meaning]) => `  npm start ${rest.padEnd(23)} ${meaning}`),
    '',
    'Settings are environment variables, or members of the JSON file named by MUSTER_CONFIG, there in lower camel case',
    '(MUSTER_HTTP_PORT = httpPort). The environment wins.',
    '',
    ...lines,
    '',
  ].join('\n');
}

/** What `--print-config` prints: the resolved settings as JSON, secrets masked. */
export function printSettings(resolved: Settings): string {
  const shown = entries.map(([name, { secret }]) => {
    const value: unknown = resolved[name];
    return [name, secret && value !== undefined ? '***' : (value ?? null)];
  });
  return `${JSON.stringify(Object.fromEntries(shown), null, 2)}\n`;
}

/** The table of docs/operations.md, one row for each setting. */
export function settingsTable(): string {
  const code = (text: string): string => (/^[\w./,:-]+$/.test(text) && text !== 'unset' ? `\`${text}\`` : text);
  const plainWords = /^(generated|random|derived)/;
  const rows = entries.map(([name, { defaultText, meaning }]) => {
    const shown = plainWords.test(defaultText) ? defaultText : code(defaultText);
    return `| \`${variableOf(name)}\` | ${shown} | ${meaning} |`;
  });
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

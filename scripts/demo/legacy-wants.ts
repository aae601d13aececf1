import type { Share } from './fleet-plan.ts';
import type { Wanted } from './task-account.ts';

/** What the legacy API makes of a share's expectations, which name failures by their codes of v5. */
export interface LegacyWanted extends Wanted {
  /** The last that is pushed of it: `status` of the result, `resultCode` of the command. */
  readonly pushed: string;
}

type Translation = Omit<LegacyWanted, 'retried'>;

const fail = (cause: string): string => `fail: ${cause}`;

/** Sub-operations have words instead of codes (docs/contract/legacy.md 4.5). */
const upgradeFailures: Readonly<Record<string, Translation>> = {
  'IOTDA.014591': { end: fail('Waiting for the device online timeout'), counter: 'timeout', pushed: 'FAIL' },
  'IOTDA.014594': {
    end: fail('Integrity check failure for new downloaded package (result_code 7) simulated'),
    counter: 'fail',
    pushed: 'FAIL',
  },
  'IOTDA.014595': {
    end: fail('The reported version differs from the target version'),
    counter: 'fail',
    pushed: 'FAIL',
  },
};

const commandFailures: Readonly<Record<string, Translation>> = {
  'IOTDA.014135': { end: 'Fail 105807', counter: 'fail', pushed: 'FAILED' },
  // A v5 command is refused where its device is offline; a legacy one waits for it until the task's time is over.
  'IOTDA.014016': { end: 'Timeout 105804', counter: 'expired', pushed: 'EXPIRED' },
};

export function wantedUpgrade({ upgrade: { code, retried } }: Share): LegacyWanted {
  const success = { end: 'success', counter: 'success', pushed: 'SUCCESS' };
  return { ...(code === undefined ? success : translate(upgradeFailures, code)), retried };
}

export function wantedCommand({ command: { code, retried } }: Share): LegacyWanted {
  const success = { end: 'Success', counter: 'success', pushed: 'SUCCESSFUL' };
  return { ...(code === undefined ? success : translate(commandFailures, code)), retried };
}

function translate(failures: Readonly<Record<string, Translation>>, code: string): Translation {
  const translation = failures[code];
  if (translation === undefined) throw new Error(`The legacy demo has no name for ${code}.`);
  return translation;
}

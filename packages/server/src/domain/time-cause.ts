import { problemCatalogue, type ProblemName } from './problem-catalogue.ts';

/** What a failure by a time limit says of its run: it was under way and nothing came, or it never reached its device (legacy 10.3). */
export const timeCauses = ['timedOut', 'expired'] as const;
export type TimeCause = (typeof timeCauses)[number];

const problemsOf = {
  timedOut: ['commandTimeout', 'upgradeVersionTimeout', 'upgradeResultTimeout'],
  expired: ['notDelivered', 'upgradeOnlineTimeout', 'taskTimeOver'],
} as const satisfies Record<TimeCause, readonly ProblemName[]>;

/** The codes of a subtask's cause that mean it. */
export const codesOfTimeCause = (cause: TimeCause): readonly string[] =>
  problemsOf[cause].map((problem) => problemCatalogue[problem].code);

const byCode = new Map(timeCauses.flatMap((cause) => codesOfTimeCause(cause).map((code) => [code, cause] as const)));

/** Undefined: the failure has nothing to do with time. */
export const timeCauseOf = (code: string): TimeCause | undefined => byCode.get(code);

/** How many failures of each kind there are, or came and went. */
export type TimeFailures = Readonly<Record<TimeCause, number>>;

export const noTimeFailures: TimeFailures = { timedOut: 0, expired: 0 };

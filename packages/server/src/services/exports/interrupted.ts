/** Why an export does not go on here: its task was deleted, it was taken away (deleted, or another node has it), or the process stops. */
export type Interruption = 'taskGone' | 'lost' | 'stopped';

export class Interrupted extends Error {
  readonly why: Interruption;

  constructor(why: Interruption) {
    super(`The export was interrupted: ${why}.`);
    this.why = why;
  }
}

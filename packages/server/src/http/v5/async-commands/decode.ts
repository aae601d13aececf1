import type { Decoded } from '@muster/contract';
import type { CountAsyncCommandHistoryQuery, ListAsyncCommandsQuery } from '@muster/contract/v5';
import type { CommandQuery } from '../../../services/async-commands.ts';
import { present } from '../../../domain/present.ts';
import { decodeTime } from '../time-field.ts';

type Filters = Pick<
  Decoded<typeof ListAsyncCommandsQuery> | Decoded<typeof CountAsyncCommandHistoryQuery>,
  'start_time' | 'end_time' | 'status' | 'command_name'
>;

export function decodeCommandQuery(query: Filters): CommandQuery {
  const end = decodeTime(query.end_time, 'end_time');
  return present({
    status: query.status,
    commandName: query.command_name,
    createdFrom: decodeTime(query.start_time, 'start_time'),
    // To the end of that second: a command is found by the very time that is shown of it.
    createdTo: end === undefined ? undefined : end + 999,
  });
}

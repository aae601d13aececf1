import { Type } from 'typebox';
import type { Static } from 'typebox';
import { freeForm, shown, string } from './primitives.ts';

// v5 9, Sync command. 256 KB of paras (014134) and what the product model knows (014108) are checked in services.
export const CreateCommandRequest = Type.Object({
  service_id: Type.Optional(string(64, 'Service of the product model; absent: paras are free.')),
  command_name: Type.Optional(string(128, 'Command of the service.')),
  paras: freeForm('Parameters of the command, at most 256 KB.'),
});
export type CreateCommandRequest = Static<typeof CreateCommandRequest>;

export const CommandReply = Type.Object(
  {
    result_code: Type.Optional(Type.Integer({ description: '0: success.' })),
    response_name: Type.Optional(shown('Name of the response.')),
    paras: Type.Optional(Type.Unknown({ description: 'Parameters of the response.' })),
  },
  { description: 'What the device answered.' },
);
export type CommandReply = Static<typeof CommandReply>;

export const CreateCommandResponse = Type.Object({
  command_id: shown('Id of the command, a UUID.'),
  response: Type.Optional(CommandReply),
  error_code: Type.Optional(shown('IOTDA.014135 if the device answered with a result_code other than 0.')),
  error_msg: Type.Optional(shown('What went wrong on the device.')),
});
export type CreateCommandResponse = Static<typeof CreateCommandResponse>;

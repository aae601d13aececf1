import type { CreateCommandRequest, CreateCommandResponse } from '@muster/contract/v5';
import type { ReadonlyDeep } from '../readonly-deep.ts';
import type { CallOptions } from '../transport.ts';
import type { ProjectApi } from './project-api.ts';

/** Synchronous commands (v5 9). */
export function createCommands(api: ProjectApi) {
  return {
    /**
     * Waits for the device's answer, up to 20 s. An answer with another `result_code` than 0 is not an error
     * of the call: look at `error_code`. Offline: IOTDA.014016, no answer: IOTDA.014111.
     */
    send: (
      deviceId: string,
      body: ReadonlyDeep<CreateCommandRequest>,
      options?: CallOptions,
    ): Promise<CreateCommandResponse> =>
      api.json({ ...options, method: 'POST', path: ['devices', deviceId, 'commands'], json: body }),
  };
}

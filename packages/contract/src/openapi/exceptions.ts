import type { TSchema } from 'typebox';
import { BatchTaskEvent, DryRunResponse } from '../v5/batch-tasks.ts';

/** What a call has beside, or instead of, JSON by the schemas of its endpoint. */
export interface Exceptions {
  readonly requestHeaders?: Readonly<Record<string, string>>;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  /** The body is multipart/form-data with one part `file`, described by this. */
  readonly file?: string;
  /** What the endpoint's status answers instead of JSON, by media type. */
  readonly content?: Readonly<Record<string, TSchema | string>>;
  /** Further statuses of success. */
  readonly otherwise?: Readonly<Record<string, { readonly description: string; readonly schema?: TSchema }>>;
}

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** By place; a call that is not here has JSON by its schemas and nothing else. */
const exceptions: Readonly<Record<string, Exceptions>> = {
  'POST /v3/auth/tokens': {
    responseHeaders: { 'X-Subject-Token': 'The token: opaque, at most 4096 characters, valid for 24 hours.' },
  },
  'POST {P}/ota-upgrades/package-files': { file: 'The file of an upgrade package, at most 1 GiB.' },
  'POST {P}/batchtasks': {
    requestHeaders: {
      'Idempotency-Key': 'Extension: 1 to 128 visible ASCII characters; the same request makes one task in 24 hours.',
    },
    responseHeaders: { 'Idempotent-Replayed': 'Extension: `true` if the key had made the task before.' },
    otherwise: { 200: { description: 'Extension, `dry_run=true`: what the task would do.', schema: DryRunResponse } },
  },
  'GET {P}/batchtasks/{task_id}/events': {
    requestHeaders: { 'Last-Event-ID': 'Revision that the client has seen last.' },
    content: { 'text/event-stream': BatchTaskEvent },
    otherwise: { 204: { description: 'The task is final, and its last revision is that of Last-Event-ID.' } },
  },
  'POST {P}/batchtask-files': { file: 'The rows: a .xlsx or .csv file of at most 20 MiB.' },
  'GET {P}/batchtask-files/templates/{task_type}': {
    content: { [xlsx]: 'The template as a workbook.', 'text/csv': 'The template as text.' },
  },
  'GET {P}/batchtasks/{task_id}/failed-rows': {
    content: { [xlsx]: 'The rows as a workbook.', 'text/csv': 'The rows as text.' },
  },
  'GET {P}/export-tasks/{export_task_id}/file': { content: { 'application/zip': 'An archive with the result.' } },
};

export function exceptionsOf(place: string): Exceptions {
  return exceptions[place] ?? {};
}

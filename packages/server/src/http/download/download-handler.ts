import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../../domain/problem.ts';
import type { Download, Downloads } from '../../services/downloads.ts';
import type { HttpLog } from '../host.ts';
import { wireErrorOf, wireErrorOfProblem } from '../wire-error.ts';
import { parseBearer, parseDownloadTarget } from './download-target.ts';
import { fileHeaders, tagsOf } from './file-headers.ts';
import { sendHead, sendRefusal } from './send-head.ts';
import { selectRange } from './select-range.ts';

/** Answers one request; never rejects. */
export type DownloadHandler = (message: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Device 8.3, on plain node:http: spelling and order of the headers matter to devices, and frameworks have their own. */
export function createDownloadHandler(downloads: Downloads, log: HttpLog): DownloadHandler {
  return async (message, response) => {
    try {
      await answer(downloads, message, response);
    } catch (error) {
      refuse(error, response, log);
    }
  };
}

async function answer(downloads: Downloads, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = parseDownloadTarget(message.url ?? '/');
  if (target === undefined) throw new Problem('routeNotFound');
  if (message.method !== 'GET' && message.method !== 'HEAD') {
    sendRefusal(response, { ...wireErrorOfProblem(new Problem('routeNotFound')), status: 405 }, ['Allow', 'GET, HEAD']);
    return;
  }
  const download = await downloads.authorize({ ...target, token: parseBearer(message.headers.authorization) });
  if (message.method === 'HEAD') {
    sendHead(response, 200, fileHeaders(download.file, download.file.size));
    response.end();
    return;
  }
  await sendFile(download, message, response);
}

async function sendFile(download: Download, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const { file } = download;
  const { size } = file;
  const { range, 'if-range': ifRange } = message.headers;
  const selected = selectRange({ range, ifRange: oneOf(ifRange) }, size, tagsOf(file));
  if (selected === 'unsatisfiable') {
    const problem = new Problem('badRequest', { args: ['The range lies behind the end of the file.'] });
    sendRefusal(response, { ...wireErrorOfProblem(problem), status: 416 }, ['Content-Range', `bytes */${size}`]);
    return;
  }
  const { start, end } = selected === 'whole' ? { start: 0, end: size - 1 } : selected;
  const transfer = await download.begin({ start, end });
  try {
    const part = selected === 'whole' ? undefined : `bytes ${start}-${end}/${size}`;
    sendHead(response, part === undefined ? 200 : 206, fileHeaders(file, end - start + 1, part));
    await pipeline(transfer.body, response, { signal: transfer.cut });
  } finally {
    transfer.end();
  }
}

const oneOf = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

/** Wait a little: transfers end all the time. */
const retryAfterSeconds = '10';

function refuse(error: unknown, response: ServerResponse, log: HttpLog): void {
  const wire = wireErrorOf(error);
  if (response.headersSent || response.destroyed) {
    // The client left, a stop cut the transfer, or the file broke: the device sees a short body and tries again.
    log.debug({ err: error }, 'a package download ended early');
    response.destroy();
    return;
  }
  if (wire === undefined) log.error({ err: error }, 'a package download failed');
  const known = wire ?? wireErrorOfProblem(new Problem('internalError'));
  sendRefusal(response, known, furtherHeaders(known.status));
}

function furtherHeaders(status: number): readonly string[] {
  if (status === 401) return ['WWW-Authenticate', 'Bearer'];
  return status === 503 ? ['Retry-After', retryAfterSeconds] : [];
}

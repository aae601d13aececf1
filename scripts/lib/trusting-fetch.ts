import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { buffer } from 'node:stream/consumers';

/** A `fetch` that trusts these certificates (PEM) and no others: the global one cannot be told whom to trust. Bodies are not streamed. */
export function trustingFetch(ca: string) {
  const agent = new Agent({ ca, keepAlive: true });
  return async (url: string, init: RequestInit): Promise<Response> => {
    if (!url.startsWith('https:')) return fetch(url, init);
    const asked = new Request(url, init);
    const headers = Object.fromEntries(asked.headers);
    const body = Buffer.from(await asked.arrayBuffer());
    const sent = request(url, { method: asked.method, headers, agent, signal: asked.signal });
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const content = await buffer(answer);
    const said = Object.entries(answer.headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as [string, string]] : [],
    );
    return new Response(content.length === 0 ? null : content, { status: answer.statusCode ?? 0, headers: said });
  };
}

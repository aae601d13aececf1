import type { FastifyInstance } from 'fastify';
import type { DownloadHandler } from './download-handler.ts';
import { downloadPrefix } from './download-target.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const;

/** Device 8.1: package downloads on the main listener, behind the framework's back. */
export function addDownloadRoutes(app: FastifyInstance, handle: DownloadHandler): void {
  app.route({
    method: [...methods],
    url: `${downloadPrefix}*`,
    handler: async (request, reply) => {
      reply.hijack();
      await handle(request.raw, reply.raw);
    },
  });
}

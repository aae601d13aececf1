import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Log } from '../ports/log.ts';

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly format: 'json' | 'pretty';
  /** Absent: standard output. */
  readonly destination?: DestinationStream;
}

/** Whatever a caller hands over by mistake, these members never reach a log. */
const secretNames = [
  'password',
  'passwordHash',
  'secret',
  'secretKey',
  'secret_key',
  'token',
  'authorization',
  'masterKey',
  'X-Auth-Token',
  'x-auth-token',
];

export function createLog({ level, format, destination }: LogOptions): Log {
  const stream = format === 'pretty' ? pretty({ sync: true, ...(destination && { destination }) }) : destination;
  const options = {
    level,
    base: {},
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: stdSerializers.err },
    redact: { paths: secretNames.flatMap((name) => [`["${name}"]`, `*["${name}"]`]), censor: '***' },
  };
  return wrap(stream === undefined ? pino(options) : pino(options, stream));
}

function wrap(logger: Logger): Log {
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    child: (fields) => wrap(logger.child(fields)),
  };
}

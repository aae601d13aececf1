/** ts-basic of the contracts: `yyyyMMdd'T'HHmmss'Z'`, UTC. `ms` since epoch. */
export function toBasicTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** ts-ms of the contracts: `yyyy-MM-dd'T'HH:mm:ss.SSS'Z'`, UTC. */
export function toMillisTime(ms: number): string {
  return new Date(ms).toISOString();
}

const basicTime = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** ms since epoch, or undefined where the text is not a ts-basic of a real moment (`20260230T000000Z` is not). */
export function parseBasicTime(text: string): number | undefined {
  const parts = basicTime.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(ms) || toBasicTime(ms) !== text ? undefined : ms;
}

const millisTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** ms since epoch, or undefined where the text is not a ts-ms of a real moment. */
export function parseMillisTime(text: string): number | undefined {
  if (!millisTime.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) || toMillisTime(ms) !== text ? undefined : ms;
}

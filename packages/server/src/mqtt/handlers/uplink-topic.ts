/** The part of an uplink topic behind `$oc/devices/{id}/sys/` or `.../user/`, taken apart (device 3.1, 3.2). */
export interface UplinkTopic {
  /** Without `/request_id=...` and tail. */
  readonly name: string;
  /** Of the topic itself or, on topics that carry none, of the tail. */
  readonly requestId: string | undefined;
  readonly isGzip: boolean;
}

const requestIdMark = '/request_id=';

export function parseUplinkTopic(suffix: string): UplinkTopic {
  const { path, tail } = cutTail(suffix);
  const parameters = new Map(tail.split('&').map(cutParameter));
  const isGzip = parameters.get('encoding') === 'gzip';
  const markAt = path.indexOf(requestIdMark);
  if (markAt < 0) return { name: path, requestId: parameters.get('request_id'), isGzip };
  return { name: path.slice(0, markAt), requestId: path.slice(markAt + requestIdMark.length), isGzip };
}

export function cutTail(topic: string): { path: string; tail: string } {
  const tailAt = topic.indexOf('?');
  return tailAt < 0 ? { path: topic, tail: '' } : { path: topic.slice(0, tailAt), tail: topic.slice(tailAt + 1) };
}

function cutParameter(text: string): [name: string, value: string] {
  const equalsAt = text.indexOf('=');
  return equalsAt < 0 ? [text, ''] : [text.slice(0, equalsAt), text.slice(equalsAt + 1)];
}

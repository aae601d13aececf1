import type { CreateMessageResponse, Message as WireMessage } from '@muster/contract/v5';
import type { Message } from '../../../domain/message.ts';
import { toBasicTime } from '../../../domain/time.ts';
import { present } from '../../../domain/present.ts';

/** The request's fields without `topic_full_name` and `ttl`, and what became of the message (v5 9). */
export function encodeMessage(message: Message): WireMessage {
  const { messageId, request, status, cause } = message;
  return present({
    message_id: messageId,
    name: request.name,
    message: request.message,
    properties: request.properties,
    encoding: request.encoding,
    payload_format: request.format,
    topic: request.topic,
    status,
    error_info: cause && { error_code: `IOTDA.${cause.code}`, error_msg: cause.message },
    ...timesOf(message),
  });
}

export function encodeMessageResult(message: Message): CreateMessageResponse {
  return { message_id: message.messageId, result: present({ status: message.status, ...timesOf(message) }) };
}

const timesOf = ({ createdAt, finishedAt }: Message) => ({
  created_time: toBasicTime(createdAt),
  finished_time: finishedAt === undefined ? undefined : toBasicTime(finishedAt),
});

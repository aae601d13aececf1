/**
 * What is free in a queue, in an index of its own: what consumers have put off, and what stands behind it, is not in it, however much
 * that is. `no + 0` is the number, in words that no other index has: a planner that wants its order has to walk this one. `due_at > 0`
 * is likewise said only by who looks for what is due. `queue_messages_keys`: who has something of a key in hand.
 */
export const putOffMessages = `
CREATE INDEX queue_messages_open ON queue_messages (queue_id, (no + 0), key, bytes) WHERE holder IS NULL AND due_at IS NULL;
CREATE INDEX queue_messages_due ON queue_messages (queue_id, due_at, no) WHERE due_at > 0;
CREATE INDEX queue_messages_keys ON queue_messages (queue_id, key, holder) WHERE holder IS NOT NULL;
`;

import type { ChatMessage } from '@praxis/core';
import { cleanLines } from '../prompts/clean-text.js';

/** Results that were cleaned before: a conversation is sent again and again, and is kept by the same messages. */
const known = new WeakMap<ChatMessage, ChatMessage>();

/** A message as it may be sent: what a skill answered is foreign text, and can write no marks of a chat template. */
export function cleanedResult(message: ChatMessage): ChatMessage {
  if (message.role !== 'tool') return message;
  const before = known.get(message);
  if (before !== undefined) return before;
  const content = cleanLines(message.content).join('\n');
  const cleaned = content === message.content ? message : { ...message, content };
  known.set(message, cleaned);
  return cleaned;
}

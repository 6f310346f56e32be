import { LongText } from './text.js';

/** A message for people; what stands in backticks is something to type. */
export function Message({ value }: { readonly value: string }) {
  const parts = value.length > 2_000 ? [value] : value.split('`');
  return parts.map((part, i) =>
    i % 2 === 1 && i < parts.length - 1 ? <code key={i}>{part}</code> : <LongText key={i} value={part} />,
  );
}

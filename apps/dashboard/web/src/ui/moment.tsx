import { useNow } from '../state/clock.js';
import { ago, duration, moment } from '../model/words.js';

/** How long ago, with the exact time in the title. */
export function Ago({ at }: { readonly at: number }) {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={moment(at)}>
      {ago(at, now)}
    </time>
  );
}

/** How long is left until a moment; it ticks. `past` is what is said after it. */
export function Until({ at, past }: { readonly at: number; readonly past: string }) {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={moment(at)} className="num">
      {at <= now ? past : `in ${duration(Math.ceil((at - now) / 1000) * 1000)}`}
    </time>
  );
}

/** How long something took, or has taken so far: then it ticks. */
export function Lasted({ from, to }: { readonly from: number; readonly to: number | null }) {
  const now = useNow(to === null);
  return (
    <span className="num">
      {to === null ? duration(Math.floor(Math.max(0, now - from) / 1000) * 1000) : duration(to - from)}
    </span>
  );
}

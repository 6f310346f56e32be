import type { Meter } from '../model/spending.js';
import { Bar } from './bar.js';

/** From this share on a bound is near. */
const NEAR = 0.8;

const toneOf = (share: number): string => (share >= 1 ? 'bad' : share >= NEAR ? 'warn' : 'busy');

/** What is spent of what may be, as small bars. */
export function Meters({ meters }: { readonly meters: readonly Meter[] }) {
  return (
    <span className="meters">
      {meters.map(({ name, share, text }) => (
        <span key={name} className="meter">
          <Bar share={share} tone={toneOf(share)} label={`Spent: ${text}`} />
          <span className="num">{text}</span>
        </span>
      ))}
    </span>
  );
}

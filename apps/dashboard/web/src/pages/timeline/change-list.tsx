import type { StepEntry } from '../../model/timeline-entry.js';
import { conditionLine } from '../../model/literals.js';
import { Text } from '../../ui/text.js';

/** How the world changed. */
export function ChangeList({ change }: { readonly change: NonNullable<StepEntry['change']> }) {
  const numbers = Object.entries(change.numbers);
  if (change.added.length + change.removed.length + numbers.length === 0) return <span className="quiet">nothing</span>;
  return (
    <ul className="changes mono">
      {change.added.map((fact) => (
        <li key={`+${fact}`} className="diff-added">
          + <Text value={conditionLine(fact)} />
        </li>
      ))}
      {change.removed.map((fact) => (
        <li key={`-${fact}`} className="diff-dropped">
          − <Text value={conditionLine(fact)} />
        </li>
      ))}
      {numbers.map(([name, value]) => (
        <li key={name}>
          = <Text value={`${conditionLine(name)} ${value ?? 'gone'}`} />
        </li>
      ))}
    </ul>
  );
}

import { visibleText } from '../model/visible-text.js';
import { Icon } from './icon.js';

interface SelectProps {
  readonly name: string;
  readonly value: string | null;
  readonly options: readonly string[];
  readonly onChange: (value: string | null) => void;
}

const LONGEST = 60;

/** One of several, or every one of them. */
export function Select({ name, value, options, onChange }: SelectProps) {
  return (
    <label className="select">
      <span className="unseen">{name}</span>
      <select value={value ?? ''} onChange={(event) => onChange(event.target.value || null)}>
        <option value="">every {name}</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {visibleText(option.slice(0, LONGEST))}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </label>
  );
}

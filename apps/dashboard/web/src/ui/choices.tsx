interface ChoicesProps<K extends string> {
  readonly name: string;
  readonly value: K;
  readonly options: Readonly<Record<K, string>>;
  readonly onChange: (value: K) => void;
}

/** A few choices side by side, one of them taken. */
export function Choices<K extends string>({ name, value, options, onChange }: ChoicesProps<K>) {
  return (
    <div className="choices" role="group" aria-label={name}>
      {(Object.keys(options) as K[]).map((key) => (
        <button key={key} type="button" aria-pressed={key === value} onClick={() => onChange(key)}>
          {options[key]}
        </button>
      ))}
    </div>
  );
}

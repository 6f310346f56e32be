/** A share as a bar; the number beside it says the same. */
export function Bar({
  share,
  tone = 'accent',
  label,
  mark,
}: {
  readonly share: number;
  readonly tone?: string;
  readonly label: string;
  readonly mark?: number;
}) {
  const percent = Math.round(Math.max(0, Math.min(1, share)) * 100);
  return (
    <span className={`bar tone-${tone}`} role="img" aria-label={label} title={label}>
      <span className="bar-fill" style={{ width: `${percent}%` }} />
      {mark !== undefined && <span className="bar-mark" style={{ left: `${mark * 100}%` }} />}
    </span>
  );
}

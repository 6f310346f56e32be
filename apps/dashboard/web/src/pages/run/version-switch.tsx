import type { PlanVersion, RunModel } from '../../model/run-model.js';
import { Choices } from '../../ui/choices.js';

interface VersionSwitchProps {
  readonly model: RunModel;
  readonly shown: PlanVersion | null;
  readonly setVersion: (version: number | null) => void;
}

const REASONS = {
  first: 'the first plan',
  repair: 'repaired after a failure',
  'goal-missed': 'the goal was missed',
} as const;
const MOST_BUTTONS = 5;

/** Which version of the plan is shown, and how it differs from the one before. */
export function VersionSwitch({ model: { plans }, shown, setVersion }: VersionSwitchProps) {
  if (!shown || plans.length < 2) return shown && <span className="quiet small">v{shown.plan.version}</span>;
  const latest = plans.at(-1)!.plan.version;
  // The latest is followed as it grows; an older one stays.
  const choose = (version: string): void => setVersion(Number(version) === latest ? null : Number(version));
  const { diff, reason } = shown;
  return (
    <div className="versions">
      {plans.length <= MOST_BUTTONS ? (
        <Choices
          name="Version of the plan"
          value={String(shown.plan.version)}
          options={Object.fromEntries(plans.map((p) => [String(p.plan.version), `v${p.plan.version}`]))}
          onChange={choose}
        />
      ) : (
        <select
          aria-label="Version of the plan"
          value={shown.plan.version}
          onChange={(event) => choose(event.target.value)}
        >
          {plans.map((p) => (
            <option key={p.plan.version} value={p.plan.version}>
              v{p.plan.version}
            </option>
          ))}
        </select>
      )}
      <span className="diff small" title={REASONS[reason]}>
        {reason === 'first' ? (
          <span className="quiet">{REASONS.first}</span>
        ) : (
          <>
            <span className="diff-kept">{diff.kept.length} kept</span>{' '}
            <span className="diff-added">+{diff.added.length} added</span>{' '}
            <span className="diff-dropped">−{diff.dropped.length} dropped</span>
          </>
        )}
      </span>
    </div>
  );
}

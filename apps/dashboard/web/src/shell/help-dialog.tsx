import { useEffect, useRef } from 'react';
import { Icon } from '../ui/icon.js';

const KEYS = [
  ['/', 'search'],
  ['j  k', 'next and previous row'],
  ['Enter', 'open what is focused'],
  ['f', 'follow a run as it goes, or stop following'],
  ['?', 'this help'],
  ['Esc', 'close'],
] as const;

const WORDS = [
  ['Run', 'one attempt at a goal'],
  ['Plan', 'the graph of subgoals that the planner made; repaired when a part of it fails'],
  ['Step', 'one action in the world and what came of it'],
  ['Replan', 'a plan made anew, by an executor on the spot or by the planner for the rest of the run'],
  ['Question', 'what a person is asked; until somebody answers, whoever asked is parked and holds nothing'],
  ['Tool', 'what the reflector learned from refused actions, and proved in trials'],
  ['Lane', 'which executors may take a job'],
] as const;

/** The keys, and the words that the pages use. */
export function HelpDialog({
  isOpen,
  onClose,
  version,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly version: string;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog
      ref={dialog}
      className="help"
      aria-labelledby="help-head"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className="help-body">
        <header>
          <h2 id="help-head">Keys and words</h2>
          <button type="button" className="button-icon" onClick={onClose} aria-label="Close">
            <Icon name="close" />
          </button>
        </header>
        <dl className="help-keys">
          {KEYS.map(([key, what]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <dl className="help-words">
          {WORDS.map(([word, what]) => (
            <div key={word}>
              <dt>{word}</dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <p className="quiet">
          Praxis {version}. This page only looks; goals are submitted with <code>npx praxis submit</code>, questions
          answered with <code>npx praxis answer</code>.
        </p>
      </div>
    </dialog>
  );
}

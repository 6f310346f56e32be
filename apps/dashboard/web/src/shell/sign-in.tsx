import { useState, type FormEvent } from 'react';
import { RequestFailed } from '../api/client.js';
import { enter } from '../state/session.js';

/** Asks for the cluster's key. */
export function SignIn() {
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setIsBusy(true);
    try {
      await enter(key.trim());
    } catch (thrown) {
      setProblem(thrown instanceof RequestFailed ? thrown.message : String(thrown));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <main className="alone">
      <form className="sign-in" onSubmit={(event) => void submit(event)}>
        <img src="/icon.svg" alt="" width="40" height="40" />
        <h1>Praxis</h1>
        <p className="quiet">
          This cluster asks for a key. It is the one in <code>PRAXIS_API_KEY</code>; <code>npx praxis key</code> makes a
          new one.
        </p>
        <label htmlFor="key">Key</label>
        <input
          id="key"
          type="password"
          autoComplete="current-password"
          autoFocus
          value={key}
          onChange={(event) => setKey(event.target.value)}
          aria-describedby="key-problem"
          required
        />
        <p id="key-problem" className="problem" role="alert">
          {problem}
        </p>
        <button type="submit" className="button button-main" disabled={isBusy || key.trim() === ''}>
          {isBusy ? 'Signing in …' : 'Sign in'}
        </button>
      </form>
    </main>
  );
}

import { lazy, type ComponentType } from 'react';
import { RequestFailed } from '../api/client.js';
import { FailureBox } from './states.js';

/**
 * A part of the page that comes when it is first needed. Where it does not, because the server is away or newer than
 * this page, it says so.
 */
export const part = <P extends object>(load: () => Promise<ComponentType<P>>) =>
  lazy(async () => ({ default: await load().catch((): ComponentType<P> => Missing) }));

function Missing() {
  return (
    <FailureBox
      failure={
        new RequestFailed(
          'offline',
          'This part of the page did not come. The dashboard may be away, or newer than the page: load it again.',
        )
      }
      onRetry={() => location.reload()}
    />
  );
}

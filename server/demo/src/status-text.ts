import type { Status } from '@watersmeet/client';

/** A status in words. */
export interface StatusText {
  readonly phase: string;
  readonly pending?: string;
  readonly rejected?: string;
  readonly detail?: string;
}

const number = new Intl.NumberFormat('en');

const phaseText = ({ phase, done, total }: Status): string => {
  switch (phase) {
    case 'offline':
      return 'Offline';
    case 'connecting':
      return 'Connecting';
    case 'live':
      return 'Live';
    case 'polling':
      return 'Polling';
    case 'failed':
      return 'Stopped';
    case 'syncing':
      if (done === undefined) return 'Syncing';
      return total === undefined
        ? `Syncing ${number.format(done)}`
        : `Syncing ${number.format(done)} of ${number.format(total)}`;
  }
};

export const statusText = (status: Status): StatusText => ({
  phase: phaseText(status),
  ...(status.pending > 0 && { pending: `${number.format(status.pending)} pending` }),
  ...(status.rejected > 0 && { rejected: `${number.format(status.rejected)} rejected` }),
  ...(status.problem && { detail: status.problem.detail }),
});

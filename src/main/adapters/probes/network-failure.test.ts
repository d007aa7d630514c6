import { describe, expect, it } from 'vitest';
import { networkFailure } from './network-failure';

const error = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code });

describe('the failure of a connection', () => {
  it.each(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS'])('is the fault of the machine for %s', (code) => {
    expect(networkFailure(error(code))).toMatchObject({ passed: false, machineFault: true });
  });

  it.each(['ECONNREFUSED', 'EADDRNOTAVAIL', 'EACCES', 'ENOTFOUND'])('is not for %s', (code) => {
    expect(networkFailure(error(code))).not.toHaveProperty('machineFault');
  });

  it('of a unix socket whose queue is full is that of the program', () => {
    expect(networkFailure(error('EAGAIN'))).toEqual({ passed: false, words: 'its queue of connections is full' });
  });

  it('of several addresses is the one that says most', () => {
    const errors = [error('EADDRNOTAVAIL'), error('ECONNREFUSED')];
    expect(networkFailure(new AggregateError(errors)).words).toBe('connection refused');
    expect(networkFailure(new AggregateError([error('ENETUNREACH')])).words).toBe(
      'no route to the network of the host',
    );
  });

  it('that is unknown is named by its code', () => {
    expect(networkFailure(error('EWHATEVER')).words).toBe('the connection failed (EWHATEVER)');
  });
});

import { describe, expect, it } from 'vitest';
import { portFaultOf } from './wanted-ports';

const NO_START = { argv: ['server'], env: {} };

describe('the port that a program could not bind', () => {
  it.each([
    ['Error: listen EADDRINUSE: address already in use :::3000', 3000, 'Node'],
    ['Error: listen EADDRINUSE: address already in use 127.0.0.1:8081', 8081, 'Node on one address'],
    ['nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)', 80, 'nginx'],
    ['nginx: [emerg] bind() to [::]:8443 failed (98: Address already in use)', 8443, 'nginx, IPv6'],
    ['2026/11/30 12:00:00 listen tcp :8080: bind: address already in use', 8080, 'Go'],
    ['listen tcp 10.0.0.7:9090: bind: address already in use', 9090, 'Go on one address'],
    ['Web server failed to start. Port 8082 was already in use.', 8082, 'Spring'],
    ['Could not create server TCP listening socket *:6379: bind: Address already in use', 6379, 'Redis'],
    ["[ERROR] Connection in use: ('127.0.0.1', 8000)", 8000, 'gunicorn'],
    [
      '(98)Address already in use: AH00072: make_sock: could not bind to address [::]:8090',
      8090,
      'Apache, after its own errno',
    ],
    ['Address already in use - bind(2) for "127.0.0.1" port 3001 (Errno::EADDRINUSE)', 3001, 'Ruby'],
    ['[ERROR] /srv/app.js:12: EADDRINUSE 0.0.0.0:7777', 7777, 'after the line of a file'],
  ])('%s → %i (%s)', (line, port) => {
    expect(portFaultOf(['starting', line, 'bye'], NO_START)).toEqual({
      ports: [{ protocol: 'tcp', port }],
      isGuess: false,
    });
  });

  it('is found in the object that Node prints behind its error', () => {
    const lines = [
      'Error: listen EADDRINUSE',
      '    at Server.setupListenHandle (node:net:1908:16) {',
      "  code: 'EADDRINUSE',",
      "  syscall: 'listen',",
      '  port: 4000',
      '}',
    ];
    expect(portFaultOf(lines, NO_START)?.ports).toEqual([{ protocol: 'tcp', port: 4000 }]);
  });

  it('may be one of UDP', () => {
    const lines = ['Error: bind EADDRINUSE 0.0.0.0:5353', "  syscall: 'bind'", '    at Socket (node:dgram:353:20)'];
    expect(portFaultOf(lines, NO_START)?.ports).toEqual([{ protocol: 'udp', port: 5353 }]);
  });

  it.each([
    [['python3', '-m', 'http.server', '8000'], {}, [8000]],
    [['server', '--port', '3000', '--workers', '4'], {}, [3000]],
    [['server', '--http-port=3000', '-p', '4000'], {}, [3000, 4000]],
    [['gunicorn', '-b', '0.0.0.0:8000', 'app'], {}, [8000]],
    [['server'], { PORT: '5000', HTTP_PORT: '5001', REPORT: '7', PORTS: '9' }, [5000, 5001]],
    [['server', '--size', '99999999', '--name', 'v1.2'], {}, []],
  ])('is guessed from %j and %j where no word names it: %j', (argv, env, ports) => {
    const fault = portFaultOf(['OSError: [Errno 98] Address already in use'], { argv, env });
    expect(fault).toEqual({ ports: ports.map((port) => ({ protocol: 'tcp', port })), isGuess: true });
  });

  it('is none of a program that says nothing of it', () => {
    expect(portFaultOf(['Error: connect ECONNREFUSED 127.0.0.1:5432'], NO_START)).toBeNull();
    expect(portFaultOf([], NO_START)).toBeNull();
  });

  it('is no number above 65,535', () => {
    expect(portFaultOf(['EADDRINUSE 0.0.0.0:99999'], NO_START)).toEqual({ ports: [], isGuess: true });
  });

  it('is read in a line of 4 MB at once', () => {
    const line = `${'('.repeat(2_000_000)}EADDRINUSE${':'.repeat(2_000_000)}`;
    expect(portFaultOf([line], NO_START)).toBeNull();
  });
});

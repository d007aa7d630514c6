import { describe, expect, it } from 'vitest';
import { namesEnvironmentFault } from './environment-fault';

describe('the last words of a program', () => {
  it.each([
    'Error: connect ECONNREFUSED 127.0.0.1:5432',
    'psycopg2.OperationalError: could not connect to server: Connection refused',
    'dial tcp: lookup db on 127.0.0.53:53: no such host',
    'socket.gaierror: [Errno -3] Temporary failure in name resolution',
    'java.net.UnknownHostException: db: Name or service not known',
    'Error: listen EADDRINUSE: address already in use :::8080',
    'OSError: [Errno 98] Address already in use',
    'OSError: [Errno 28] No space left on device',
    "Can't connect to local MySQL server through socket '/run/mysqld/mysqld.sock' (2)",
    'FATAL:  the database system is starting up',
    'redis.exceptions.BusyLoadingError: Redis is loading the dataset in memory',
    'sqlite3.OperationalError: database is locked',
    'grpc: the server is currently unavailable',
    'HTTPError: 503 Server Error: Service Unavailable for url: http://config/',
    'redis.exceptions.TimeoutError: Timeout connecting to server: timed out connecting',
  ])('name a fault outside of it: %s', (line) => {
    expect(namesEnvironmentFault(['Traceback (most recent call last):', line])).toBe(true);
  });

  it.each([
    'SyntaxError: Unexpected token',
    "Error: Cannot find module './missing'",
    "ModuleNotFoundError: No module named 'flask'",
    'panic: runtime error: index out of range [5] with length 3',
    'Segmentation fault',
    'ZeroDivisionError: division by zero',
  ])('name nothing of the kind: %s', (line) => {
    expect(namesEnvironmentFault([line])).toBe(false);
  });

  it('are read in no time, however long they are', () => {
    const startedMs = performance.now();
    expect(namesEnvironmentFault(Array.from({ length: 40 }, () => 'connection '.repeat(20_000)))).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });
});

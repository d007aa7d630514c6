import { describe, expect, it } from 'vitest';
import { linesOf } from '../testing/lines';
import { node } from './node';

const TRAILER = '\nNode.js v20.11.1';

describe('errors of Node', () => {
  it('have a type, a code, frames and, at the end of the program, a trailer', () => {
    const trace = node.find(
      linesOf(`
node:internal/errors:496
    ErrorCaptureStackTrace(err);
    ^

TypeError [ERR_INVALID_ARG_TYPE]: The "path" argument must be of type string. Received undefined
    at Object.open (node:fs:603:10)
    at new Store (file:///srv/app/store.mjs:7:5)
    at async Object.load [as start] (file:///srv/app/store.mjs:12:3)
    at async Promise.all (index 0)
    at /srv/app/node_modules/express/lib/router.js:3:1
    at file:///srv/app/main.mjs:1:1 {
  code: 'ERR_INVALID_ARG_TYPE'
}
${TRAILER}`),
    );
    expect(trace).toMatchObject({ type: 'TypeError [ERR_INVALID_ARG_TYPE]', isFatal: true, lastLine: 14 });
    expect(trace?.frames.map(({ function: name, origin }) => [name, origin])).toEqual([
      ['open', 'runtime'],
      ['new Store', 'own'],
      ['load', 'own'],
      ['Promise.all', 'runtime'],
      ['', 'package'],
      ['', 'own'],
    ]);
  });

  it('without a trailer may have been logged', () => {
    expect(node.find(['Error: x', '    at f (/srv/x.js:1:2)'])).toMatchObject({ isFatal: false });
  });

  it('may have messages of several lines', () => {
    const trace = node.find(
      linesOf(`
AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:

17 !== 18

    at verify (/srv/app/x.js:3:1)`),
    );
    expect(trace).toMatchObject({ type: 'AssertionError [ERR_ASSERTION]' });
  });

  it('have their root in the last cause', () => {
    const trace = node.find(
      linesOf(`
Error: report failed
    at report (/srv/x.js:1:2)
    ... 2 lines matching cause stack trace ...
    at /srv/x.js:9:9 {
  [cause]: RangeError: page 3
      at query (/srv/x.js:4:4)
      at report (/srv/x.js:1:1)
}`),
    );
    expect(trace).toMatchObject({ type: 'RangeError', message: 'page 3', frames: [{ function: 'query' }, {}] });
  });

  it('of emitters are those that were emitted, not those that emitted them', () => {
    const trace = node.find(
      linesOf(`
Error: queue is closed
    at close (/srv/x.js:1:2)
Emitted 'error' event at:
    at emit (/srv/x.js:9:9)${TRAILER}`),
    );
    expect(trace).toMatchObject({ message: 'queue is closed', frames: [{ function: 'close' }, { function: 'emit' }] });
  });

  it('in the syntax of a file name that file', () => {
    const trace = node.find(
      linesOf(`
/srv/app/config.js:3
  "port" 80
  ^^^^^^

SyntaxError: Unexpected string
    at wrapSafe (node:internal/modules/cjs/loader:1383:18)
${TRAILER}`),
    );
    expect(trace?.frames[0]).toEqual({ function: '', file: '/srv/app/config.js', origin: 'own' });
  });

  it('may be no errors', () => {
    const thrown = `
/srv/app/x.js:3
    throw 'boom';
    ^
boom
(Use \`node --trace-uncaught ...\` to show where the exception was thrown)
${TRAILER}`;
    expect(node.find(linesOf(thrown))).toMatchObject({ message: 'boom', site: '/srv/app/x.js', isFatal: true });
    const rejected = `
[UnhandledPromiseRejection: … The promise rejected with the reason "boom 3".] {
  code: 'ERR_UNHANDLED_REJECTION'
}`;
    const head =
      'node:internal/process/promises:288\n            triggerUncaughtException(err, true);\n            ^\n';
    expect(node.find(linesOf(`${head}${rejected}\n${TRAILER}`))).toMatchObject({ identifiedBy: 'message' });
  });

  it('of memory are one kind', () => {
    const trace = node.find([
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
      ' 1: 0xb9c1f0 node::Abort() [node]',
    ]);
    expect(trace).toMatchObject({ type: 'JavaScript heap out of memory', identifiedBy: 'type', lastLine: 1 });
  });

  it.each([
    ['    at com.example.Foo.bar(Foo.java:12)'],
    ['   at App.Main(String[] args) in /src/App.cs:line 12'],
    ['meet me at 12:30:10'],
  ])('are not seen in %j', (line) => expect(node.find([line])).toBeNull());
});

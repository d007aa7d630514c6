import { execFileSync } from 'node:child_process';
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventData } from '../../shared/model/event';
import { makeSmallGroup, useUpMemoryIn } from '../adapters/testing/small-group';

/** What really ended a program, as the stage knows. */
export const TRUTHS = [
  'own exit',
  'own error',
  'fault of the program',
  'sent signal',
  'OOM killer',
  'no memory of its own',
  'port in use',
  'disk full',
  'missing module',
  'missing file',
  'syntax error',
  'malformed input',
  'no permission',
  'no service',
  'too many files',
] as const;
export type Truth = (typeof TRUTHS)[number];

/** By the words of an explanation, what it takes for the truth. */
const READ_AS: readonly (readonly [RegExp, Truth])[] = [
  [/^the kernel's OOM killer ended it/, 'OOM killer'],
  [/could not bind/, 'port in use'],
  [/^(?:the disk of|a disk that)/, 'disk full'],
  [/^SIG\w+ ended it/, 'sent signal'],
  [/could get no more memory/, 'no memory of its own'],
  [/module that it needs is missing/, 'missing module'],
  [/file that it needs is missing/, 'missing file'],
  [/syntax error/, 'syntax error'],
  [/what it reads is malformed/, 'malformed input'],
  [/refused a permission/, 'no permission'],
  [/service that it needs refused/, 'no service'],
  [/as many open files/, 'too many files'],
  [/^(?:it used memory|it ran|it divided|it aborted|it reached|its recursion|it wrote)/, 'fault of the program'],
  [/^it failed with its own error/, 'own error'],
  [/^it ended by itself/, 'own exit'],
];

/** What an explanation says was the reason; null: something that no stage has. */
export function readAs({ reason }: EventData['death_explained']): Truth | null {
  return READ_AS.find(([words]) => words.test(reason))?.[1] ?? null;
}

/** One death with a known reason. */
export interface Stage {
  name: string;
  truth: Truth;
  argv: readonly string[];
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  user?: string;
  /** `always` where its first end is none that is explained, or its second start is what the stage is about. */
  restart?: 'always';
  /** Done once the program runs. */
  act?: (pid: number, nextPass: () => Promise<void>) => Promise<void> | void;
  /** What the explanation must say beside the reason. */
  says?: RegExp;
  /** What must stand among its evidence. */
  shows?: RegExp;
  /** The words that the explanation must have to be the one that the stage is about; left out: the first. */
  about?: RegExp;
}

export interface StageSurroundings {
  /** An empty folder that every user may read. */
  folder: string;
  /** A port that a stranger listens on, and the pid of that one. */
  takenPort: number;
  stranger: number;
  /** A port that nobody listens on. */
  freePort: number;
  /** Stops a program for good that a stage has started. */
  onEnd: (dispose: () => void) => void;
}

const isRoot = process.geteuid?.() === 0;
const has = (program: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
};
const node = (script: string): readonly string[] => [process.execPath, '-e', script];
const sh = (script: string): readonly string[] => ['/bin/sh', '-c', script];
const LIVES = 'setInterval(() => undefined, 1000)';

/** What becomes of a program that has a group for itself with too little memory. */
const OOM_KILLS_IN_OWN_GROUP: readonly (Omit<Stage, 'argv'> & { then: string })[] = [
  {
    ...{ name: 'oom', truth: 'OOM killer', then: 'exec tail -n 1 /dev/zero' },
    shows: /the OOM killer ended a process of its control group, of which no other process vanished/,
  },
  {
    ...{ name: 'oom-of-a-child-in-its-group', truth: 'own exit', then: '(exec tail -n 1 /dev/zero); exit 4' },
    says: /exit code 4/,
    shows: /the OOM killer ended a process of its control group while it ended otherwise/,
  },
];

/** Every stage that this machine allows. */
export function stagesOn({ folder, takenPort, stranger, freePort, onEnd }: StageSurroundings): readonly Stage[] {
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o755 });
    return path;
  };
  const stages: Stage[] = [
    { name: 'exit-silent', truth: 'own exit', argv: sh('exit 7'), says: /exit code 7/ },
    { name: 'exit-clean', truth: 'own exit', argv: sh('exit 0'), restart: 'always', says: /without an error/ },
    { name: 'exit-config', truth: 'own exit', argv: sh('exit 78'), says: /by convention a configuration error/ },
    { name: 'command-not-found', truth: 'own exit', argv: sh('exit 127'), says: /command that was not found/ },
    { name: 'uncaught', truth: 'own error', argv: node("function f() { throw new TypeError('x of undefined') } f()") },
    { name: 'recursion', truth: 'fault of the program', argv: node('const f = () => f() + 1; f()') },
    { name: 'segv', truth: 'fault of the program', argv: sh('kill -SEGV $$') },
    { name: 'bus', truth: 'fault of the program', argv: sh('kill -BUS $$') },
    { name: 'fpe', truth: 'fault of the program', argv: sh('kill -FPE $$') },
    { name: 'abort', truth: 'fault of the program', argv: node('process.abort()') },
    { name: 'cpu-time', truth: 'fault of the program', argv: sh('ulimit -St 1; while :; do :; done') },
    { name: 'killed', truth: 'sent signal', argv: node(LIVES), act: (pid) => void process.kill(pid, 'SIGKILL') },
    { name: 'terminated', truth: 'sent signal', argv: node(LIVES), act: (pid) => void process.kill(pid, 'SIGTERM') },
    { name: 'interrupted', truth: 'sent signal', argv: node(LIVES), act: (pid) => void process.kill(pid, 'SIGINT') },
    { name: 'hung-up', truth: 'sent signal', argv: sh('sleep 60; :'), act: (pid) => void process.kill(pid, 'SIGHUP') },
    {
      ...{ name: 'heap', truth: 'no memory of its own' as const },
      argv: [process.execPath, '--max-old-space-size=8', '-e', 'const a = []; for (;;) a.push({ a: [1] })'],
    },
    {
      ...{ name: 'port-of-a-stranger', truth: 'port in use' as const },
      argv: node(`require('node:http').createServer().listen(${takenPort})`),
      says: new RegExp(`port ${takenPort}, which is in use by pid ${stranger} `),
    },
    {
      ...{ name: 'port-without-words', truth: 'port in use' as const },
      argv: sh('echo "OSError: [Errno 98] Address already in use" >&2; exit 1'),
      env: { PORT: String(takenPort) },
      says: new RegExp(`pid ${stranger} `),
    },
    {
      ...{ name: 'disk-in-words', truth: 'disk full' as const },
      argv: node("require('node:fs').writeFileSync('/dev/full', 'x')"),
    },
    { name: 'module', truth: 'missing module', argv: node("require('no-such-module')"), says: /no-such-module/ },
    {
      ...{ name: 'file', truth: 'missing file' as const },
      argv: node("require('node:fs').readFileSync('/etc/no-such-file.conf')"),
      says: /\/etc\/no-such-file\.conf/,
    },
    {
      ...{ name: 'refused', truth: 'no service' as const },
      argv: node(`require('node:net').connect(${freePort}, '127.0.0.1')`),
      says: new RegExp(`127\\.0\\.0\\.1:${freePort}`),
    },
    {
      ...{ name: 'descriptors', truth: 'too many files' as const },
      argv: sh(`ulimit -n 40; exec "${process.execPath}" -e "for (;;) require('fs').openSync('/dev/null')"`),
    },
  ];
  const edited = file('edited.js', LIVES);
  stages.push({
    ...{ name: 'syntax-after-edit', truth: 'syntax error', argv: [process.execPath, edited], restart: 'always' },
    act: (pid) => {
      writeFileSync(edited, 'let = ;');
      process.kill(pid, 'SIGKILL');
    },
    about: /syntax error/,
    says: /; edited\.js was changed .* before its end/,
  });
  const config = join(folder, 'app.json');
  writeFileSync(config, '{}');
  const reader = file('reader.js', `JSON.parse(require('node:fs').readFileSync(process.argv[2], 'utf8')); ${LIVES}`);
  stages.push({
    ...{ name: 'config-edited', truth: 'malformed input', argv: [process.execPath, reader, config], restart: 'always' },
    act: (pid) => {
      writeFileSync(config, '{"a": tru');
      process.kill(pid, 'SIGKILL');
    },
    about: /JSON/,
    says: /; app\.json was changed .* before its end/,
  });
  const program = file('program', '#!/bin/sh\nsleep 60; :\n');
  stages.push({
    ...{ name: 'program-replaced', truth: 'own exit', argv: [program], restart: 'always' },
    act: (pid) => {
      writeFileSync(program, '#!/bin/sh\nexit 9\n');
      process.kill(pid, 'SIGKILL');
    },
    about: /exit code 9/,
    shows: /program was changed/,
  });
  if (has('python3')) {
    const python = (script: string): readonly string[] => ['python3', '-c', script];
    stages.push(
      { name: 'python-module', truth: 'missing module', argv: python('import no_such_module'), says: /no_such_module/ },
      { name: 'python-error', truth: 'own error', argv: python('1 / 0') },
      {
        ...{ name: 'python-port', truth: 'port in use' },
        argv: ['python3', '-m', 'http.server', String(takenPort)],
        says: new RegExp(`pid ${stranger} `),
      },
    );
  }
  if (isRoot && has('setpriv')) {
    const closed = join(folder, 'closed.txt');
    writeFileSync(closed, 'x', { mode: 0o600 });
    const asNobody = (act: string): string => `setpriv --reuid=65534 --regid=65534 --clear-groups ${act}`;
    stages.push(
      {
        ...{ name: 'no-permission', truth: 'no permission', user: 'nobody' },
        argv: sh(`cat ${closed}; exit 1`),
      },
      {
        ...{ name: 'killed-by-another-user', truth: 'sent signal', user: 'nobody', argv: node(LIVES) },
        act: (pid) => void execFileSync('sh', ['-c', asNobody(`kill -9 ${pid}`)]),
      },
    );
    const full = join(folder, 'full');
    mkdirSync(full);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', full], { stdio: 'pipe' });
      onEnd(() => void execFileSync('umount', [full]));
      writeFileSync(join(full, 'filler'), Buffer.alloc(64 << 10));
      stages.push({
        ...{ name: 'disk-of-its-own', truth: 'disk full', cwd: full },
        argv: node("require('node:fs').writeFileSync('more', Buffer.alloc(8192))"),
        says: new RegExp(`the disk of ${full} is full`),
      });
    } catch {
      // Nothing can be mounted here, or what was mounted is smaller than said.
    }
    const group = makeSmallGroup('staged');
    if (group !== null) {
      onEnd(() => rmdirSync(group));
      stages.push({
        // The group takes its child, and it gives up by itself.
        ...{ name: 'oom-of-a-child', truth: 'own exit' },
        argv: sh(`sh -c '${useUpMemoryIn(group)}'; exit 3`),
        says: /exit code 3/,
      });
    }
    for (const { name, then, ...stage } of OOM_KILLS_IN_OWN_GROUP) {
      const own = makeSmallGroup(`staged-${name}`);
      if (own === null) continue;
      onEnd(() => rmdirSync(own));
      const pipe = join(folder, name);
      execFileSync('mkfifo', [pipe]);
      stages.push({
        ...{ name, ...stage, argv: sh(`ulimit -v 1000000; read line < ${pipe}; ${then}`) },
        act: async (pid, nextPass) => {
          // By now the engine has moved it into a group of its own making, where it makes any.
          writeFileSync(join(own, 'cgroup.procs'), String(pid));
          await nextPass();
          writeFileSync(pipe, '\n');
        },
      });
    }
  }
  return stages;
}

/** Rows: what was the reason; columns: what was said; the number of stages, and of those that were said to be certain. */
export function confusionMatrix(results: readonly { truth: Truth; said: Truth | null; isCertain: boolean }[]): string {
  const columns = [...TRUTHS, null].filter((said) => results.some((result) => result.said === said));
  const rows = TRUTHS.filter((truth) => results.some((result) => result.truth === truth)).map((truth) => [
    truth,
    ...columns.map((said) => {
      const cell = results.filter((result) => result.truth === truth && result.said === said);
      const certain = cell.filter(({ isCertain }) => isCertain).length;
      return cell.length === 0 ? '·' : `${cell.length}${certain > 0 ? ` (${certain} certain)` : ''}`;
    }),
  ]);
  const all = [['', ...columns.map((said) => said ?? 'something else')], ...rows];
  const widths = columns.map((_, at) => Math.max(...all.map((row) => (row[at + 1] ?? '').length)));
  return all
    .map(([truth = '', ...cells]) =>
      [truth.padEnd(22), ...cells.map((cell, at) => cell.padStart(widths[at] ?? 0))].join('  '),
    )
    .join('\n');
}

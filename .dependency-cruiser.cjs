/** Tests may reach further than what they test: real adapters, fakes, the whole composition. Arrows bind production code. */
const TEST = '[.]test[.]tsx?$|/testing/';
const ENTRIES = '^src/(main/(electron|headless)/index|cli/index|preload/index|renderer/main)[.]tsx?$';
const SHARED = '^src/shared/';
const HOST = '^src/host/';

/** `name`: files under `from` may import, of ours, only what `to` matches. */
function only(name, from, to, comment) {
  return { name, comment, severity: 'error', from: { path: from, pathNot: TEST }, to: { path: '^src/', pathNot: to } };
}

/**
 * The rooms of a folder, in their order: each may import itself, those before it, and the files that stand in the folder itself,
 * which import no room. `above`: files of the folder that put the rooms together; `ground`: folders in it that count as such a file.
 */
function rooms(name, base, order, above = [], ground = []) {
  const isGround = ground.map((folder) => `^${base}/${folder}/`);
  const standsAbove = above.map((file) => `^${base}/${file.replaceAll('.', '[.]')}$`);
  const later = (at) => order.slice(at + 1).map((room) => `^${base}/${room}/`);
  return [
    {
      name: `${name}-ground-imports-no-room`,
      comment: 'What all rooms stand on knows none of them.',
      severity: 'error',
      from: { path: [`^${base}/[^/]+$`, ...isGround], pathNot: [TEST, ...standsAbove] },
      to: { path: [`^${base}/[^/]+/`, ...standsAbove], pathNot: [TEST, ...isGround] },
    },
    {
      name: `${name}-rooms-are-known`,
      comment: `Every room has its place in the order: ${order.join(' < ')}.`,
      severity: 'error',
      from: { path: `^${base}/`, pathNot: TEST },
      to: { path: `^${base}/[^/]+/`, pathNot: [`^${base}/(?:${order.join('|')})/`, TEST, ...isGround] },
    },
    ...order.map((room, at) => ({
      name: `${name}-rooms-in-order`,
      comment: `${order.join(' < ')}`,
      severity: 'error',
      from: { path: `^${base}/${room}/`, pathNot: TEST },
      to: { path: [...later(at), ...standsAbove, `^${base}/nowhere/`] },
    })),
  ];
}

const ROOMS = [
  ...rooms(
    'engine',
    'src/main/engine',
    [
      'processes',
      'detect',
      'probes',
      'explain',
      'heal',
      'kill',
      'matching',
      'events',
      'distress',
      'watch',
      'ticks',
      'graph',
      'instances',
      'config',
    ],
    ['create-engine.ts'],
    ['ports'],
  ),
  ...rooms(
    'adapters',
    'src/main/adapters',
    ['files', 'processes', 'machine', 'notices', 'logs', 'launch', 'probes', 'evidence', 'history', 'stores', 'record'],
    ['drill-runner.ts'],
  ),
  ...rooms(
    'history',
    'src/main/adapters/history',
    ['database', 'recording', 'samples', 'events'],
    ['history.ts', 'upkeep.ts'],
  ),
  ...rooms('alerts', 'src/main/alerts', ['content', 'channels', 'mail', 'plan', 'outbox', 'operations'], ['alerts.ts']),
  ...rooms('shared-lib', 'src/shared/lib', ['text', 'format', 'host', 'process', 'crash', 'events']),
  ...rooms(
    'window',
    'src/renderer',
    [
      ...['platform', 'format', 'words', 'drafts', 'store', 'api', 'hooks', 'kit', 'parts', 'form', 'features'],
      'shell',
    ],
    ['main.tsx'],
  ),
];

const NO_NODE = {
  name: 'pure-layers-know-no-node',
  comment: 'src/shared and src/main/engine hold values and rules; Node belongs to the adapters.',
  severity: 'error',
  from: { path: ['^src/shared/', '^src/main/engine/'], pathNot: TEST },
  to: { dependencyTypes: ['core'] },
};

/**
 * The registries: what is added to one is a file of its own that its list names, and everybody else asks the list. So that one more
 * is one more file and one more line.
 */
const REGISTRIES = [
  ['src/shared/findings', '(definition|index|list)'],
  ['src/shared/channels', '(definition|index|list)'],
  ['src/shared/distress', '(definition|index|list)'],
  ['src/main/engine/distress/rules', 'list'],
  ['src/main/engine/detect/rules', '(rule|list)'],
  ['src/shared/lib/crash/languages', '(language|list)'],
  ['src/cli/service/managers', '(definition|list)'],
  ['src/cli/completion/shells', '(definition|list)'],
].map(([registry, known]) => ({
  name: 'entries-are-known-to-their-list',
  comment: 'Ask the list: whoever names an entry has to be changed for the next one.',
  severity: 'error',
  from: { path: '^src/', pathNot: [`^${registry}/list[.]ts$`, TEST] },
  to: { path: `^${registry}/`, pathNot: `^${registry}/${known}[.]ts$` },
}));

/** @type {import('dependency-cruiser').IConfiguration} The arrows of ARCHITECTURE.md. */
module.exports = {
  forbidden: [
    only('shared-imports-shared', SHARED, SHARED, 'shared is the ground: it imports nothing of ours but itself.'),
    only(
      'engine-imports-shared',
      '^src/main/engine/',
      [SHARED, '^src/main/engine/'],
      'The engine knows its ports only.',
    ),
    only('host-imports-shared', HOST, [SHARED, HOST], 'What all sides need of Node knows none of them.'),
    ...['adapters', 'alerts', 'api'].map((room) =>
      only(
        `${room}-imports-engine-and-shared`,
        `^src/main/${room}/`,
        [SHARED, ...(room === 'adapters' ? [HOST] : []), '^src/main/engine/', `^src/main/${room}/`],
        'Rooms beside each other meet in compose.ts only.',
      ),
    ),
    only(
      'compose-imports-what-it-wires',
      '^src/main/compose',
      [SHARED, '^src/main/(engine|adapters|alerts|api)/', '^src/main/compose'],
      'compose.ts is under the shells, not above them.',
    ),
    ...['electron', 'headless'].map((shell) =>
      only(
        `${shell}-imports-compose`,
        `^src/main/${shell}/`,
        [SHARED, HOST, '^src/main/compose', '^src/main/(api|engine)/', `^src/main/${shell}/`],
        'A shell starts the composition and joins a transport to it; adapters are wired in compose.ts.',
      ),
    ),
    only(
      'renderer-imports-shared',
      '^src/renderer/',
      [SHARED, '^src/renderer/'],
      'The page speaks through the contract.',
    ),
    only('cli-imports-shared', '^src/cli/', [SHARED, HOST, '^src/cli/'], 'The CLI is a thin client of the contract.'),
    only(
      'preload-imports-shared',
      '^src/preload/',
      [SHARED, '^src/preload/'],
      'The preload hands over a port, no more.',
    ),
    ...ROOMS,
    {
      name: 'parts-know-no-watch',
      comment:
        'What is known of an end, what probes show and what a schedule wants is worked out for the supervisor, and without it.',
      severity: 'error',
      from: { path: '^src/main/engine/watch/([^/]+)/', pathNot: TEST },
      to: { path: '^src/main/engine/watch/', pathNot: '^src/main/engine/watch/$1/' },
    },
    NO_NODE,
    ...REGISTRIES,
    {
      name: 'page-knows-no-node',
      comment: 'The renderer runs in a browser.',
      severity: 'error',
      from: { path: '^src/renderer/', pathNot: TEST },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'electron-only-in-its-shell',
      comment: 'Everything else runs without Electron too. electron-store imports electron.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main/electron|preload)/' },
      to: { path: 'node_modules/(electron|electron-store)/' },
    },
    {
      name: 'production-knows-no-fakes',
      comment: 'Fakes are for tests.',
      severity: 'error',
      from: { path: '^src/', pathNot: TEST },
      to: { path: '/testing/|[.]test[.]tsx?$' },
    },
    {
      name: 'production-needs-dependencies',
      comment: 'What runs for users is in "dependencies". Electron is the runtime itself.',
      severity: 'error',
      from: { path: '^src/', pathNot: TEST },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/(electron|@types)/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      comment: 'Nobody imports it and it imports nobody: remove it.',
      severity: 'error',
      from: { orphan: true, pathNot: [ENTRIES, '[.]d[.]ts$', TEST] },
      to: {},
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.tsx', '.d.ts', '.js', '.mjs', '.json', '.css'],
    },
  },
};

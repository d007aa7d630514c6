import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import type { PackageVersions } from '../../engine/ports';

/** Of a longer file only its status is compared. */
const MAX_BYTES = 8 * 1024 * 1024;
/** They are kept with each start. Those that the program names itself come first. */
const MAX_PACKAGES = 100;
const MAX_LENGTH = 100;
/** To open a pipe would wait for who writes to it (open(2)). */
const READ_AT_ONCE = constants.O_RDONLY | constants.O_NONBLOCK;

type Json = Readonly<Record<string, unknown>>;

/** Which files have versions that can be read cheaply, and how. */
const READERS: Readonly<Record<string, (content: Json) => Iterable<[name: string, version: unknown]>>> = {
  'package.json': function* (content) {
    yield [typeof content['name'] === 'string' ? content['name'] : 'the program', content['version']];
  },
  'package-lock.json': function* (content) {
    const packages = objectOf(content['packages']);
    const root = objectOf(packages['']);
    // Of version 1 of its format there is one level, of all packages.
    const flat = objectOf(content['dependencies']);
    const versionOf = (name: string): unknown => objectOf(packages[`node_modules/${name}`] ?? flat[name])['version'];
    const direct = ['dependencies', 'optionalDependencies', 'devDependencies'].flatMap((kind) =>
      Object.keys(objectOf(root[kind])),
    );
    for (const name of direct) yield [name, versionOf(name)];
    for (const path of Object.keys(packages)) {
      const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1];
      if (name !== undefined) yield [name, versionOf(name)];
    }
    for (const name of Object.keys(flat)) yield [name, versionOf(name)];
  },
};

/** The versions that a file names, at most 100; null: it is none that is read, too long, or not as npm writes it. */
export function packageVersions(path: string): PackageVersions | null {
  const read = READERS[basename(path)];
  const text = read === undefined ? null : textOf(path);
  if (read === undefined || text === null) return null;
  try {
    const versions = new Map<string, string>();
    for (const [name, version] of read(objectOf(JSON.parse(text)))) {
      if (versions.size >= MAX_PACKAGES) break;
      if (isShort(name) && isShort(version)) versions.set(name, version);
    }
    return Object.fromEntries(versions);
  } catch {
    return null;
  }
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function isShort(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_LENGTH;
}

/** Null where it is no file, too long, or can't be read. What is no file is not waited for. */
function textOf(path: string): string | null {
  let file: number | null = null;
  try {
    file = openSync(path, READ_AT_ONCE);
    const stats = fstatSync(file);
    if (!stats.isFile() || stats.size > MAX_BYTES) return null;
    const bytes = Buffer.alloc(stats.size);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, 0));
  } catch {
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
}

import type { Frame, Language, Origin, Trace } from './language';

/** Stacks of the JVM (Java, Kotlin, Scala), its aborts, and what its launcher writes. */
export const java: Language<'java'> = {
  name: 'java',
  find: (lines) => {
    const stack = lastStack(lines);
    const crash = machineCrash(lines) ?? launchFailure(lines);
    return crash !== null && crash.lastLine > (stack?.lastLine ?? -1) ? crash : stack;
  },
};

interface Stack {
  header: Header | null;
  /** Line on which it begins. */
  firstLine: number;
  frames: Frame[];
  lastLine: number;
}

interface Header {
  type: string;
  message: string;
  role: 'first' | 'cause' | 'suppressed';
  isUncaught: boolean;
}

const FRAME = /^\s*at ([\w.$/@<>-]+)\(([\w$.-]+\.(?:java|kt|scala|groovy|clj)(?::\d+)?|Native Method|Unknown Source)\)/;
const MORE = /^\s*\.\.\. \d+ (?:more|common frames omitted)/;
const HEADER =
  /^(\s*)(?:(Caused by: |Suppressed: )|(Exception in thread "[^"]*" )|.{0,80}? )??((?:[a-z_][\w]*\.)+[A-Z][\w$.]*)(?:: (.*))?$/;
const MAX_MESSAGE_LINES = 12;
const OUT_OF_MEMORY = 'java.lang.OutOfMemoryError';

function lastStack(lines: readonly string[]): Trace | null {
  const stacks = stacksOf(lines);
  const last = stacks.at(-1);
  if (last === undefined) return null;
  const chain = chainOf(stacks).filter(({ header }) => header?.role !== 'suppressed');
  const root = chain.at(-1) ?? last;
  const outer = chain[0] ?? last;
  const { type = '', message = '' } = root.header ?? {};
  return {
    type,
    message,
    // Frames that cause and consequence have in common are written once, with the consequence.
    frames:
      root === outer
        ? root.frames
        : [
            ...root.frames,
            ...chain
              .slice(0, -1)
              .toReversed()
              .flatMap((one) => one.frames),
          ],
    lastLine: last.lastLine,
    isFatal: outer.header?.isUncaught === true,
    identifiedBy: type === OUT_OF_MEMORY ? 'type' : 'stack',
    ...(root.header === null ? { isCut: true } : {}),
  };
}

/** The last exception with its causes, outermost first. */
function chainOf(stacks: readonly Stack[]): readonly Stack[] {
  const first = stacks.findLastIndex(({ header }) => header === null || header.role === 'first');
  return stacks.slice(Math.max(0, first));
}

function stacksOf(lines: readonly string[]): readonly Stack[] {
  const stacks: Stack[] = [];
  lines.forEach((line, at) => {
    const last = stacks.at(-1);
    if (MORE.test(line) && last !== undefined) last.lastLine = at;
    const frame = frameOf(line);
    if (frame === null) return;
    if (last?.lastLine === at - 1) {
      last.frames.push(frame);
      last.lastLine = at;
      return;
    }
    const header = headerOf(lines.slice(Math.max(0, (last?.lastLine ?? -1) + 1, at - MAX_MESSAGE_LINES), at));
    // A line of another thread within a stack.
    if (header === null && last !== undefined && at - last.lastLine <= 3) {
      last.frames.push(frame);
      last.lastLine = at;
    } else stacks.push({ header, firstLine: at, frames: [frame], lastLine: at });
  });
  return stacks;
}

function headerOf(above: readonly string[]): Header | null {
  const [, , role, uncaught, type, message = ''] =
    above.map((line) => HEADER.exec(line)).findLast((match) => match !== null) ?? [];
  if (type === undefined) return null;
  return {
    type,
    message,
    role: role === undefined ? 'first' : role.startsWith('C') ? 'cause' : 'suppressed',
    isUncaught: uncaught?.includes('"main"') === true,
  };
}

function frameOf(line: string): Frame | null {
  const [, place, file = ''] = FRAME.exec(line) ?? [];
  if (place === undefined) return null;
  const method = place.slice(place.replace(/\$\$Lambda.*$/, '').lastIndexOf('/') + 1);
  const isGenerated =
    /\$\$Lambda|\$Proxy\d|GeneratedMethodAccessor|GeneratedConstructorAccessor|\$\$(?:Enhancer|FastClass)/.test(place);
  return {
    function: method.replace(/\$(?:\d+(?=[.$]|$))/g, '$').replace(/\$\d+$/, '$'),
    file: file.includes('.') ? file.replace(/:\d+$/, '') : '',
    origin: isGenerated ? 'runtime' : originOf(method),
  };
}

const RUNTIME = /^(?:java|javax|jdk|sun|com\.sun|kotlin|kotlinx|scala|groovy|clojure)\./;
const PACKAGES =
  /^(?:org\.(?:springframework|apache|eclipse|hibernate|slf4j|jboss|junit)|io\.(?:netty|micrometer|quarkus|grpc)|reactor|jakarta|com\.(?:google\.common|fasterxml|zaxxer)|ch\.qos\.logback)\./;

function originOf(method: string): Origin {
  if (RUNTIME.test(method)) return 'runtime';
  return PACKAGES.test(method) ? 'package' : 'own';
}

/** The report of the JVM on a signal or an error within it; every line begins with `#`. */
function machineCrash(lines: readonly string[]): Trace | null {
  const at = lines.findLastIndex((line) => line.startsWith('# Problematic frame:'));
  if (at === -1) return null;
  const [, library = '', symbol = ''] =
    /^# [CVJjv]\s+(?:\d+ )?(?:\[([^+\]]*)[^\]]*\]\s*)?([^+\s]*)/.exec(lines[at + 1] ?? '') ?? [];
  const kind =
    lines.slice(0, at).findLast((line) => /^#\s+(?:SIG[A-Z]+|Internal Error|EXCEPTION_\w+)\b/.test(line)) ?? '';
  const [, type = 'JVM crash'] = /^#\s+(SIG[A-Z]+|Internal Error|EXCEPTION_\w+)/.exec(kind) ?? [];
  return {
    type: `JVM ${type}`,
    message: '',
    frames: [{ function: symbol, file: library, origin: 'own' }],
    lastLine: lines.findLastIndex((line) => line.startsWith('#')),
    isFatal: true,
    identifiedBy: 'stack',
  };
}

/** Without a stack: memory ran out at a bad moment, or the main class is missing. */
function launchFailure(lines: readonly string[]): Trace | null {
  const at = lines.findLastIndex((line) =>
    /^Terminating due to java\.lang\.|thrown from the UncaughtExceptionHandler|^Error: (?:Could not find or load main|Unable to (?:access jarfile|initialize main)|Main method not found)|^Error: .*UnsupportedClassVersionError/.test(
      line,
    ),
  );
  const line = lines[at] ?? '';
  if (at === -1) return null;
  const isMemory = line.includes(OUT_OF_MEMORY);
  return {
    type: isMemory ? OUT_OF_MEMORY : 'Error',
    message: isMemory ? '' : line.replace(/^Error: /, ''),
    frames: [],
    lastLine: lines[at + 1]?.startsWith('Caused by: ') === true ? at + 1 : at,
    isFatal: true,
    identifiedBy: isMemory ? 'type' : 'message',
  };
}

import { ORPCError } from '@orpc/client';

/** An error as the window shows it. */
export interface Failure {
  /** Code of the contract (`CONFLICT`, `NOT_FOUND`, …), or `UNREACHABLE` when no answer came. */
  code: string;
  /** One or more sentences for people. */
  message: string;
  /** What is wrong with which part of the input, by its path (`spec.target.pattern`). */
  fields: Readonly<Record<string, string>>;
}

interface Issue {
  path?: readonly (PropertyKey | { key: PropertyKey })[];
  message: string;
}

/** Says in words why a request failed. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof ORPCError) {
    const code = String(error.code);
    const issues = issuesOf(error.data);
    if (issues.length > 0) {
      const fields = Object.fromEntries(issues.map((issue) => [pathOf(issue), issue.message]));
      return { code, message: issues.map((issue) => issue.message).join('; '), fields };
    }
    return { code, message: error.message, fields: fieldsIn(error.message) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'UNREACHABLE', message, fields: {} };
}

/** Whether a request was broken off by whoever made it: nothing to show. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** The engine writes rejected input as `spec.name: expected …; spec.target.pattern: expected …`. */
function fieldsIn(message: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const part of message.split(/; (?=spec\.)/)) {
    const match = /^(spec(?:\.[\w-]+)+): (.+)$/s.exec(part);
    if (match?.[1] !== undefined && match[2] !== undefined) fields[match[1]] ??= match[2];
  }
  return fields;
}

function issuesOf(data: unknown): readonly Issue[] {
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues)) return [];
  return data.issues.filter(
    (issue): issue is Issue =>
      typeof issue === 'object' && issue !== null && typeof (issue as Issue).message === 'string',
  );
}

function pathOf(issue: Issue): string {
  return (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
}

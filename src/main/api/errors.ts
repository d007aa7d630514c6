import { ORPCError, ValidationError } from '@orpc/server';
import type { ReportError } from '../engine/ports';
import { Refusal, type RefusalCode } from '../engine/refusal';

const CODES = {
  invalid: 'BAD_REQUEST',
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  protected: 'FORBIDDEN',
} as const satisfies Record<RefusalCode, string>;

/**
 * What a client learns about an error. Refusals and rejected inputs say what was expected; anything else is reported here, and the
 * client learns only that it happened, because its text may hold paths and values that are none of the client's business.
 */
export function toClientError(where: string, error: unknown, report: ReportError): ORPCError<string, unknown> {
  if (error instanceof Refusal) {
    const { code, message, at } = error;
    const issues = at === undefined ? undefined : [{ path: at, message }];
    return new ORPCError(CODES[code], { message, data: issues === undefined ? undefined : { issues } });
  }
  if (error instanceof ORPCError) {
    const problem = error.cause instanceof ValidationError && error.code === 'BAD_REQUEST' ? error.cause : null;
    return problem === null ? error : new ORPCError('BAD_REQUEST', { message: describeIssues(problem.issues) });
  }
  report(where, error);
  return new ORPCError('INTERNAL_SERVER_ERROR', {
    message: 'an unexpected error in the engine; see its log',
  });
}

/** Rejected input for people: `spec.target.argv.0: expected …`, one part for each problem. */
export function describeIssues(issues: ValidationError['issues']): string {
  return issues
    .map(({ path, message }) => {
      const where = (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
      return where === '' ? message : `${where}: ${message}`;
    })
    .join('; ');
}

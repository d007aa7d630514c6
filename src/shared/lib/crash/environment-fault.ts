/** Errors of errno(3) and getaddrinfo(3) by name: of the network, the port, the disk, the memory and the descriptors. */
const BY_NAME =
  /\b(?:ECONN(?:REFUSED|RESET|ABORTED)|EHOST(?:UNREACH|DOWN)|ENET(?:UNREACH|DOWN)|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|EADDRINUSE|ENOSPC|EDQUOT|EMFILE|ENFILE|ENOMEM|EAGAIN|EROFS)\b/;

/** The same as strerror(3), libraries and languages word them. */
const IN_WORDS = new RegExp(
  [
    'connection (?:was |has been )?(?:refused|reset|timed out|aborted|closed)|connect(?:ion)? timeout|timed? ?out (?:connecting|waiting)',
    'no route to host|network is (?:unreachable|down)|host is (?:unreachable|down)',
    'name or service not known|temporary failure in name resolution|no such host|could not (?:resolve|translate) host',
    "(?:can(?:no|')t|could not|unable to|failed to) (?:connect|reach)",
    'address (?:is )?already in use|no space left on device|disk quota exceeded|too many open files',
    'database system is (?:starting up|shutting down)|loading the dataset|database is locked|could not (?:obtain|acquire) lock',
    '(?:service|server|temporarily|currently) unavailable|not (?:yet )?ready|too many (?:connections|requests)|try again',
    'cannot allocate memory|out of memory|resource temporarily unavailable|read-only file system',
  ].join('|'),
  'i',
);

/** Longer lines are read up to here. */
const MAX_LINE = 2000;

/**
 * Whether the last words of a program name a fault outside of it: a service that does not answer, a port that is taken, a full disk.
 * Its next start may go well without any change to the program.
 */
export function namesEnvironmentFault(lines: readonly string[]): boolean {
  return lines.some((line) => {
    const read = line.slice(0, MAX_LINE);
    return BY_NAME.test(read) || IN_WORDS.test(read);
  });
}

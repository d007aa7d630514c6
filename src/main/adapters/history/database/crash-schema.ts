/** The fingerprint of a crash, as it stands in its event. */
export const CRASH_ID = "json_extract(data, '$.crash.id')";

/** The version of the program that crashed. */
export const CRASH_VERSION = "json_extract(data, '$.crash.version')";

/** The rows of the index. One whose data is no JSON (nothing writes such) must not keep the file from being opened. */
export const IS_CRASH = "type = 'crash_detected' AND json_valid(data)";

/** Counts them by version as well. */
export const CRASH_VERSION_SCHEMA = `
  DROP INDEX IF EXISTS events_crash;
  CREATE INDEX events_crash ON events (${CRASH_ID}, watch, at, ${CRASH_VERSION}) WHERE ${IS_CRASH};
`;

/** Finds the events of one crash, and counts all of them, without reading an event. */
export const CRASH_SCHEMA = `
  CREATE INDEX events_crash ON events (${CRASH_ID}, watch, at) WHERE ${IS_CRASH};
`;

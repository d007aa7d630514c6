/**
 * Values of further metrics by their name, as JSON: `{"sockets":12}` of one reading, `{"sockets":[mean,lowest,highest]}` of a
 * roll-up. NULL where no limit asked for any;
 * a minute in which a limit was set counts as a whole one in the mean of its quarter of an hour. A metric that is added needs no column of its own.
 */
export const METRIC_COUNTS_SCHEMA = `
  ALTER TABLE samples ADD COLUMN counts TEXT;
  ALTER TABLE rollups ADD COLUMN counts TEXT;
`;

/** Rates of reading and writing, in bytes per second; NULL where no limit asked for them. */
export const DISK_RATE_SCHEMA = `
  ALTER TABLE samples ADD COLUMN disk_read REAL;
  ALTER TABLE samples ADD COLUMN disk_write REAL;
  ALTER TABLE rollups ADD COLUMN disk_read REAL;
  ALTER TABLE rollups ADD COLUMN disk_read_low REAL;
  ALTER TABLE rollups ADD COLUMN disk_read_high REAL;
  ALTER TABLE rollups ADD COLUMN disk_write REAL;
  ALTER TABLE rollups ADD COLUMN disk_write_low REAL;
  ALTER TABLE rollups ADD COLUMN disk_write_high REAL;
`;
